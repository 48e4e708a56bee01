import { z } from 'zod'
import { canonicalJson, type Hash, IntegrityError, InvalidInputError, sha256 } from '../core/index.ts'
import { float32FromText } from './float32Text.ts'
import { modelSpecSchema } from './modelSpec.ts'

/** The version of the artifact's form that this code writes and reads. */
export const ARTIFACT_FORMAT_VERSION = 1

const hashSchema = z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{64}$/)])
const count = z.int().min(0)
const float32Text = z.string().refine(text => float32FromText(text) !== null, {
  error: 'expected base64 of finite little-endian binary32 values',
})
const metricsSchema = z.strictObject({
  accuracy: z.number(),
  logLoss: z.number(),
  brier: z.number(),
  informationCoefficient: z.number().nullable(),
})

const artifactSchema = z
  .strictObject({
    format: z.literal('touchstone-mlp'),
    formatVersion: z.literal(ARTIFACT_FORMAT_VERSION),
    name: z.string(),
    version: z.int(),
    /** Hash over everything that says what the features' numbers are, in order. */
    featureSet: hashSchema,
    /** Names, in the order of the feature vector. */
    features: z.array(z.string().min(1)).min(1).max(4_096).readonly(),
    /** Their versions; null when the trainer was not told. */
    featureVersions: z.array(z.int().min(1)).readonly().nullable(),
    instrument: z.string().min(1),
    /** First to last; weights row-major, `inputs` rows of `outputs` values. */
    layers: z
      .array(
        z
          .strictObject({
            inputs: z.int().min(1).max(4_096),
            outputs: z.int().min(1).max(4_096),
            activation: z.enum(['relu', 'linear']),
            weights: float32Text,
            biases: float32Text,
          })
          .readonly(),
      )
      .min(1)
      .max(9)
      .readonly(),
    scaler: z.strictObject({ mean: float32Text, std: float32Text }).readonly(),
    label: z.strictObject({ horizonMs: z.int().min(1) }).readonly(),
    training: z
      .strictObject({
        /** Times of the first and last training row, and of the first test row. */
        fromMs: count,
        toMs: count,
        testFromMs: count,
        rows: count,
        seed: count,
        spec: modelSpecSchema.readonly(),
        backend: z.string(),
        dataHash: hashSchema,
        bestEpoch: count,
      })
      .readonly(),
    /** Out of sample, on one split. */
    metrics: z
      .strictObject({ model: metricsSchema, majority: metricsSchema, logistic: metricsSchema })
      .readonly(),
  })
  .readonly()

/** A trained model as plain data: everything that its predictions, and the story of its training, need. */
export type ModelArtifact = z.output<typeof artifactSchema>

/** An artifact's canonical text and the hash of it, by which the model is named. */
export type SerialisedArtifact = { readonly artifact: string; readonly hash: Hash }

/** Writes an artifact as canonical JSON; its hash is SHA-256 of that text. */
export function serialiseArtifact(artifact: ModelArtifact): SerialisedArtifact {
  const text = canonicalJson(artifact)
  return { artifact: text, hash: sha256(text) }
}

/**
 * Reads what `serialiseArtifact` wrote.
 *
 * @throws IntegrityError when the text does not have the expected hash.
 * @throws InvalidInputError naming the first field that is wrong.
 */
export function parseArtifact(text: string, expectedHash?: Hash): ModelArtifact {
  const actual = sha256(text)
  if (expectedHash !== undefined && actual !== expectedHash)
    throw new IntegrityError(`The model artifact hashes to ${actual}, but ${expectedHash} was expected.`, {
      facts: { expected: expectedHash, actual },
      hint: 'The stored model was changed: restore it, or train again and deploy a new agent.',
    })
  const parsed = artifactSchema.safeParse(parseJson(text))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw malformed(issue?.path.join('.') || 'artifact', issue?.message ?? 'unknown')
  }
  checkShapes(parsed.data)
  // Otherwise two texts, and so two hashes, would name one model.
  if (canonicalJson(parsed.data) !== text) throw malformed('artifact', 'the text is not canonical JSON')
  return parsed.data
}

/** Checks that layers, scaler and features fit each other. */
function checkShapes({ features, featureVersions, layers, scaler }: ModelArtifact): void {
  const length = (field: string, text: string, expected: number) => {
    const actual = float32FromText(text)?.length
    if (actual !== expected) throw malformed(field, `expected ${expected} values, not ${actual}`)
  }
  if (new Set(features).size !== features.length) throw malformed('features', 'a name occurs twice')
  if (featureVersions !== null && featureVersions.length !== features.length)
    throw malformed('featureVersions', `expected ${features.length} values, not ${featureVersions.length}`)
  length('scaler.mean', scaler.mean, features.length)
  length('scaler.std', scaler.std, features.length)
  let width = features.length
  for (const [place, { inputs, outputs, activation, weights, biases }] of layers.entries()) {
    const field = `layers.${place}`
    const last = place === layers.length - 1
    if (inputs !== width) throw malformed(`${field}.inputs`, `expected ${width}, not ${inputs}`)
    if (last && outputs !== 1) throw malformed(`${field}.outputs`, `expected 1, not ${outputs}`)
    const expected = last ? 'linear' : 'relu'
    if (activation !== expected) throw malformed(`${field}.activation`, `expected ${expected}`)
    length(`${field}.weights`, weights, inputs * outputs)
    length(`${field}.biases`, biases, outputs)
    width = outputs
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new InvalidInputError('The model artifact is not JSON.', {
      facts: { field: 'artifact' },
      hint: 'Pass the text of a model that `touchstone train` saved.',
      cause,
    })
  }
}

function malformed(field: string, problem: string): InvalidInputError {
  return new InvalidInputError(`The model artifact's field "${field}" is wrong: ${problem}.`, {
    facts: { field },
    hint: 'Pass the text of a model that `touchstone train` saved with this version.',
  })
}
