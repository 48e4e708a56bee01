import { expect, test } from 'vitest'
import { MINUTE_MS, marketColumns, type UnixMs, unixMs } from '../core/index.ts'
import { buildFeatureMatrix, logReturn, unpackFeatures } from '../feature-store/index.ts'
import { createInference, type Inference, type ModelSpec, trainModels } from '../models/index.ts'
import { defineStrategy } from '../strategies/index.ts'
import { createKernel, step } from './index.ts'
import { everyWay } from './test/everyWay.ts'
import { AGENT, restlessAgent } from './test/restlessAgent.ts'
import { ofKind } from './test/runKernel.ts'
import { CURVE, GOLD, randomBars, START_MS } from './test/syntheticMarket.ts'

// A model that looks at several instants: it says nothing until it has seen as many, and what is recorded is all that
// it looked at.

const STEPS = 4
const SPEC: ModelSpec = {
  name: 'over-time',
  version: 1,
  label: { kind: 'forward-return', horizonMs: 5 * MINUTE_MS },
  learner: { kind: 'tcn', steps: STEPS, channels: 4, levels: 2, kernel: 2, epochs: 2 },
  seed: 5,
  embargoMs: 0,
}
const definition = restlessAgent({
  model: SPEC,
  features: [1, 3, 10].map(minutes => logReturn({ horizonMs: minutes * MINUTE_MS })),
})
const { features, everyMs } = definition
const events = randomBars(110, MINUTE_MS, 4)

async function trained(seed: number): Promise<Inference> {
  const matrix = await buildFeatureMatrix({
    features,
    instrument: GOLD,
    everyMs,
    events: randomBars(900, MINUTE_MS, 8),
  })
  const { models } = await trainModels({ matrix, spec: { ...SPEC, seed }, device: 'cpu', workers: 1 })
  const [first] = models
  if (first === undefined) throw new RangeError('A training gives a model.')
  return createInference(first.model)
}

const [inference, later] = await Promise.all([trained(5), trained(6)])

/** Decides every way, expects the same of each, and gives the signals. */
async function signalsFrom(activeFromMs: UnixMs) {
  const options = {
    definition,
    inference,
    laterModels: [
      { fromMs: unixMs(START_MS + 60 * MINUTE_MS), inference: later, cause: 'scheduled' as const },
    ],
    activeFromMs,
  }
  // The restart comes while the window is still filling.
  const { backtest, columns, live, restarted, audit } = await everyWay(options, events, STEPS - 2)
  for (const decisions of [columns, live, restarted, audit]) expect(decisions).toEqual(backtest)
  const changes = ofKind(backtest, 'modelChange').map(({ output }) => output.to)
  expect(changes).toEqual([inference.hash, later.hash])
  return ofKind(backtest, 'signal')
}

test('says nothing before it has seen as many instants as it looks at', async () => {
  const signals = await signalsFrom(unixMs(START_MS))
  expect(signals.length).toBeGreaterThan(100)
  for (const [index, { output, attributions }] of signals.entries()) {
    expect(output.prediction === null, `signal ${index}`).toBe(index < STEPS - 1)
    expect(attributions.length).toBe(index < STEPS - 1 ? 0 : features.length)
  }
  // Another model finds the window as it is.
  expect(signals.find(({ model }) => model === later.hash)?.output.prediction).not.toBeNull()
})

test('predicts from the first decision on after a warm-up, and what it looked at is recorded whole', async () => {
  const activeFromMs = unixMs(START_MS + 10 * MINUTE_MS)
  const signals = await signalsFrom(activeFromMs)
  const matrix = await buildFeatureMatrix({ features, instrument: GOLD, everyMs, events })
  const { columns, values, timesMs } = matrix
  const probabilities = new Set<number>()
  for (const { timeMs, features: recorded, output, model, attributions } of signals) {
    const row = timesMs.indexOf(timeMs)
    const window = unpackFeatures(recorded)
    // As binary32, a missing value included.
    expect([...window]).toEqual([...values.slice((row - STEPS + 1) * columns, (row + 1) * columns)])
    const by = [inference, later].find(({ hash }) => hash === model)
    expect(output.prediction).toEqual(by?.predict(window).output)
    expect(attributions).toEqual(by?.explain(window))
    probabilities.add(output.prediction?.probabilityUp ?? -1)
  }
  expect([...timesMs].filter(timeMs => timeMs > activeFromMs)).toEqual(signals.map(({ timeMs }) => timeMs))
  expect(probabilities.has(-1)).toBe(false)
  expect(probabilities.size).toBeGreaterThan(50)
})

test('shows the strategy its features at the newest of the instants', () => {
  const seen: number[][] = []
  const strategy = defineStrategy({
    name: 'looks',
    version: 1,
    params: {},
    decide({ feature }) {
      seen.push(features.map(({ name }) => feature(name) ?? Number.NaN))
      return null
    },
  })
  const kernel = createKernel({
    agent: AGENT,
    definition: restlessAgent({ model: SPEC, features, strategy }),
    inference,
    activeFromMs: unixMs(START_MS),
  })
  const columns = marketColumns(events, [GOLD.id, CURVE])
  for (let row = 0; row < columns.length; row++) step(kernel, columns, row)
  const recorded = ofKind(kernel.decisions.held(), 'signal').map(signal =>
    [...unpackFeatures(signal.features)].slice(-features.length),
  )
  expect(seen).toEqual(recorded)
  expect(new Set(seen.map(String)).size).toBeGreaterThan(50)
})
