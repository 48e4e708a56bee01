import { expect, test } from 'vitest'
import { ModelRoster } from '../agents/index.ts'
import { gaussian, seededRandom, unixMs, ZERO_HASH } from '../core/index.ts'
import { LINEAR_SPEC, linearModel } from '../execution/test/linearModel.ts'
import { restlessAgent } from '../execution/test/restlessAgent.ts'
import { GOLD } from '../execution/test/syntheticMarket.ts'
import { type ModelCard, recordBackground, recordLosses, sealGivenWeights } from '../models/index.ts'
import { createModelMonitor } from './modelMonitor.ts'

const definition = restlessAgent()
const [first, second] = [linearModel(definition, [1, 0, 0]), linearModel(definition, [2, 0, 0])]
const NAMES = ['flow', 'momentum']
const EVERY_MS = 60_000
const HORIZON_MS = 3 * EVERY_MS
/** A chance of seven in ten that the model is right, which it knows. */
const SURE = 0.7

/** The card of a model that was trained on normal features, and was as right in its test as it said. */
function cardOf(changes: Partial<ModelCard> = {}): ModelCard {
  const random = seededRandom(1)
  const values = Float32Array.from({ length: 4_000 }, () => gaussian(random))
  const outcomes = Uint8Array.from({ length: 3_000 }, () => (random() < SURE ? 1 : 0))
  const probabilities = new Float64Array(3_000).fill(SURE)
  const { card } = sealGivenWeights({
    ...{ name: 'watched', version: 1, instrument: GOLD.id, featureSet: ZERO_HASH },
    ...{ features: NAMES, weights: [1, 1], label: { kind: 'forward-return', horizonMs: HORIZON_MS } },
  })
  return {
    ...card,
    spread: recordBackground(
      { values, names: NAMES },
      Uint32Array.from({ length: 2_000 }, (_, row) => row),
    ),
    losses: recordLosses({ probabilities, outcomes }, 10),
    ...changes,
  }
}

type Live = {
  readonly seed: number
  readonly instants?: number
  /** Chance that the price rises over a step when the model says so. */
  readonly right?: number
  /** How far the second feature has moved. */
  readonly moved?: number
  readonly card?: ModelCard
}

/** Shows a monitor a model that says "up" with the same certainty at each instant, and what came of it. */
function live({ seed, instants = 2_400, right = SURE, moved = 0, card = cardOf() }: Live) {
  const random = seededRandom(seed)
  const monitor = createModelMonitor()
  const roster = new ModelRoster(first, null)
  monitor.know(first.hash, card)
  const vector = new Float32Array(2)
  const before: number[] = []
  for (let instant = 0; instant < instants; instant++) {
    vector.set([gaussian(random), gaussian(random) + moved])
    // Above what it was a horizon ago as often as the model is right.
    const price = (before.at(-3) ?? 100) * (random() < right ? 1.01 : 0.99)
    before.push(price)
    const nowMs = unixMs(1_000 + instant * EVERY_MS)
    monitor.observe({ model: first.hash, nowMs, vector, price, probabilityUp: SURE })
  }
  return { monitor, roster, health: monitor.report(roster) }
}

const SEEDS = Array.from({ length: 20 }, (_, index) => 100 + index)

test('a model whose features and losses are as they were raises hardly an alarm', () => {
  const reports = SEEDS.map(seed => live({ seed, instants: 700 }).health)
  for (const health of reports) {
    expect(health).toMatchObject({ serving: first.hash, challenger: null, contest: null })
    expect(health?.drift).toMatchObject({ rows: 700, level: 'stable' })
    // All but the last three, whose horizon is not over.
    expect(health?.decay?.outcomes).toBe(697)
  }
  // Some false alarms belong to the sum: about one in 930 blocks, of which these are 1,380.
  expect(reports.filter(health => health?.decay?.alarm).length).toBeLessThanOrEqual(4)
})

test('a feature that has moved is named', () => {
  const { drift } = live({ seed: 3, moved: 0.8 }).health ?? {}
  expect(drift).toMatchObject({ level: 'significant', feature: 'momentum' })
  expect(drift?.stabilityIndex).toBeGreaterThan(0.25)
  expect(live({ seed: 3, moved: 0.8, instants: 499 }).health?.drift).toEqual({
    ...{ rows: 499, level: null, feature: null, stabilityIndex: null },
  })
})

