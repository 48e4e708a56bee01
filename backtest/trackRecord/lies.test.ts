import { beforeAll, describe, expect, test } from 'vitest'
import {
  cashE8,
  type DecisionOutput,
  type DecisionRecord,
  HOUR_MS,
  type Outcome,
  priceE8,
  quantity,
  unixMs,
  type Valuation,
} from '../../core/index.ts'
import { goldTrend } from '../../examples/goldTrend.ts'
import { storedObservations } from '../../execution/test/memoryStore.ts'
import { GOLD, randomBars } from '../../execution/test/syntheticMarket.ts'
import { comparePrices } from './comparePrices.ts'
import { rebuildAccount } from './rebuildAccount.ts'
import { type RecordedRun, recordedRun } from './recordedRun.fixture.ts'
import { settledSignals } from './settledSignals.ts'

// An operator who signs and anchors what is not true: the hashes are right, and the record contradicts itself.

const events = randomBars(320, 6 * HOUR_MS, 3)
let run: RecordedRun
beforeAll(async () => {
  run = await recordedRun(goldTrend({ instrument: GOLD, periodMs: 6 * HOUR_MS }), null, events)
})

const proven = (records: readonly DecisionRecord[]) =>
  records.map(record => ({ record, anchoredAtMs: unixMs(record.timeMs + 1_000) }))
const outcomesOf = (records: readonly DecisionRecord[]) => settledSignals(proven(records))

/** The record with one decision's output changed, as if it had been anchored so. */
function lying<K extends DecisionOutput['kind']>(
  kind: K,
  change: (output: Extract<DecisionOutput, { kind: K }>) => Partial<Extract<DecisionOutput, { kind: K }>>,
  which = (_output: Extract<DecisionOutput, { kind: K }>) => true,
): { records: DecisionRecord[]; at: number } {
  const isKind = (output: DecisionOutput): output is Extract<DecisionOutput, { kind: K }> =>
    output.kind === kind
  const at = run.records.findLastIndex(({ output }) => isKind(output) && which(output))
  const records = run.records.map((record, place) =>
    place === at && isKind(record.output)
      ? { ...record, output: { ...record.output, ...change(record.output) } }
      : record,
  )
  return { records, at }
}

describe('an honest record', () => {
  test('contradicts itself nowhere', () => {
    expect(rebuildAccount(run.records).faults).toEqual([])
    expect(outcomesOf(run.records).faults).toEqual([])
  })

  test('has the prices of the observations that it names', async () => {
    const compared = await comparePrices(run.records, storedObservations(events))
    expect(compared).toMatchObject({ unseen: 0, faults: [] })
    expect(compared.equal).toBeGreaterThan(100)
  })
})

describe('a false valuation is named', () => {
  const held = ({ positions }: Valuation) => positions.some(({ quantity: amount }) => amount !== 0n)
  test.each<[string, (valuation: Valuation) => Partial<Valuation>, RegExp]>([
    [
      'more cash',
      ({ cashE8: cash, equityE8: equity }) => ({ cashE8: cashE8(cash + 1n), equityE8: cashE8(equity + 1n) }),
      /^It says cash of .*, and the fills leave /,
    ],
    [
      'more shares',
      valuation => {
        const positions = valuation.positions.map(each => ({
          ...each,
          quantity: quantity(each.quantity + 10n ** 18n),
        }))
        return { positions, equityE8: cashE8(valuation.equityE8 + (positions[0]?.priceE8 ?? 0n)) }
      },
      /^It says \d+ smallest units of test:XAU, and the fills leave \d+\.$/,
    ],
    [
      'an equity that its parts do not add up to',
      ({ equityE8 }) => ({ equityE8: cashE8(equityE8 + 100n) }),
      /^It says .*, and its cash and positions add up to /,
    ],
    [
      'another day',
      ({ asOfMs }) => ({ asOfMs: unixMs(asOfMs - 24 * HOUR_MS) }),
      /^It is as of .*, which is not the last hour or midnight that had passed\.$/,
    ],
  ])('%s', (_, change, detail) => {
    const { records, at } = lying('valuation', change, held)
    const { faults } = rebuildAccount(records)
    expect(faults.find(({ first }) => first === at)).toMatchObject({ kind: 'valuation', last: at })
    expect(faults.some(({ detail: found }) => detail.test(found))).toBe(true)
  })

  test('an order filled better than it was: every later valuation contradicts it', () => {
    const { records, at } = lying(
      'fill',
      fill => ({ priceE8: priceE8((fill.priceE8 * 9n) / 10n) }),
      ({ outcome, side }) => outcome === 'filled' && side === 'buy',
    )
    const { faults } = rebuildAccount(records)
    const next = records.findIndex(({ output }, place) => place > at && output.kind === 'valuation')
    expect(faults[0]).toMatchObject({ kind: 'valuation', first: next })
  })

  test('one that was left out', () => {
    const at = run.records.findLastIndex(({ output }) => output.kind === 'valuation')
    const without = run.records
      .filter((_, place) => place !== at)
      .map((record, sequence) => ({ ...record, sequence }))
    const { faults } = rebuildAccount(without)
    expect(faults).toMatchObject([
      { detail: expect.stringMatching(/^The day that ended at .* has no valuation\.$/) },
    ])
  })
})

