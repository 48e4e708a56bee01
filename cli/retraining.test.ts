import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  type Hash,
  HOUR_MS,
  MINUTE_MS,
  type Store,
  type StoredAgent,
  type UnixMs,
  unixMs,
  ZERO_HASH,
} from '../core/index.ts'
import { createRecorder, createSigner, parseBody } from '../decision-log/index.ts'
import { KEYS } from '../decision-log/test/sampleDecisions.ts'
import {
  createArrivals,
  createKernel,
  type KernelOptions,
  replayDecisions,
  runLive,
  tailObservations,
} from '../execution/index.ts'
import { LINEAR_SPEC } from '../execution/test/linearModel.ts'
import { storedObservations } from '../execution/test/memoryStore.ts'
import { restlessAgent } from '../execution/test/restlessAgent.ts'
import { GOLD, momentumSwaps } from '../execution/test/syntheticMarket.ts'
import { featureSetHash, logReturn, openPglite } from '../feature-store/index.ts'
import {
  createInference,
  createModelRegistry,
  type ModelSpec,
  type SealedModel,
  sealGivenWeights,
} from '../models/index.ts'
import { agentEvents, agentMatrix } from './agentMatrix.ts'
import { laterModels } from './agentModels.ts'
import { type DeployedAgent, loadInference } from './deployedAgents.ts'
import { openModelLife } from './modelLife.ts'
import { createRetraining, historyEndMs } from './retraining.ts'
import { openTerminal } from './terminal.ts'
import { trainAgent } from './trainAgent.ts'
import type { Workspace } from './workspace.ts'

// A training starts threads, each of which reads the project's source first.
vi.setConfig({ testTimeout: 180_000 })
const PATIENCE_MS = 60_000

const signer = createSigner(KEYS[0])
const domain = { chainId: 31_337, verifyingContract: '0x5fbdb2315678afecb367f032d93f642f64180aa3' } as const
const spec: ModelSpec = {
  ...LINEAR_SPEC,
  label: { kind: 'forward-return', horizonMs: MINUTE_MS },
  learner: { kind: 'linear', epochs: 3 },
  validationShare: 0,
}
const definition = restlessAgent({
  observes: [],
  features: [logReturn({ horizonMs: MINUTE_MS }), logReturn({ horizonMs: 5 * MINUTE_MS })],
  model: spec,
  promotion: { minOutcomes: 10, minAdvantage: 10, minTStatistic: 1 },
  retrain: { everyMs: HOUR_MS },
})
// Some seven hours, of which the first five come before the agent runs.
const observations = storedObservations(momentumSwaps(2_400, 11))
const BEFORE = 1_700
const timeOf = (row: number): UnixMs => observations[row]?.event.knownAt ?? unixMs(0)

let directory: string
let store: Store
let workspace: Workspace
let appended = 0
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'touchstone-retraining-'))
  store = await openPglite({ directory: null })
  appended = 0
  workspace = { store, directory, terminal: openTerminal(true) } as Workspace
})
afterEach(async () => {
  await store.close()
  await rm(directory, { recursive: true, force: true })
})

async function append(until: number): Promise<void> {
  const rows = observations.slice(appended, until)
  appended = until
  await store.observations.append({
    observations: rows,
    cursor: { source: 'test:feed', stream: 'bars', block: until, blockHash: null },
  })
}

/** A model whose weights are given: nothing says what it was made of, so the next is due at once. */
const given = (weights: readonly number[], horizonMs = spec.label.horizonMs): SealedModel =>
  sealGivenWeights({
    ...{ name: spec.name, version: 1, instrument: GOLD.id, label: { kind: 'forward-return', horizonMs } },
    featureSet: featureSetHash(definition.features),
    features: definition.features.map(({ name }) => name),
    weights,
  })

async function deploy(model: SealedModel, activeFromMs: UnixMs): Promise<DeployedAgent> {
  const hash = await createModelRegistry(store.models).save(model, unixMs(1))
  const stored: StoredAgent = {
    ...{ id: signer.agent, name: 'restless', version: 1, instrument: GOLD.id, observes: [GOLD.id] },
    ...{ definition: ZERO_HASH, model: hash, activeFromMs, status: 'active' },
  }
  await store.agents.save(stored)
  return { stored, definition, signer, inference: createInference(model), laterModels: [], given: 0 }
}

