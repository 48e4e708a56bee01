import { z } from 'zod'
import { InvalidInputError } from '../../core/index.ts'
import { float32FromBytes } from './littleEndian.ts'

/** A layer as model.json describes it. */
export type KerasLayer = { readonly className: string; readonly config: Readonly<Record<string, unknown>> }

export type KerasWeight = {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** A LayersModel read from its two files. */
export type LayersModelFile = {
  readonly layers: readonly KerasLayer[]
  readonly weights: readonly KerasWeight[]
}

const layerSchema = z.object({ class_name: z.string(), config: z.record(z.string(), z.unknown()) })
const modelSchema = z.object({
  class_name: z.string(),
  config: z.union([z.array(layerSchema), z.object({ layers: z.array(layerSchema) })]),
})
const weightSchema = z.object({
  name: z.string(),
  shape: z.array(z.int().min(0)),
  dtype: z.string(),
  quantization: z.unknown().optional(),
})
const fileSchema = z.object({
  // Keras's converter nests the model one level deeper than TensorFlow.js itself does.
  modelTopology: z.union([modelSchema, z.object({ model_config: modelSchema })]),
  weightsManifest: z.array(z.object({ weights: z.array(weightSchema) })).optional(),
  weightSpecs: z.array(weightSchema).optional(),
})

/** Bytes of an element; other types are refused. */
const ELEMENT_BYTES: Readonly<Record<string, number>> = { float32: 4, int32: 4, bool: 1, uint8: 1 }

/**
 * Reads a LayersModel of TensorFlow.js: the parsed model.json, or what `model.save` hands to a save handler, and the
 * bytes of all its weight files, one after the other.
 *
 * @throws InvalidInputError when it is no Sequential model, its weights are quantised, or the bytes do not fit them.
 */
export function readLayersModel(modelJson: unknown, bytes: Uint8Array): LayersModelFile {
  assertSequential(modelJson)
  const checked = fileSchema.safeParse(modelJson)
  if (!checked.success) {
    const [issue] = checked.error.issues
    const field = issue?.path.join('.') ?? ''
    throw new InvalidInputError(`The model.json is not one of a LayersModel: "${field}" is wrong.`, {
      facts: { field },
      hint: 'Save the model with `model.save` of TensorFlow.js, and pass the parsed model.json.',
    })
  }
  const { modelTopology, weightsManifest, weightSpecs } = checked.data
  const { config } = 'model_config' in modelTopology ? modelTopology.model_config : modelTopology
  const layers = Array.isArray(config) ? config : config.layers
  const specs = weightSpecs ?? weightsManifest?.flatMap(group => group.weights) ?? []
  return {
    layers: layers.map(layer => ({ className: layer.class_name, config: layer.config })),
    weights: readWeights(specs, bytes),
  }
}

function assertSequential(modelJson: unknown): void {
  const found = z
    .object({ modelTopology: z.looseObject({}) })
    .transform(({ modelTopology }) => modelTopology['model_config'] ?? modelTopology)
    .pipe(z.object({ class_name: z.string() }))
    .safeParse(modelJson)
  if (!found.success || found.data.class_name === 'Sequential') return
  throw new InvalidInputError(`The LayersModel is of the class ${found.data.class_name}, not Sequential.`, {
    facts: { className: found.data.class_name },
    hint: 'Rebuild it as a Sequential model, or export it to ONNX and import that.',
  })
}

function readWeights(specs: readonly z.infer<typeof weightSchema>[], bytes: Uint8Array): KerasWeight[] {
  let at = 0
  const weights = specs.map(({ name, shape, dtype, quantization }) => {
    if (quantization !== undefined)
      throw new InvalidInputError(`The weight "${name}" of the LayersModel is quantised.`, {
        facts: { weight: name },
        hint: 'Save the model without quantisation: sealing quantises it, and measures what that costs.',
      })
    const size = ELEMENT_BYTES[dtype]
    if (size === undefined)
      throw new InvalidInputError(`The weight "${name}" of the LayersModel is of the type ${dtype}.`, {
        facts: { weight: name, dtype },
        hint: 'Save the model with float32 weights.',
      })
    const from = at
    at += shape.reduce((count, length) => count * length, size)
    if (at > bytes.length)
      throw new InvalidInputError(`The weights of the LayersModel end inside "${name}".`, {
        facts: { weight: name, bytes: bytes.length, expected: at },
        hint: 'Pass all weight files of the manifest, one after the other in its order.',
      })
    // Counters are no parameters of any layer's output.
    const isFloat = dtype === 'float32'
    return { name, shape, values: isFloat ? float32FromBytes(bytes.subarray(from, at)) : new Float32Array(0) }
  })
  if (at !== bytes.length)
    throw new InvalidInputError(`The LayersModel has ${bytes.length} bytes of weights, not ${at}.`, {
      facts: { bytes: bytes.length, expected: at },
      hint: 'Pass the weight files that belong to this model.json, and no others.',
    })
  return weights
}
