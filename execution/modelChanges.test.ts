import { describe, expect, test } from 'vitest'
import type { AgentSource, DatedModel, PromotionRule } from '../agents/index.ts'
import { runBacktest } from '../backtest/index.ts'
import {
  type Decision,
  type Hash,
  MINUTE_MS,
  type ModelChange,
  type Signal,
  unixMs,
  ZERO_HASH,
} from '../core/index.ts'
import { unpackFeatures } from '../feature-store/index.ts'
import type { Inference } from '../models/index.ts'
import type { KernelOptions } from './index.ts'
import { everyWay } from './test/everyWay.ts'
import { LINEAR_SPEC, linearModel } from './test/linearModel.ts'
import { AGENT, restlessAgent } from './test/restlessAgent.ts'
import { ofKind } from './test/runKernel.ts'
import { momentumSwaps, START_MS } from './test/syntheticMarket.ts'

// Models that change while an agent trades: which one decided, when it changed and why, however the agent is run.

const HORIZON_MS = LINEAR_SPEC.label.horizonMs
const definition = restlessAgent({ model: LINEAR_SPEC })
/** Momentum goes on in these swaps: the first model bets against it, the second on it. */
const contrary = linearModel(definition, [-200, 0, 0])
const momentum = linearModel(definition, [200, 0, 0])
const timid = linearModel(definition, [20, 0, 0])
const MODELS = new Map([contrary, momentum, timid].map(model => [model.hash, model]))

const minute = (count: number) => unixMs(START_MS + count * MINUTE_MS)
const at = (minutes: number, inference: Inference, cause: DatedModel['cause']): DatedModel => ({
  // Within a minute: it takes effect at the first decision after.
  fromMs: unixMs(minute(minutes) + 7_000),
  inference,
  cause,
})

const events = momentumSwaps(700, 11)

type Run = {
  readonly first?: Inference
  readonly laterModels?: readonly DatedModel[]
  readonly changes?: Partial<AgentSource>
  readonly activeFromMs?: KernelOptions['activeFromMs']
}

const optionsOf = ({ first = contrary, laterModels = [], changes = {}, activeFromMs = minute(10) }: Run) => ({
  definition: restlessAgent({ model: LINEAR_SPEC, ...changes }),
  inference: first,
  laterModels,
  activeFromMs,
})

/** What an agent decides in a backtest. */
async function backtested(run: Run): Promise<readonly Decision[]> {
  return (await runBacktest({ ...optionsOf(run), agent: AGENT, events, tracked: true })).decisions
}

/** Runs an agent every way, expects the same of each, and gives what it decided. */
async function decide(run: Run): Promise<readonly Decision[]> {
  const { backtest, columns, live, restarted, audit } = await everyWay(optionsOf(run), events, 350)
  expect(backtest.length).toBeGreaterThan(100)
  expect(columns).toEqual(backtest)
  expect(live).toEqual(backtest)
  expect(restarted).toEqual(backtest)
  expect(audit).toEqual(backtest)
  return backtest
}

const changesIn = (decisions: readonly Decision[]) =>
  ofKind(decisions, 'modelChange').map(({ output: { cause, from, to } }) => ({ cause, from, to }))
const change = (cause: ModelChange['cause'], from: Hash, to: Hash) => ({ cause, from, to })
const predicted = (decisions: readonly Decision[]) =>
  ofKind(decisions, 'signal').filter(({ output }) => output.prediction !== null)

/** Each prediction and its attributions are those of the model that the decision names. */
function expectOwnPredictions(signals: readonly Decision<Signal>[], models = MODELS): void {
  expect(signals.length).toBeGreaterThan(50)
  for (const { model, features, output, attributions } of signals) {
    const vector = unpackFeatures(features)
    expect(output.prediction).toEqual(models.get(model)?.predict(vector).output)
    expect(attributions).toEqual(models.get(model)?.explain(vector))
  }
}

describe('models of a walk-forward', () => {
  const laterModels = [at(40, momentum, 'scheduled'), at(80, timid, 'scheduled')]

  test('serve from their times on, and each decision names the one that made it', async () => {
    const decisions = await decide({ laterModels })
    expect(changesIn(decisions)).toEqual([
      change('deployed', ZERO_HASH, contrary.hash),
      change('scheduled', contrary.hash, momentum.hash),
      change('scheduled', momentum.hash, timid.hash),
    ])
    expectOwnPredictions(predicted(decisions))
    const changed = ofKind(decisions, 'modelChange')
    for (const [index, { timeMs, model, output, features, attributions }] of changed.entries()) {
      expect([model, features, attributions]).toEqual([output.to, '0x', []])
      // At the first instant of the cadence that is not before: less than a minute and a swap later.
      const fromMs = laterModels[index - 1]?.fromMs ?? minute(10) + 1
      expect(timeMs).toBeGreaterThanOrEqual(fromMs)
      expect(timeMs).toBeLessThan(fromMs + MINUTE_MS + 25_000)
    }
    for (const { timeMs, sequence, model } of decisions) {
      const serving = changed.findLast(
        ({ timeMs: from, sequence: place }) => from <= timeMs && place <= sequence,
      )
      // What fills at the instant of a change was ordered before it.
      const atChange = changed.some(
        ({ timeMs: from, sequence: place }) => from === timeMs && place > sequence,
      )
      if (!atChange) expect(model).toBe(serving?.output.to)
    }
  })

  test('that came before the agent began are deployed as they stand', async () => {
    const decisions = await decide({ laterModels, activeFromMs: minute(60) })
    expect(changesIn(decisions)).toEqual([
      change('deployed', ZERO_HASH, momentum.hash),
      change('scheduled', momentum.hash, timid.hash),
    ])
    expectOwnPredictions(predicted(decisions))
  })

  test('that never come change nothing', async () => {
    const decisions = await backtested({ laterModels: [at(100_000, momentum, 'scheduled')] })
    expect(decisions).toEqual(await backtested({}))
  })
})