/** Runs an agent on what the store holds and gets, with the models that it is given meanwhile. */
async function start(agent: DeployedAgent) {
  const { stored, inference } = agent
  const trained: Hash[] = []
  const warnings: string[] = []
  const life = await openModelLife(workspace, agent, {
    onTrained: model => trained.push(model),
    onWarning: message => warnings.push(message),
    lookEveryMs: 20,
  })
  const kernel = createKernel({
    ...{ agent: stored.id, definition, inference, laterModels: agent.laterModels },
    activeFromMs: stored.activeFromMs,
    onPrediction: life.observe,
  })
  const ending = new AbortController()
  const arrivals = createArrivals()
  const run = runLive({
    kernel,
    recorder: createRecorder({ store: store.decisions, signer, domain }),
    history: store.decisions,
    events: tailObservations({
      store: store.observations,
      instruments: [GOLD.id],
      notified: arrivals.notified,
      finished: () => arrivals.finished,
    }),
  })
  // A failure is shown where it is waited for.
  run.catch(() => undefined)
  return {
    ...{ kernel, trained, warnings },
    health: () => life.health(kernel),
    /** Begins to follow once the agent has seen all that is stored. */
    async follow() {
      await vi.waitFor(() => expect(kernel.nowMs).toBe(timeOf(appended - 1)), PATIENCE_MS)
      const followed = life.follow(kernel, ending.signal)
      return async () => {
        ending.abort()
        await followed
      }
    },
    async see(until: number) {
      await append(until)
      arrivals.notify()
      await vi.waitFor(() => expect(kernel.nowMs).toBe(timeOf(until - 1)), PATIENCE_MS)
    },
    end() {
      arrivals.finish()
      return run
    },
  }
}

async function recorded() {
  const rows = await store.decisions.list({ agent: signer.agent, limit: 10_000 })
  return rows.map(({ body }) => {
    const { revealAtMs: _, salt: __, ...record } = parseBody(body)
    return record
  })
}

const changesIn = (records: Awaited<ReturnType<typeof recorded>>) =>
  records.flatMap(({ output, timeMs }) => (output.kind === 'modelChange' ? [{ ...output, timeMs }] : []))

/** Makes the agent's record again from the store, as an audit does. */
async function audit({ stored, inference }: DeployedAgent): Promise<void> {
  const records = await recorded()
  const { models } = await laterModels(store, stored, hash => loadInference(workspace, definition, hash))
  const options: KernelOptions = {
    ...{ agent: stored.id, definition, inference, laterModels: models, activeFromMs: stored.activeFromMs },
  }
  const again: unknown[] = []
  for await (const { decision, dataRoot } of replayDecisions({ ...options, observations }))
    again.push({ ...decision, dataRoot })
  expect(again.slice(0, records.length)).toEqual(records)
}

