import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  canonicalJson,
  IntegrityError,
  InvalidInputError,
  seededRandom,
  sha256,
  ZERO_HASH,
} from '../core/index.ts'
import { float32FromText, float32ToText } from './float32Text.ts'
import { parseArtifact, serialiseArtifact } from './modelArtifact.ts'
import { randomArtifact } from './randomArtifact.fixture.ts'

const artifact = randomArtifact(seededRandom(11), 3, [4, 2])
const { artifact: text, hash } = serialiseArtifact(artifact)

describe('float32 text', () => {
  test('keeps every finite binary32, −0 and subnormals included', () => {
    fc.assert(
      fc.property(fc.float32Array({ noNaN: true, noDefaultInfinity: true }), values => {
        expect(float32FromText(float32ToText(values))).toEqual(values)
      }),
    )
  })

  test('is little-endian', () => expect(float32ToText(Float32Array.of(1))).toBe('AACAPw=='))

  test.each([
    ['a byte too many', 'AACAPwA='],
    ['not base64', 'AACA?w=='],
    ['padding left out', 'AACAPw'],
    ['a NaN', Buffer.from([0, 0, 0xc0, 0x7f]).toString('base64')],
  ])('refuses %s', (_, bad) => expect(float32FromText(bad)).toBeNull())
})

describe('artifact', () => {
  test('survives writing and reading', () => {
    expect(parseArtifact(text, hash)).toEqual(artifact)
    expect(serialiseArtifact(parseArtifact(text)).hash).toBe(hash)
    expect(hash).toBe(sha256(text))
  })

  test('has another hash when any bit of any weight is another', () => {
    const layer = artifact.layers[1]!
    const bytes = Buffer.from(layer.weights, 'base64')
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), bit => {
        const changed = Buffer.from(bytes)
        changed[bit >> 3]! ^= 1 << (bit & 7)
        const layers = artifact.layers.map((other, place) =>
          place === 1 ? { ...layer, weights: changed.toString('base64') } : other,
        )
        expect(serialiseArtifact({ ...artifact, layers }).hash).not.toBe(hash)
      }),
    )
  })

  test('names both hashes when a text is not what was asked for', () => {
    const changed = text.replace('"seed":7', '"seed":8')
    const error = catchError(() => parseArtifact(changed, hash))
    expect(error).toBeInstanceOf(IntegrityError)
    expect(error.message).toBe(`The model artifact hashes to ${sha256(changed)}, but ${hash} was expected.`)
    expect(error).toMatchObject({ facts: { expected: hash, actual: sha256(changed) } })
  })

  const with_ = (change: object) => canonicalJson({ ...artifact, ...change })
  const [first, second, last] = artifact.layers
  test.each([
    ['name', with_({ name: 5 })],
    ['format', with_({ format: 'onnx' })],
    ['formatVersion', with_({ formatVersion: 2 })],
    ['artifact', with_({ extra: 1 })],
    ['artifact', '[]'],
    ['artifact', '{'],
    ['artifact', ` ${text}`],
    ['featureSet', with_({ featureSet: '0x12' })],
    ['features', with_({ features: ['a', 'a', 'b'] })],
    ['featureVersions', with_({ featureVersions: [1] })],
    ['scaler.mean', with_({ scaler: { ...artifact.scaler, mean: 'AACAPw==' } })],
    ['scaler.std', with_({ scaler: { ...artifact.scaler, std: '*' } })],
    ['layers', with_({ layers: [] })],
    ['layers.0.weights', with_({ layers: [{ ...first, weights: first!.biases }, second, last] })],
    ['layers.1.biases', with_({ layers: [first, { ...second, biases: '' }, last] })],
    ['layers.1.inputs', with_({ layers: [first, last] })],
    ['layers.1.activation', with_({ layers: [first, { ...second, activation: 'linear' }, last] })],
    ['layers.1.outputs', with_({ layers: [first, second] })],
    ['label.horizonMs', with_({ label: { horizonMs: 0 } })],
    [
      'training.spec.learningRate',
      with_({ training: { ...artifact.training, spec: { ...artifact.training.spec, learningRate: 2 } } }),
    ],
  ])('names the field %s when it is wrong', (field, bad) => {
    const error = catchError(() => parseArtifact(bad))
    expect(error).toBeInstanceOf(InvalidInputError)
    expect(error).toMatchObject({ facts: { field } })
  })

  test('refuses a text whose defaults are left out, for its hash would name the same model twice', () => {
    const { trainShare: _, ...spec } = artifact.training.spec
    expect(() => parseArtifact(with_({ training: { ...artifact.training, spec } }))).toThrow('canonical')
  })

  test('a zero hash is a hash', () => expect(parseArtifact(text).featureSet).toBe(ZERO_HASH))
})

function catchError(run: () => unknown): Error {
  try {
    run()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('nothing was thrown')
}
