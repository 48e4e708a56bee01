import { describe, expect, test } from 'vitest'
import {
  canonicalJson,
  IntegrityError,
  InvalidInputError,
  sha256,
  TouchstoneError,
  ZERO_HASH,
} from '../../core/index.ts'
import { float32ToText } from '../float32Text.ts'
import { checkModelSpec } from '../modelSpec.ts'
import { encodeProgram } from './encodeProgram.ts'
import { int16FromText, int16ToText } from './int16Text.ts'
import type { ModelCard } from './modelCard.ts'
import { LEARNERS } from './randomProgram.fixture.ts'
import { sealedNetwork, sealedTrees } from './sealedModel.fixture.ts'
import { parseSealedModel, type SealedModel, sealedModelHashes, serialiseSealedModel } from './sealedModel.ts'

const network = sealedNetwork(LEARNERS['mlp 5-3-1'] ?? expect.fail(), { rows: 2 })
const trees = sealedTrees(3, 2, 2)
const nodesOf = ({ card }: SealedModel) => Buffer.from(card.covers ?? '', 'base64').length / 4

test.each<[string, SealedModel]>([
  ['network', network],
  ['trees', trees],
  ['tcn', sealedNetwork(LEARNERS['tcn whose first level is residual'] ?? expect.fail())],
])('a sealed model is read back as it was: %s', (_, model) => {
  const { text, hash } = serialiseSealedModel(model)
  const read = parseSealedModel(text, hash)
  expect(read).toEqual(model)
  expect(serialiseSealedModel(read)).toEqual({ text, hash })
})

test('its hash is that of the hashes of the program and the card', () => {
  const program = sha256(encodeProgram(network.program))
  const card = sha256(canonicalJson(network.card))
  const model = sha256(Buffer.from(program.slice(2) + card.slice(2), 'hex'))
  expect(sealedModelHashes(network)).toEqual({ program, card, model })
  expect(serialiseSealedModel(network).hash).toBe(model)
})

test('another program or another card is another model', () => {
  const { model } = sealedModelHashes(network)
  expect(sealedModelHashes({ ...network, card: { ...network.card, version: 2 } }).model).not.toBe(model)
  const program = { ...network.program, scaler: { ...network.program.scaler, mean: new Float32Array(5) } }
  expect(sealedModelHashes({ ...network, program }).model).not.toBe(model)
})

describe('a file that was changed', () => {
  test.each<[string, SealedModel]>([
    ['network', network],
    ['trees', trees],
  ])('in any one byte is refused: %s', (_, model) => {
    const bytes = Buffer.from(serialiseSealedModel(model).text)
    for (let at = 0; at < bytes.length; at++)
      for (const flip of [1, 2, 32]) {
        const changed = Buffer.from(bytes)
        changed[at] = (changed[at] ?? 0) ^ flip
        let error: unknown = null
        try {
          parseSealedModel(changed.toString())
        } catch (thrown) {
          error = thrown
        }
        if (!(error instanceof IntegrityError) && !(error instanceof InvalidInputError))
          expect.fail(`byte ${at}: ${error}`)
      }
  })

  test('in any length is refused', () => {
    const { text } = serialiseSealedModel(trees)
    for (let length = 0; length < text.length; length += 7)
      expect(() => parseSealedModel(text.slice(0, length))).toThrow(TouchstoneError)
    expect(() => parseSealedModel(`${text} `)).toThrow('the text is not canonical JSON')
    expect(() => parseSealedModel(`{"card":${'['.repeat(100_000)}`)).toThrow(TouchstoneError)
    expect(() =>
      parseSealedModel(text.replace(/"card":\{/, `"card":${'['.repeat(50_000)}${']'.repeat(50_000)},"x":{`)),
    ).toThrow(TouchstoneError)
  })

  test('and hashed again has another hash than expected', () => {
    const { hash } = serialiseSealedModel(network)
    const other = serialiseSealedModel({ ...network, card: { ...network.card, version: 2 } })
    expect(() => parseSealedModel(other.text, hash)).toThrow(
      `The sealed model hashes to ${other.hash}, but ${hash} was expected.`,
    )
  })

  test.each<[string, (file: Record<string, unknown>) => unknown]>([
    ['format', file => ({ ...file, format: 'touchstone-mlp' })],
    ['formatVersion', file => ({ ...file, formatVersion: 2 })],
    ['hash', file => ({ ...file, hash: '0x12' })],
    ['program', file => ({ ...file, program: 'AAA' })],
    ['card', file => ({ ...file, card: 7 })],
    ['card.name', file => ({ ...file, card: { ...(file['card'] as object), name: '' } })],
    ['card', file => ({ ...file, card: { ...(file['card'] as object), colour: 'red' } })],
    ['file', file => ({ ...file, colour: 'red' })],
  ])('names the field: %s', (field, change) => {
    const file = JSON.parse(serialiseSealedModel(network).text)
    expect(() => parseSealedModel(canonicalJson(change(file)))).toThrow(
      `The sealed model's field "${field}" is wrong: `,
    )
  })
})

test.each<[string, SealedModel, Partial<ModelCard>]>([
  ['features', network, { features: ['a'] }],
  ['features', network, { features: ['a', 'a', 'b', 'c', 'd'] }],
  ['featureVersions', network, { featureVersions: [1] }],
  ['background.inputs', network, { background: { rows: 3, inputs: network.card.background.inputs } }],
  ['background.rows', network, { background: { rows: 0, inputs: '' } }],
  ['background.inputs', network, { background: { rows: 2, inputs: 'AAA' } }],
  ['covers', network, { covers: '' }],
  ['covers', trees, { covers: null }],
  ['covers', trees, { covers: 'AACAPw==' }],
  ['covers', trees, { covers: float32ToText(new Float32Array(nodesOf(trees))) }],
])('a card that does not fit its program is refused: %s', (field, model, change) => {
  expect(() => serialiseSealedModel({ ...model, card: { ...model.card, ...change } })).toThrow(
    `The sealed model's field "card.${field}" is wrong: `,
  )
})

test('a card tells how the model was trained', () => {
  const training = {
    spec: checkModelSpec({
      name: 'gold',
      version: 1,
      label: { kind: 'forward-return', horizonMs: 60_000 },
      learner: { kind: 'linear' },
      seed: 5,
      embargoMs: 0,
    }),
    fromMs: 1,
    toMs: 2,
    testFromMs: 3,
    rows: 4,
    dataHash: ZERO_HASH,
    stepsRun: 5,
    bestStep: 4,
    device: 'cpu',
  }
  const model = { ...network, card: { ...network.card, training, parent: ZERO_HASH } }
  const { text, hash } = serialiseSealedModel(model)
  expect(parseSealedModel(text, hash)).toEqual(model)
})

test('int16 values are base64 of big-endian bytes', () => {
  expect(int16ToText(Int16Array.of(1, -2))).toBe('AAH//g==')
  expect(int16FromText('AAH//g==')).toEqual(Int16Array.of(1, -2))
  for (const text of ['AA==', 'AAH//g', '!', 'AAH/\n/g==']) expect(int16FromText(text)).toBe(null)
})
