import { afterAll, beforeAll, expect, test } from 'vitest'
import { MINUTE_MS, SCORE_ONE, type Store, unixMs } from '../core/index.ts'
import { createRecorder, createSigner } from '../decision-log/index.ts'
import { KEYS } from '../decision-log/test/sampleDecisions.ts'
import { createKernel, runLive } from '../execution/index.ts'
import { storedObservations, streamOf } from '../execution/test/memoryStore.ts'
import { restlessAgent } from '../execution/test/restlessAgent.ts'
import { GOLD, randomBars, START_MS } from '../execution/test/syntheticMarket.ts'
import { createFeaturePipeline, openPglite } from '../feature-store/index.ts'
import { createInference, createModelRegistry, type ModelSpec } from '../models/index.ts'
import { sealedNetwork } from '../models/sealed/sealedModel.fixture.ts'
import { explainDecision } from './explainDecision.ts'
import { storedAgent } from './storedAgent.fixture.ts'

// Decisions of an agent whose model looks at several instants, explained from the record alone.

const STEPS = 4
const descent = { epochs: 1, batchSize: 1, learningRate: 0.1, l2: 0, patience: 1 }
const learner = { kind: 'tcn', steps: STEPS, channels: 4, levels: 2, kernel: 2, ...descent } as const
const label = { kind: 'forward-return', horizonMs: 5 * MINUTE_MS } as const
const spec: ModelSpec = { name: 'over-time', version: 1, label, learner, seed: 1, embargoMs: 0 }
const definition = restlessAgent({ model: spec })
const { names, featureSet } = createFeaturePipeline(definition.features, GOLD)
const { program, card } = sealedNetwork({ columns: names.length, learner })
const model = { program, card: { ...card, name: 'over-time', label, features: [...names], featureSet } }
const inference = createInference(model)
const signer = createSigner(KEYS[0])
const domain = { chainId: 31_337, verifyingContract: '0x5fbdb2315678afecb367f032d93f642f64180aa3' } as const

let store: Store
beforeAll(async () => {
  store = await openPglite({ directory: null })
  const stored = storedAgent(signer.agent, unixMs(START_MS), inference.hash)
  await store.agents.save(stored)
  await createModelRegistry(store.models).save(model, unixMs(1))
  await runLive({
    kernel: createKernel({ agent: signer.agent, definition, inference, activeFromMs: unixMs(START_MS) }),
    recorder: createRecorder({ store: store.decisions, signer, domain }),
    events: streamOf(storedObservations(randomBars(30, MINUTE_MS, 4))),
    history: store.decisions,
  })
})
afterAll(() => store.close())

const explain = (sequence: number) => explainDecision({ store }, 'restless', sequence)
const sequencesOf = async (kind: 'signal' | 'order') =>
  (await store.decisions.list({ agent: signer.agent, kinds: [kind], limit: 1_000 })).map(
    each => each.sequence,
  )

test('a prediction over several instants: contributions add up to the score less the base, as recorded', async () => {
  const signals = (await sequencesOf('signal')).slice(STEPS - 1)
  const orders = (await sequencesOf('order')).slice(-3)
  expect(signals.length).toBeGreaterThan(20)
  for (const sequence of [...signals.slice(0, 3), ...orders]) {
    const { explanation, features, isAsRecorded, record, text } = await explain(sequence)
    expect(isAsRecorded).toBe(true)
    expect(record.sequence).toBe(sequence)
    const sum = features.reduce((total, { contribution }) => total + contribution, 0)
    expect(sum).toBe((explanation.score - explanation.base) / SCORE_ONE)
    expect(features.map(({ name }) => name)).toEqual(names)
    expect(text).toMatch(/return_1m|spread|hour_of_week/)
  }
})

test('a signal from before the model had seen as many instants was drawn from no prediction', async () => {
  for (const sequence of (await sequencesOf('signal')).slice(0, STEPS - 1))
    await expect(explain(sequence)).rejects.toMatchObject({
      name: 'InvalidInputError',
      message: expect.stringContaining('a signal, was drawn from no prediction'),
    })
})
