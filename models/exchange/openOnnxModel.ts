import type { InferenceSession } from 'onnxruntime-node'
import { InvalidInputError, toError, UnavailableError } from '../../core/index.ts'
import { exchangeMetadata } from './exchangeMetadata.ts'
import { readOnnxMetadata } from './readOnnx.ts'

/** Another's model, run as it is. Its predictions may differ in their last bits between machines. */
export type OnnxRuntimeModel = {
  /** Agents run sealed models alone: convert it with `fromOnnx` and seal it to trade on it. */
  readonly exact: false
  readonly featureNames: readonly string[]
  /** Feature vectors that one prediction looks at. */
  readonly steps: number
  /**
   * The model's output, a number for each window; what it means, the model knows.
   *
   * @param windows windows one after the other, each `steps` feature vectors, the oldest first, unscaled.
   * @throws InvalidInputError when they are no whole number of windows, or more come out than went in.
   */
  predict(windows: Float32Array): Promise<Float32Array>
  /** Gives the memory back; nothing can be predicted afterwards. */
  close(): Promise<void>
}

export type OpenOnnxModelOptions = {
  /** Of the features that will be passed, in their order. A file of `toOnnx` must have been exported under them. */
  readonly featureNames: readonly string[]
  /** The output to read; `score` or the only one unless it is given. */
  readonly output?: string
  /** Feature vectors that one prediction looks at, where the file leaves it open. */
  readonly steps?: number
}

type Onnxruntime = typeof import('onnxruntime-node')
type Metadata = InferenceSession.ValueMetadata

/**
 * Opens an ONNX file in onnxruntime, on one thread: any operator that onnxruntime knows, with one input of binary32
 * values, [rows, features] or [rows, steps, features], and a number for each row.
 *
 * @throws UnavailableError when the optional package onnxruntime-node is not installed.
 * @throws InvalidInputError when onnxruntime refuses the file, or its input or output is of another form.
 */
export function openOnnxModel(bytes: Uint8Array, options: OpenOnnxModelOptions): Promise<OnnxRuntimeModel> {
  return openOnnxModelWith(() => import('onnxruntime-node'), bytes, options)
}

/** As `openOnnxModel`, with the import of onnxruntime-node passed in. */
export async function openOnnxModelWith(
  importPackage: () => Promise<unknown>,
  bytes: Uint8Array,
  options: OpenOnnxModelOptions,
): Promise<OnnxRuntimeModel> {
  const { featureNames } = options
  const { InferenceSession, Tensor } = await loadOnnxruntime(importPackage)
  assertSameFeatures(bytes, featureNames)
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1 }).catch(
    cause => {
      throw new InvalidInputError(`onnxruntime refuses the model: ${toError(cause).message}`, {
        hint: 'Check the file with `onnx.checker`, or export it for an earlier operator set.',
        cause,
      })
    },
  )
  try {
    const input = inputOf(session.inputMetadata, options)
    const output = outputOf(session.outputMetadata, options.output)
    const width = input.steps * featureNames.length
    return {
      exact: false,
      featureNames,
      steps: input.steps,
      async predict(windows) {
        const rows = windows.length / width
        if (!Number.isSafeInteger(rows))
          throw new InvalidInputError(
            `${windows.length} values are no whole number of windows of ${width}.`,
            {
              facts: { values: windows.length, steps: input.steps, features: featureNames.length },
              hint: `Pass ${input.steps} × ${featureNames.length} values for each prediction.`,
            },
          )
        const shape = input.isOverTime
          ? [rows, input.steps, featureNames.length]
          : [rows, featureNames.length]
        const results = await session.run({ [input.name]: new Tensor('float32', windows, shape) }, [output])
        const data = results[output]?.data
        if (!(data instanceof Float32Array) || data.length !== rows)
          throw new InvalidInputError(
            `The output "${output}" of the ONNX model has ${data?.length ?? 0} values for ${rows} rows.`,
            {
              facts: { output, values: data?.length ?? 0, rows },
              hint: 'Name an output with one number a row.',
            },
          )
        return data
      },
      close: () => session.release(),
    }
  } catch (error) {
    await session.release()
    throw error
  }
}