describe('an agent that trains its model anew', () => {
  test('trains on what it has seen, is given the model while it runs, and records since when', async () => {
    await append(BEFORE)
    const agent = await deploy(given([40, 0]), timeOf(BEFORE - 200))
    const seenMs = timeOf(BEFORE - 1)
    const running = await start(agent)
    const stop = await running.follow()
    await vi.waitFor(() => expect([running.trained.length, running.warnings]).toEqual([1, []]), PATIENCE_MS)
    const [model = ZERO_HASH] = running.trained
    const gifts = await store.agents.givenModels(signer.agent)
    expect(gifts.map(gift => [gift.model, gift.cause])).toEqual([[model, 'admitted']])
    await running.see(BEFORE + 300)
    await vi.waitFor(() => expect(running.health()?.challenger).toBe(model), PATIENCE_MS)
    await running.see(BEFORE + 400)

    // The same model as `touchstone train` makes of the history until then, but for what it replaces.
    const { card } = await createModelRegistry(store.models).load(model)
    const { matrix } = await agentMatrix(workspace, definition, { untilMs: seenMs })
    expect(card).toMatchObject({ parent: agent.stored.model, training: { dataHash: matrix.dataHash } })
    const trained = await trainAgent(workspace, definition, matrix, {
      device: 'cpu',
      parent: agent.stored.model,
    })
    expect(trained.hash).toBe(model)
    // The end of that history can be told from the card.
    expect(Math.abs(historyEndMs(card) - seenMs)).toBeLessThan(15 * MINUTE_MS)

    expect(changesIn(await recorded())).toMatchObject([
      { cause: 'deployed', to: agent.stored.model },
      { cause: 'admitted', to: model },
    ])
    expect(changesIn(await recorded())[1]?.timeMs).toBeGreaterThan(seenMs)
    // An hour after that history the next is due.
    await running.see(observations.length - 100)
    await vi.waitFor(() => expect([running.trained.length, running.warnings]).toEqual([2, []]), PATIENCE_MS)
    await running.see(observations.length - 60)
    await vi.waitFor(() => expect(running.health()?.challenger).toBe(running.trained[1]), PATIENCE_MS)
    await running.see(observations.length - 50)
    await stop()
    const { recorded: before } = await running.end()

    // Started again it goes on with the models that it had, and trains no other before its time.
    const later = await laterModels(store, agent.stored, hash => loadInference(workspace, definition, hash))
    expect(later.given).toBe(2)
    const again = await start({ ...agent, laterModels: later.models, given: later.given })
    await again.see(observations.length)
    const stopAgain = await again.follow()
    await sleep(300)
    expect([again.trained, again.warnings]).toEqual([[], []])
    expect(again.health()).toMatchObject({ serving: agent.stored.model, challenger: running.trained[1] })
    await stopAgain()
    expect(await again.end()).toMatchObject({ replayed: before })
    await audit(agent)
  })

  test('trades on when a training fails, and tries again after a part of the interval', async () => {
    // Too few rows for a test.
    await append(12)
    const agent = await deploy(given([40, 0]), timeOf(0))
    let nowMs = timeOf(11)
    const warnings: string[] = []
    const retraining = createRetraining(workspace, agent, {
      nowMs: () => nowMs,
      serving: () => agent.stored.model,
      signal: new AbortController().signal,
      onTrained: () => expect.unreachable(),
      onWarning: message => warnings.push(message),
    })
    const look = async () => {
      retraining.look()
      // A second look starts no second training.
      retraining.look()
      await retraining.ended()
      return warnings.length
    }
    expect(await look()).toBe(1)
    expect(warnings[0]).toMatch(/^retraining failed: No model was trained: /)
    expect(await look()).toBe(1)
    nowMs = unixMs(nowMs + 6 * MINUTE_MS - 1)
    expect(await look()).toBe(1)
    nowMs = unixMs(nowMs + 1)
    expect(await look()).toBe(2)
    expect(await store.agents.givenModels(signer.agent)).toEqual([])
  })

  test('is stopped in the middle of a training, of which nothing is left', async () => {
    await append(BEFORE)
    const agent = await deploy(given([40, 0]), timeOf(BEFORE - 200))
    const patient: DeployedAgent = {
      ...agent,
      definition: {
        ...definition,
        model: { ...spec, learner: { kind: 'linear', epochs: 100_000, patience: 100_000 } },
      },
    }
    const ending = new AbortController()
    const warnings: string[] = []
    const retraining = createRetraining(workspace, patient, {
      nowMs: () => timeOf(BEFORE - 1),
      serving: () => agent.stored.model,
      signal: ending.signal,
      onTrained: () => expect.unreachable(),
      onWarning: message => warnings.push(message),
    })
    const models = await store.models.list()
    retraining.look()
    await sleep(1_000)
    ending.abort()
    await retraining.ended()
    retraining.look()
    await retraining.ended()
    expect(warnings).toEqual([])
    expect(await store.models.list()).toEqual(models)
    expect(await store.agents.givenModels(signer.agent)).toEqual([])
  })

  test('lets others have their turn while its history is read', async () => {
    await append(BEFORE)
    let turns = 0
    const turn = () => {
      turns++
      next = setImmediate(turn)
    }
    let next = setImmediate(turn)
    let events = 0
    for await (const _ of agentEvents(workspace, definition)) events++
    clearImmediate(next)
    expect(events).toBe(BEFORE)
    expect(turns).toBeGreaterThanOrEqual(3)
  })
})

describe('an agent that runs', () => {
  test('takes the models that it is given meanwhile, those that fit, in their order', async () => {
    await append(BEFORE)
    const [first, second, far] = [given([40, 0]), given([-40, 5]), given([1, 1], 7 * MINUTE_MS)]
    const agent = await deploy(first, timeOf(BEFORE - 200))
    const registry = createModelRegistry(store.models)
    const [other, unfit] = [await registry.save(second, unixMs(2)), await registry.save(far, unixMs(3))]
    // It was made of history up to now, as far as the agent is told: nothing is to be trained.
    const running = await start({ ...agent, definition: { ...definition, retrain: null } })
    const stop = await running.follow()
    const give = (model: Hash, cause: 'admitted' | 'rolledBack') =>
      store.agents.giveModel({ agent: signer.agent, model, cause, givenAtMs: unixMs(4) })
    const arrived = vi.spyOn(running.kernel.runtime.roster, 'add')
    await give(unfit, 'rolledBack')
    await give(other, 'admitted')
    await vi.waitFor(() => expect(running.warnings).toHaveLength(1), PATIENCE_MS)
    expect(running.warnings[0]).toMatch(new RegExp(`^model ${unfit} is not taken: .* 420000 ms ahead`))
    await vi.waitFor(() => expect(arrived).toHaveBeenCalledTimes(1), PATIENCE_MS)
    await running.see(BEFORE + 50)
    expect(running.health()).toMatchObject({ serving: agent.stored.model, challenger: other })
    await running.see(BEFORE + 150)
    expect(running.health()?.contest?.outcomes).toBeGreaterThan(1)
    await give(other, 'rolledBack')
    await vi.waitFor(() => expect(arrived).toHaveBeenCalledTimes(2), PATIENCE_MS)
    await running.see(BEFORE + 200)
    expect(running.health()).toMatchObject({ serving: other, challenger: null, contest: null })
    await stop()
    await running.end()
    expect(changesIn(await recorded()).map(({ cause, to }) => [cause, to])).toEqual([
      ['deployed', agent.stored.model],
      ['admitted', other],
      ['rolledBack', other],
    ])
  })
})