describe('a false outcome is named', () => {
  test.each<[string, (outcome: Outcome) => Partial<Outcome>, RegExp]>([
    [
      'of no signal',
      () => ({ signal: 1_000_000 }),
      /^Decision 1000000, whose outcome it tells, is no earlier signal\.$/,
    ],
    [
      'told twice',
      ({ signal }) => ({ signal: signal - 1 }),
      /has another outcome already|is no earlier signal/,
    ],
  ])('%s', (_, change, detail) => {
    const { records, at } = lying('outcome', change)
    const { faults } = outcomesOf(records)
    expect(faults.find(({ first }) => first === at)?.detail).toMatch(detail)
  })

  test('told before its time', () => {
    const at = run.records.findIndex(({ output }) => output.kind === 'outcome')
    const { output } = run.records[at]!
    const signalAt = (output as Outcome).signal
    const early = run.records.with(at, { ...run.records[at]!, timeMs: run.records[signalAt]!.timeMs })
    expect(outcomesOf(early).faults.map(({ first, detail }) => [first, detail])).toEqual([
      [signalAt, 'Its horizon ended, and what came of it was not recorded.'],
      [at, expect.stringMatching(/^It was told before the horizon of its signal ended, at /)],
    ])
  })

  test('a losing one that was never recorded', () => {
    const at = run.records.findIndex(({ output }) => output.kind === 'outcome')
    const signal = (run.records[at]!.output as Outcome).signal
    const without = run.records
      .filter((_, place) => place !== at)
      .map(record => ({
        ...record,
        sequence: record.sequence > at ? record.sequence - 1 : record.sequence,
        output:
          record.output.kind === 'outcome' && record.output.signal > at
            ? { ...record.output, signal: record.output.signal - 1 }
            : record.output,
      }))
    expect(outcomesOf(without).faults).toEqual([
      {
        kind: 'outcome',
        first: signal,
        last: signal,
        detail: 'Its horizon ended, and what came of it was not recorded.',
      },
    ])
  })

  test('a better exit price: by another record of the observation, and by the observation', async () => {
    const entries = run.records.flatMap(({ output }) =>
      output.kind === 'outcome' ? [output.entryPricedBy.block] : [],
    )
    const { records, at } = lying(
      'outcome',
      ({ exitPriceE8 }) => ({ exitPriceE8: priceE8(exitPriceE8 * 2n) }),
      ({ exitPricedBy }) => entries.includes(exitPricedBy.block),
    )
    const { faults } = await comparePrices(records, storedObservations(events))
    expect(faults).toMatchObject([
      { kind: 'price', first: at, detail: expect.stringMatching(/, which was \d+\.$/) },
    ])
    const both = outcomesOf(records).faults
    expect(both.every(({ kind }) => kind === 'price')).toBe(true)
    expect(both.length).toBeGreaterThan(0)
  })
})
