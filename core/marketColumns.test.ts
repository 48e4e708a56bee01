import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvalidInputError } from './errors.ts'
import { ZERO_ADDRESS, ZERO_HASH } from './hex.ts'
import { instrumentId } from './instrument.ts'
import {
  BAR_ROW,
  createMarketColumns,
  eventAt,
  type MarketColumns,
  marketColumns,
  OTHER_ROW,
  positionAt,
  ROW_KINDS,
} from './marketColumns.ts'
import { type MarketEvent, type MarketValue, priceOf } from './marketEvent.ts'
import { marketValues } from './marketValues.conformance.ts'
import { priceE8 } from './money.ts'
import { positionOf } from './observation.ts'
import { unixMs } from './time.ts'

const INSTRUMENTS = ['a', 'b', 'c'].map(name => instrumentId(`test:${name.toUpperCase()}`))
const LARGEST = BigInt(Number.MAX_SAFE_INTEGER)
const time = fc.nat(2 ** 40).map(unixMs)
const values = marketValues

const lineage: fc.Arbitrary<MarketEvent['lineage']> = fc.oneof(
  fc.record({
    kind: fc.constant('feed' as const),
    feed: fc.constantFrom('x:A', 'y:B'),
    sequence: fc.maxSafeNat(),
  }),
  fc.record({
    kind: fc.constant('chain' as const),
    chainId: fc.constantFrom(1, 98_866),
    address: fc.constant(ZERO_ADDRESS),
    blockNumber: fc.maxSafeNat(),
    blockHash: fc.constant(ZERO_HASH),
    transactionHash: fc.constant(ZERO_HASH),
    logIndex: fc.nat(),
    estimated: fc.constant([]),
  }),
  fc.record({
    kind: fc.constant('reorg' as const),
    chainId: fc.constantFrom(1, 98_866),
    forkBlock: fc.maxSafeNat(),
    forkHash: fc.constant(null),
    ordinal: fc.nat(5),
  }),
)

const eventOf = (value: fc.Arbitrary<MarketValue>): fc.Arbitrary<MarketEvent> =>
  fc.record({ instrument: fc.constantFrom(...INSTRUMENTS), validAt: time, knownAt: time, lineage, value })

const bars = eventOf(values.bar)
const events = fc.array(eventOf(fc.oneof(...Object.values<fc.Arbitrary<MarketValue>>(values))), {
  maxLength: 40,
})

/** The numbers of a row's prices: bid and ask, of each open, high, low and close. */
const pricesAt = (columns: MarketColumns, row: number) =>
  [
    [columns.bidOpenE8, columns.bidHighE8, columns.bidLowE8, columns.bidCloseE8],
    [columns.askOpenE8, columns.askHighE8, columns.askLowE8, columns.askCloseE8],
  ].map(side => side.map(column => column[row]))

/** The event as a bar of a columnar source gives it: of a feed, its volume the nearest double. */
function asColumnar(event: MarketEvent): MarketEvent {
  const { block, source } = positionOf(event)
  if (event.value.type !== 'bar') throw new Error('Only bars are columnar.')
  const { volumeE8 } = event.value
  return {
    ...event,
    lineage: { kind: 'feed', feed: source, sequence: block },
    value: { ...event.value, ...(volumeE8 === undefined ? {} : { volumeE8: BigInt(Number(volumeE8)) }) },
  }
}

