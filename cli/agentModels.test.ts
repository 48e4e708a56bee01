import { describe, expect, test } from 'vitest'
import type { DatedModel, PromotionRule } from '../agents/index.ts'
import { runBacktest } from '../backtest/index.ts'
import { type Decision, type GivenModel, type Hash, MINUTE_MS, type Store, unixMs } from '../core/index.ts'
import { createRecorder, createSigner, parseBody } from '../decision-log/index.ts'
import { KEYS } from '../decision-log/test/sampleDecisions.ts'
import { createKernel, type KernelOptions, replayDecisions, runLive } from '../execution/index.ts'
import { LINEAR_SPEC, linearModel } from '../execution/test/linearModel.ts'
import { collect, storedObservations, streamOf } from '../execution/test/memoryStore.ts'
import { restlessAgent } from '../execution/test/restlessAgent.ts'
import { ofKind } from '../execution/test/runKernel.ts'
import { momentumSwaps, START_MS } from '../execution/test/syntheticMarket.ts'
import { openPglite } from '../feature-store/index.ts'
import { laterModels } from './agentModels.ts'
import { storedAgent } from './storedAgent.fixture.ts'

// An agent that is given models between its runs: each run starts from the record, and must make it again.

const signer = createSigner(KEYS[0])
const domain = { chainId: 31_337, verifyingContract: '0x5fbdb2315678afecb367f032d93f642f64180aa3' } as const
const promotion: PromotionRule = { minOutcomes: 6, minAdvantage: 0.005, minTStatistic: 1 }
const definition = restlessAgent({ model: LINEAR_SPEC, promotion })
/** Momentum goes on in these swaps: the first model bets against it, the second on it. */
const contrary = linearModel(definition, [-200, 0, 0])
const momentum = linearModel(definition, [200, 0, 0])
const timid = linearModel(definition, [20, 0, 0])
const MODELS = new Map([contrary, momentum, timid].map(model => [model.hash, model]))

const events = momentumSwaps(500, 11)
const observations = storedObservations(events)
const activeFromMs = unixMs(START_MS + 10 * MINUTE_MS)
const stored = storedAgent(signer.agent, activeFromMs, contrary.hash)
const options: Omit<KernelOptions, 'laterModels'> = {
  agent: signer.agent,
  definition,
  inference: contrary,
  activeFromMs,
}

async function load(hash: Hash) {
  return MODELS.get(hash) ?? null
}

const later = async (store: Store) => (await laterModels(store, stored, load)).models

/** Runs the agent from its first event to one of them, from what the store holds. */
async function session(store: Store, until: number, more: readonly DatedModel[] = []) {
  return runLive({
    kernel: createKernel({ ...options, laterModels: [...(await later(store)), ...more] }),
    recorder: createRecorder({ store: store.decisions, signer, domain }),
    events: streamOf(observations.slice(0, until)),
    history: store.decisions,
  })
}

async function give(store: Store, cause: GivenModel['cause'], { hash }: { readonly hash: Hash }) {
  await store.agents.giveModel({ agent: signer.agent, model: hash, cause, givenAtMs: unixMs(1) })
}

async function recorded(store: Store): Promise<Decision[]> {
  const rows = await store.decisions.list({ agent: signer.agent, limit: 10_000 })
  return rows.map(({ body }) => {
    const { dataRoot: _, revealAtMs: __, salt: ___, ...decision } = parseBody(body)
    return decision
  })
}

/** Audits what was recorded until an event, and gives it. */
async function audited(store: Store, until: number): Promise<readonly Decision[]> {
  const decisions = await recorded(store)
  const replayed = await collect(
    replayDecisions({
      ...options,
      laterModels: await later(store),
      observations: observations.slice(0, until),
    }),
  )
  expect(replayed.map(({ decision }) => decision)).toEqual(decisions)
  return decisions
}

const changesIn = (decisions: readonly Decision[]) =>
  ofKind(decisions, 'modelChange').map(({ output }) => [output.cause, output.to])
const told = (models: readonly DatedModel[]) => models.map(({ cause, inference }) => [cause, inference.hash])

/** A store of its own for a test. */
async function withStore(use: (store: Store) => Promise<void>): Promise<void> {
  const store = await openPglite({ directory: null })
  try {
    await store.agents.save(stored)
    await use(store)
  } finally {
    await store.close()
  }
}