test('a model that is right no more raises the alarm', () => {
  for (const seed of SEEDS) {
    const { decay } = live({ seed, instants: 1_500, right: 0.45 }).health ?? {}
    expect(decay).toMatchObject({ alarm: true })
    expect(decay?.excessLoss).toBeGreaterThan(0.1)
  }
})

test('an outcome is told by the last price known when the horizon ended, never by a later one', () => {
  const monitor = createModelMonitor()
  const card = cardOf()
  monitor.know(first.hash, { ...card, losses: { meanLoss: 0, spread: 1, blockRows: 1 } })
  const roster = new ModelRoster(first, null)
  const see = (nowMs: number, price: number, probabilityUp: number) => {
    const vector = new Float32Array(2)
    monitor.observe({ model: first.hash, nowMs: unixMs(nowMs), vector, price, probabilityUp })
    return monitor.report(roster)?.decay
  }
  see(0, 100, 0.75)
  expect(see(HORIZON_MS - 1, 101, 0.5)).toMatchObject({ outcomes: 0 })
  // A fall that comes after the end does not count: the loss is that of a rise, −ln 0.75.
  const late = see(HORIZON_MS + 1, 99, 0.5)
  expect(late?.outcomes).toBe(1)
  expect(late?.excessLoss).toBeCloseTo(-Math.log(0.75), 9)
  // A price of that very time does.
  const exact = createModelMonitor()
  exact.know(first.hash, { ...card, losses: { meanLoss: 0, spread: 1, blockRows: 1 } })
  for (const [nowMs, price] of [
    [0, 100],
    [HORIZON_MS, 99],
  ] as const)
    exact.observe({
      ...{ model: first.hash, nowMs: unixMs(nowMs), vector: new Float32Array(2), price, probabilityUp: 0.75 },
    })
  expect(exact.report(roster)?.decay?.excessLoss).toBeCloseTo(-Math.log(0.25), 9)
})

test('another model that serves is watched from its own beginning', () => {
  const { monitor, roster } = live({ seed: 5, right: 0.45 })
  roster.add({ fromMs: unixMs(0), inference: second, cause: 'scheduled' })
  roster.advance(unixMs(0))
  // Nothing is known of it yet.
  expect(monitor.report(roster)).toMatchObject({ serving: second.hash, drift: null, decay: null })
  monitor.know(second.hash, cardOf())
  monitor.observe({
    ...{ model: second.hash, nowMs: unixMs(1), vector: new Float32Array(2), price: 100, probabilityUp: 0.5 },
  })
  expect(monitor.report(roster)).toMatchObject({
    drift: { rows: 1 },
    decay: { outcomes: 0, cusum: 0, alarm: false },
  })
})

test('what a card does not say is not watched, nor what the price does not tell', () => {
  const silent = live({ seed: 6, instants: 20, card: cardOf({ spread: null, losses: null }) })
  expect(silent.health).toMatchObject({ drift: null, decay: null })
  const nav = cardOf({ label: { kind: 'nav-reversion', horizonMs: HORIZON_MS } })
  expect(live({ seed: 6, instants: 20, card: nav }).health).toMatchObject({
    drift: { rows: 20 },
    decay: null,
  })
  expect(createModelMonitor().report(new ModelRoster(null, null))).toBeNull()
})

test('the challenger is shown, with its contest where a rule judges it', () => {
  const rule = { minOutcomes: 2, minAdvantage: 0, minTStatistic: 0 }
  const roster = new ModelRoster(first, rule)
  roster.add({ fromMs: unixMs(0), inference: second, cause: 'admitted' })
  roster.advance(unixMs(0))
  roster.contest?.predict(0, LINEAR_SPEC.label.horizonMs, 100, 500_000, 750_000)
  roster.contest?.settle(101)
  const report = createModelMonitor().report(roster)
  expect(report).toMatchObject({ serving: first.hash, challenger: second.hash, contest: { outcomes: 1 } })
  expect(report?.contest?.meanAdvantage).toBeCloseTo(Math.log(0.75 / 0.5), 9)
})