describe('rows of events', () => {
  test.each(Object.entries<fc.Arbitrary<MarketValue>>(values))('%s comes back as it was', (type, value) => {
    fc.assert(
      fc.property(eventOf(value), event => {
        const columns = marketColumns([event], INSTRUMENTS)
        expect(eventAt(columns, 0)).toBe(event)
        expect(ROW_KINDS[columns.kind[0] ?? -1]).toBe(priceOf(event.value) === null ? 'other' : type)
      }),
      { numRuns: 30 },
    )
  })

  test('have the instrument, the times and the place of each', () => {
    fc.assert(
      fc.property(events, given => {
        const columns = marketColumns(given, INSTRUMENTS)
        expect(columns.length).toBe(given.length)
        for (const [row, event] of given.entries()) {
          const { value, validAt } = event
          expect(columns.instruments[columns.instrument[row] ?? -1]).toBe(event.instrument)
          expect(positionAt(columns, row)).toEqual(positionOf(event))
          expect(columns.openMs[row]).toBe(validAt)
          expect(columns.closeMs[row]).toBe(value.type === 'bar' ? value.closeMs : validAt)
        }
      }),
    )
  })

  test('have the prices and sizes as numbers, exactly', () => {
    fc.assert(
      fc.property(events, given => {
        const columns = marketColumns(given, INSTRUMENTS)
        for (const [row, { value }] of given.entries()) {
          const four = (each: bigint) => [each, each, each, each].map(Number)
          const volume = columns.volumeE8[row]
          switch (value.type) {
            case 'bar':
              expect(pricesAt(columns, row)).toEqual(
                [value.bid, value.ask].map(({ open, high, low, close }) =>
                  [open, high, low, close].map(Number),
                ),
              )
              expect(volume).toBe(value.volumeE8 === undefined ? Number.NaN : Number(value.volumeE8))
              break
            case 'quote':
              expect(pricesAt(columns, row)).toEqual([four(value.bidE8), four(value.askE8)])
              expect(volume).toBeNaN()
              break
            case 'trade':
              expect(pricesAt(columns, row)).toEqual([four(value.priceE8), four(value.priceE8)])
              expect(volume).toBe(Number(value.sizeE8))
              break
            case 'swap':
              expect(pricesAt(columns, row)).toEqual([four(value.priceE8), four(value.priceE8)])
              expect(volume).toBeNaN()
              break
            default:
              expect(columns.kind[row]).toBe(OTHER_ROW)
          }
        }
      }),
    )
  })
})

test('a bar without an event object is made from its columns', () => {
  fc.assert(
    fc.property(
      fc.array(bars, { maxLength: 10 }),
      fc.constantFrom<null[]>([], Array(10).fill(null)),
      (given, kept) => {
        const columns = { ...marketColumns(given, INSTRUMENTS), events: kept }
        for (const [row, bar] of given.entries()) {
          expect(columns.kind[row]).toBe(BAR_ROW)
          expect(eventAt(columns, row)).toEqual(asColumnar(bar))
        }
      },
    ),
  )
})

describe('what columns do not hold is refused', () => {
  const [sample] = fc.sample(bars, { seed: 1, numRuns: 1 })
  if (sample === undefined) throw new Error('There is a bar.')

  test('an event of an instrument that they do not list', () => {
    expect(() => marketColumns([{ ...sample, instrument: instrumentId('test:D') }], INSTRUMENTS)).toThrow(
      new InvalidInputError('The columns do not list instrument test:D.', {
        facts: { instrument: 'test:D' },
        hint: 'Name every instrument of the events when the columns are made.',
      }),
    )
  })

  test('a price beyond 2^53, of any type and field', () => {
    const beyond = fc
      .oneof(fc.constant(LARGEST + 1n), fc.constant(-LARGEST - 1n), fc.constant(10n ** 20n))
      .map(priceE8)
    const fields = fc.constantFrom('open', 'high', 'low', 'close')
    const large = fc.oneof(
      fc
        .tuple(values.bar, fc.constantFrom('bid', 'ask'), fields, beyond)
        .map(([bar, of, field, at]) => ({ ...bar, [of]: { ...bar[of], [field]: at } })),
      fc
        .tuple(values.quote, fc.constantFrom('bidE8', 'askE8'), beyond)
        .map(([quote, field, at]) => ({ ...quote, [field]: at })),
      fc.tuple(fc.oneof(values.trade, values.swap), beyond).map(([value, at]) => ({ ...value, priceE8: at })),
    )
    fc.assert(
      fc.property(eventOf(large), bars, (event, next) => {
        const { append, columns } = createMarketColumns(INSTRUMENTS, 1)
        expect(() => append(event)).toThrow('is beyond what columns hold')
        // Nothing of it stays: the next event gets its row.
        expect([columns.length, append(next), eventAt(columns, 0)]).toEqual([0, 0, next])
      }),
    )
  })

  test('more events than there are rows', () => {
    const builder = createMarketColumns(INSTRUMENTS, 2)
    expect([builder.append(sample), builder.hasRoom, builder.append(sample), builder.hasRoom]).toEqual([
      0,
      true,
      1,
      false,
    ])
    expect(() => builder.append(sample)).toThrow('The columns are full: they have 2 rows.')
    expect(builder.columns.length).toBe(2)
  })

  test('an event of a row that neither is a bar nor was kept', () => {
    const clock: MarketEvent = { ...sample, value: { type: 'clock' } }
    const columns = { ...marketColumns([clock], INSTRUMENTS), events: [] }
    expect(() => eventAt(columns, 0)).toThrow('Row 0 of the columns has no event')
  })
})