describe('an agent that is given models between its runs', () => {
  test('takes each from its next decision on, promotes by its rule, and makes its record again', () =>
    withStore(async store => {
      await session(store, 150)
      await give(store, 'admitted', momentum)
      const admittedFrom = (await recorded(store)).at(-1)?.timeMs ?? 0
      // In the middle of the contest.
      await session(store, 260)
      expect(changesIn(await recorded(store))).toEqual([
        ['deployed', contrary.hash],
        ['admitted', momentum.hash],
      ])
      await session(store, 430)
      await give(store, 'rolledBack', timid)
      const returnedFrom = (await recorded(store)).at(-1)?.timeMs ?? 0
      await session(store, 470)
      await session(store, events.length)
      const decisions = await audited(store, events.length)
      expect(changesIn(decisions)).toEqual([
        ['deployed', contrary.hash],
        ['admitted', momentum.hash],
        ['promoted', momentum.hash],
        ['rolledBack', timid.hash],
      ])
      // What was promoted is not told: it follows from the data.
      expect(told(await later(store))).toEqual([
        ['admitted', momentum.hash],
        ['rolledBack', timid.hash],
      ])
      const { decisions: backtested } = await runBacktest({
        ...options,
        events,
        tracked: true,
        laterModels: [
          { fromMs: unixMs(admittedFrom + 1), inference: momentum, cause: 'admitted' },
          { fromMs: unixMs(returnedFrom + 1), inference: timid, cause: 'rolledBack' },
        ],
      })
      expect(decisions).toEqual(backtested.slice(0, decisions.length))
      expect(backtested.length - decisions.length).toBeLessThan(3)
    }))

  test('may be given several before it runs again', () =>
    withStore(async store => {
      await session(store, 90)
      await give(store, 'rolledBack', momentum)
      await give(store, 'admitted', timid)
      await session(store, 140)
      await session(store, 190)
      expect(changesIn(await audited(store, 190))).toEqual([
        ['deployed', contrary.hash],
        ['rolledBack', momentum.hash],
        ['admitted', timid.hash],
      ])
    }))

  test('drops its challenger when it is told to stay with the serving model', () =>
    withStore(async store => {
      await session(store, 90)
      await give(store, 'admitted', momentum)
      await session(store, 140)
      await give(store, 'rolledBack', contrary)
      await session(store, 400)
      await session(store, 440)
      // Nothing is promoted, though the other is better.
      expect(changesIn(await audited(store, 440))).toEqual([
        ['deployed', contrary.hash],
        ['admitted', momentum.hash],
        ['rolledBack', contrary.hash],
      ])
    }))

  test('begins with the model that it was given before its first decision', () =>
    withStore(async store => {
      await give(store, 'rolledBack', momentum)
      await session(store, 90)
      expect(changesIn(await recorded(store))).toEqual([['deployed', momentum.hash]])
      await session(store, 140)
      const decisions = await audited(store, 140)
      expect(changesIn(decisions)).toEqual([['deployed', momentum.hash]])
      expect(new Set(decisions.map(({ model }) => model))).toEqual(new Set([momentum.hash]))
    }))

  test('takes no model twice, though one that served already was among those given', () =>
    withStore(async store => {
      await session(store, 100)
      // In force already, so that neither is recorded.
      await give(store, 'rolledBack', contrary)
      await give(store, 'rolledBack', contrary)
      await give(store, 'admitted', momentum)
      await session(store, 400)
      const changes = [
        ['deployed', contrary.hash],
        ['admitted', momentum.hash],
        ['promoted', momentum.hash],
      ]
      expect(changesIn(await recorded(store))).toEqual(changes)
      await session(store, 440)
      await session(store, 480)
      expect(changesIn(await audited(store, 480))).toEqual(changes)
    }))

  test('makes the changes of a walk-forward again', () =>
    withStore(async store => {
      const fromMs = unixMs(START_MS + 16 * MINUTE_MS)
      await session(store, 140, [{ fromMs, inference: momentum, cause: 'scheduled' }])
      await session(store, 190)
      expect(changesIn(await audited(store, 190))).toEqual([
        ['deployed', contrary.hash],
        ['scheduled', momentum.hash],
      ])
    }))

  test('makes another record without a model that it was given, which is refused', () =>
    withStore(async store => {
      await session(store, 90)
      await give(store, 'rolledBack', timid)
      await session(store, 140)
      MODELS.delete(timid.hash)
      try {
        await expect(session(store, 190)).rejects.toThrow(/differs from its record/)
      } finally {
        MODELS.set(timid.hash, timid)
      }
    }))
})
