import type { Tensor2D } from '@tensorflow/tfjs'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { gaussian, SCORE_ONE, seededRandom } from '../core/index.ts'
import { OnnxWriter } from '../models/exchange/onnxWriter.ts'
import { evaluateNetwork } from '../models/networks/evaluateNetwork.ts'
import { type FloatNetwork, layersOf } from '../models/networks/floatNetwork.ts'
import { backgroundRows, DEFAULT_BACKGROUND_ROWS } from '../models/sealed/backgroundRows.ts'
import { quantiseNetwork } from '../models/sealed/quantiseNetwork.ts'
import { randomNetwork } from '../models/sealed/randomProgram.fixture.ts'
import { createSealedInference } from '../models/sealed/sealedInference.ts'
import { cardFor } from '../models/sealed/sealedModel.fixture.ts'
import { type BenchmarkResult, nanosecondsPerCall } from './benchmark.ts'
import { loadTensorflow } from './loadTensorflow.ts'

const COLUMNS = 64
const HIDDEN = [128, 64]
const BATCH = 1_024

/**
 * Predicting with an MLP 64-128-64-1, one row and 1,024: the sealed model, from unscaled features to its score, beside
 * the float network without the scaling in onnxruntime and TensorFlow.js.
 */
export async function infer(): Promise<BenchmarkResult[]> {
  const random = seededRandom(7)
  const network: FloatNetwork = {
    ...randomNetwork(
      random,
      { kind: 'mlp', hidden: HIDDEN, epochs: 1, batchSize: 1, learningRate: 0.1, l2: 0, patience: 1 },
      COLUMNS,
    ),
    // What scaling does not change is what the peers can be given.
    scaler: { mean: new Float32Array(COLUMNS), std: new Float32Array(COLUMNS).fill(1) },
  }
  const values = Float32Array.from({ length: BATCH * COLUMNS }, () => gaussian(random))
  const rows = Uint32Array.from({ length: BATCH }, (_, row) => row)
  const one = values.subarray(0, COLUMNS)
  const program = quantiseNetwork(network, { values, rows })
  const card = {
    ...cardFor(program, new Int16Array(0), null),
    background: backgroundRows(program, { values, rows }),
  }
  const sealed = createSealedInference({ program, card })
  const real = evaluateNetwork(network, values, rows)

  const threaded = await openOnnx(network, undefined)
  const single = await openOnnx(network, 1)
  const tensorflow = await openTensorflow(network)
  const apart = await threaded.predict(values)
  for (let row = 0; row < BATCH; row++)
    if (!(Math.abs((apart[row] ?? Number.NaN) - (real[row] ?? 0)) < 1e-3))
      throw new Error(`onnxruntime computes something else at row ${row}.`)
  const loss = sealed
    .scores(values, rows)
    .reduce((sum, score, row) => sum + Math.abs(score / SCORE_ONE - (real[row] ?? 0)) / BATCH, 0)

  const explained = values.subarray(COLUMNS * 20, COLUMNS * 21)
  const explainUs = nanosecondsPerCall(() => void sealed.explain(explained), 20) / 1_000
  return [
    {
      name: 'infer, batch 1',
      unit: 'us/row',
      ours: nanosecondsPerCall(() => void sealed.predict(one), 20_000) / 1_000,
      peers: {
        onnxruntime: await microsecondsPerRun(() => threaded.predict(one), 2_000),
        'onnxruntime (one thread)': await microsecondsPerRun(() => single.predict(one), 2_000),
        'tensorflow.js (wasm)': nanosecondsPerCall(() => void tensorflow(one), 300) / 1_000,
      },
      limit: 5,
      notes: [
        `an explanation of ${COLUMNS} features against ${DEFAULT_BACKGROUND_ROWS} background rows: ${explainUs.toFixed(0)} us`,
        `mean difference of the sealed score from the float one: ${loss.toFixed(4)}`,
      ],
    },
    {
      name: 'infer, batch 1,024',
      unit: 'us/row',
      ours: nanosecondsPerCall(() => void sealed.scores(values, rows), 30) / 1_000 / BATCH,
      peers: {
        onnxruntime: (await microsecondsPerRun(() => threaded.predict(values), 30)) / BATCH,
        'onnxruntime (one thread)': (await microsecondsPerRun(() => single.predict(values), 30)) / BATCH,
        'tensorflow.js (wasm)': nanosecondsPerCall(() => void tensorflow(values), 10) / 1_000 / BATCH,
      },
      limit: null,
    },
  ]
}

/** The network alone, without scaling: what onnxruntime is fastest at. */
async function openOnnx(network: FloatNetwork, threads: number | undefined) {
  const writer = new OnnxWriter()
  let value = 'features'
  for (const [index, { inputs, outputs, relu, weightsAt, biasesAt }] of layersOf(
    network.learner,
    COLUMNS,
  ).entries()) {
    const weights = network.parameters.subarray(weightsAt, biasesAt)
    const biases = network.parameters.subarray(biasesAt, biasesAt + outputs)
    const operands = [
      value,
      writer.floats(`w${index}`, weights, [inputs, outputs]),
      writer.floats(`b${index}`, biases, [outputs]),
    ]
    value = writer.node('Gemm', operands, { name: relu ? `sum_${index}` : 'score' })
    if (relu) value = writer.node('Relu', [value], { name: `hidden_${index}` })
  }
  const bytes = writer.toBytes({
    name: 'mlp',
    input: { name: 'features', shape: ['rows', COLUMNS] },
    outputs: [{ name: 'score', shape: ['rows', 1] }],
    metadata: {},
  })
  const session = await InferenceSession.create(
    bytes,
    threads === undefined ? {} : { intraOpNumThreads: threads, interOpNumThreads: 1 },
  )
  return {
    async predict(values: Float32Array): Promise<Float32Array> {
      const features = new Tensor('float32', values, [values.length / COLUMNS, COLUMNS])
      const { score } = await session.run({ features })
      return score?.data as Float32Array
    },
  }
}

async function openTensorflow(network: FloatNetwork) {
  const { tf } = await loadTensorflow()
  const layers = layersOf(network.learner, COLUMNS).map(({ inputs, outputs, relu, weightsAt, biasesAt }) => ({
    weights: tf.tensor2d(network.parameters.slice(weightsAt, biasesAt), [inputs, outputs]),
    biases: tf.tensor1d(network.parameters.slice(biasesAt, biasesAt + outputs)),
    activation: relu ? ('relu' as const) : ('linear' as const),
  }))
  return (values: Float32Array) =>
    tf.tidy(() => {
      let x: Tensor2D = tf.tensor2d(values, [values.length / COLUMNS, COLUMNS])
      for (const { weights, biases, activation } of layers)
        x = tf.fused.matMul({ a: x, b: weights, bias: biases, activation }) as Tensor2D
      return x.dataSync()
    })
}

/** The median of several rounds, after a warm-up, as `nanosecondsPerCall`. */
async function microsecondsPerRun(work: () => Promise<unknown>, calls: number): Promise<number> {
  for (let call = 0; call < calls; call++) await work()
  const times: number[] = []
  for (let round = 0; round < 7; round++) {
    const from = performance.now()
    for (let call = 0; call < calls; call++) await work()
    times.push(((performance.now() - from) * 1_000) / calls)
  }
  return times.toSorted((a, b) => a - b)[3] ?? Number.NaN
}