const RULE: PromotionRule = { minOutcomes: 8, minAdvantage: 0.005, minTStatistic: 1.64 }

/** When the rule first holds, computed from what both models said, each by itself, and the prices that followed. */
function promotedAt(
  serving: readonly Decision<Signal>[],
  challenging: readonly Decision<Signal>[],
  fromMs: number,
): number | null {
  const priceAt = (timeMs: number) => {
    const before = events.filter(({ knownAt }) => knownAt <= timeMs).at(-1)
    return before?.value.type === 'swap' ? before.value.priceE8 : 0n
  }
  const loss = (signal: Decision<Signal> | undefined, rose: boolean) => {
    const up = (signal?.output.prediction?.probabilityUp ?? Number.NaN) / 1e6
    return -Math.log(Math.min(0.999, Math.max(0.001, rose ? up : 1 - up)))
  }
  const advantages: number[] = []
  let dueMs = Number.NEGATIVE_INFINITY
  let judge: (() => void) | null = null
  for (const [index, signal] of serving.entries()) {
    if (signal.timeMs < fromMs) continue
    if (signal.timeMs > dueMs) {
      judge?.()
      judge = null
    }
    const count = advantages.length
    const mean = advantages.reduce((sum, each) => sum + each, 0) / count
    const variance = advantages.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (count - 1)
    const { minOutcomes, minAdvantage, minTStatistic } = RULE
    if (count >= minOutcomes && mean >= minAdvantage && mean / Math.sqrt(variance / count) >= minTStatistic)
      return signal.timeMs
    if (judge !== null) continue
    dueMs = signal.timeMs + HORIZON_MS
    const dueNow = dueMs
    judge = () => {
      const rose = priceAt(dueNow) > priceAt(signal.timeMs)
      advantages.push(loss(signal, rose) - loss(challenging[index], rose))
    }
  }
  return null
}

describe('a challenger', () => {
  test('that is better takes over when the rule first holds, and the old model stays beside it', async () => {
    const laterModels = [at(20, momentum, 'admitted')]
    const decisions = await decide({ laterModels, changes: { promotion: RULE } })
    const changes = changesIn(decisions)
    expect(changes).toEqual([
      change('deployed', ZERO_HASH, contrary.hash),
      change('admitted', ZERO_HASH, momentum.hash),
      change('promoted', contrary.hash, momentum.hash),
    ])
    const alone = predicted(await backtested({}))
    const other = predicted(await backtested({ first: momentum }))
    const expected = promotedAt(alone, other, minute(20) + 7_000)
    expect(expected).not.toBeNull()
    expect(ofKind(decisions, 'modelChange')[2]?.timeMs).toBe(expected)
    expectOwnPredictions(predicted(decisions))
    for (const { timeMs, model } of predicted(decisions))
      expect(model).toBe(timeMs < (expected ?? 0) ? contrary.hash : momentum.hash)
  })

  test('is only told of, and changes no trade, while it does not serve', async () => {
    const laterModels = [at(20, momentum, 'admitted')]
    const judged = await backtested({ laterModels })
    const alone = await backtested({})
    expect(changesIn(judged)).toEqual([
      change('deployed', ZERO_HASH, contrary.hash),
      change('admitted', ZERO_HASH, momentum.hash),
    ])
    const signals = (decisions: readonly Decision[]) =>
      ofKind(decisions, 'signal').map(({ output }) => output)
    expect(signals(judged)).toEqual(signals(alone))
  })

  test('that is the same, or worse, never takes over', async () => {
    // Low enough that the least advantage would do.
    const promotion = { minOutcomes: 2, minAdvantage: 0, minTStatistic: 0 }
    const same = linearModel(definition, [200, 0, 0], 2)
    expect(same.hash).not.toBe(momentum.hash)
    for (const challenger of [same, contrary]) {
      const decisions = await backtested({
        first: momentum,
        laterModels: [at(20, challenger, 'admitted')],
        changes: { promotion: challenger === same ? promotion : RULE },
      })
      expect(changesIn(decisions)).toEqual([
        change('deployed', ZERO_HASH, momentum.hash),
        change('admitted', ZERO_HASH, challenger.hash),
      ])
    }
  })

  test('ends with a roll-back, after which nothing is promoted', async () => {
    const laterModels = [at(20, momentum, 'admitted'), at(40, timid, 'rolledBack')]
    const decisions = await decide({ laterModels, changes: { promotion: RULE } })
    expect(changesIn(decisions)).toEqual([
      change('deployed', ZERO_HASH, contrary.hash),
      change('admitted', ZERO_HASH, momentum.hash),
      change('rolledBack', contrary.hash, timid.hash),
    ])
    expectOwnPredictions(predicted(decisions))
  })

  test('that was promoted can be rolled back', async () => {
    const laterModels = [at(20, momentum, 'admitted'), at(110, contrary, 'rolledBack')]
    const decisions = await decide({ laterModels, changes: { promotion: RULE } })
    expect(changesIn(decisions).slice(2)).toEqual([
      change('promoted', contrary.hash, momentum.hash),
      change('rolledBack', momentum.hash, contrary.hash),
    ])
    expect(predicted(decisions).at(-1)?.model).toBe(contrary.hash)
  })
})