/** The package's types stay out of what is exported: who does not have it can still compile against this one. */
async function loadOnnxruntime(importPackage: () => Promise<unknown>): Promise<Onnxruntime> {
  try {
    const module = await importPackage()
    if (isOnnxruntime(module)) return module
    throw new Error('it holds no InferenceSession')
  } catch (cause) {
    throw new UnavailableError('The package onnxruntime-node, which runs ONNX models, could not be loaded.', {
      facts: { cause: toError(cause).message },
      hint: 'Install it with `npm install onnxruntime-node`, or convert the model with `fromOnnx`.',
      cause,
    })
  }
}

function isOnnxruntime(module: unknown): module is Onnxruntime {
  return typeof module === 'object' && module !== null && 'InferenceSession' in module && 'Tensor' in module
}

/** Refuses an exported model under other features than those it was exported for. */
function assertSameFeatures(bytes: Uint8Array, featureNames: readonly string[]): void {
  const own = exchangeMetadata(readOnnxMetadata(bytes))
  const place = own?.featureNames.findIndex((name, column) => name !== featureNames[column]) ?? -1
  if (own === null || (place < 0 && own.featureNames.length === featureNames.length)) return
  const at = place < 0 ? own.featureNames.length : place
  const [expected, given] = [own.featureNames[at] ?? 'none', featureNames[at] ?? 'none']
  throw new InvalidInputError(`The ONNX model's feature ${at} is ${expected}, not ${given}.`, {
    facts: { place: at, expected, given },
    hint: `Pass the features ${own.featureNames.join(', ')}, in this order.`,
  })
}

function inputOf(
  inputs: readonly Metadata[],
  { featureNames, steps: given }: OpenOnnxModelOptions,
): { name: string; steps: number; isOverTime: boolean } {
  const [input, ...others] = inputs
  if (input === undefined || others.length > 0)
    throw new InvalidInputError(
      `The ONNX model has ${inputs.length} inputs; a model here has one, its features.`,
      {
        facts: { inputs: inputs.map(({ name }) => name).join(', ') },
        hint: 'Export it with all features in one tensor.',
      },
    )
  const { name } = input
  if (!input.isTensor || input.type !== 'float32')
    throw new InvalidInputError(`The input "${name}" of the ONNX model is not of binary32 values.`, {
      facts: { input: name, type: input.isTensor ? input.type : 'no tensor' },
      hint: 'Export the model in float32.',
    })
  const [rows, ...rest] = input.shape
  const columns = rest.at(-1)
  const isOverTime = rest.length === 2
  const inFile = isOverTime ? rest[0] : 1
  const steps = typeof inFile === 'number' ? inFile : given
  const text = input.shape.join(', ')
  const isFree = (size: number | string | undefined) => typeof size === 'string'
  if (
    !isFree(rows) ||
    rest.length < 1 ||
    rest.length > 2 ||
    (columns !== featureNames.length && !isFree(columns))
  )
    throw new InvalidInputError(
      `The input "${name}" of the ONNX model has the shape [${text}], not one for ${featureNames.length} features.`,
      {
        facts: { input: name, shape: text, features: featureNames.length },
        hint: 'It must be [rows, features] or [rows, steps, features] with the number of rows left open.',
      },
    )
  if (steps === undefined || !Number.isSafeInteger(steps) || steps < 1)
    throw new InvalidInputError(
      `The input "${name}" of the ONNX model leaves open how many steps it takes.`,
      {
        facts: { input: name, shape: text },
        hint: 'Pass `steps`.',
      },
    )
  return { name, steps, isOverTime }
}

function outputOf(outputs: readonly Metadata[], given: string | undefined): string {
  const names = outputs.map(({ name }) => name)
  const name = given ?? (names.includes('score') ? 'score' : names.length === 1 ? names[0] : undefined)
  const output = outputs.find(candidate => candidate.name === name)
  if (output?.isTensor && output.type === 'float32') return output.name
  const fact =
    output === undefined ? `no output "${name ?? 'score'}"` : `an output "${name}" not of binary32 values`
  throw new InvalidInputError(`The ONNX model has ${fact}.`, {
    facts: { outputs: names.join(', ') },
    hint: `Pass one of its outputs as \`output\`: ${names.join(', ')}.`,
  })
}
