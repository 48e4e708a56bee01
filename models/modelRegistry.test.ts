import { describe, expect, test } from 'vitest'
import {
  type Hash,
  IntegrityError,
  type ModelStore,
  NotFoundError,
  type StoredModel,
  unixMs,
  ZERO_HASH,
} from '../core/index.ts'
import { createModelRegistry } from './modelRegistry.ts'
import { sealGivenWeights } from './sealGivenWeights.ts'

function memoryStore(): ModelStore & { rows: Map<Hash, StoredModel> } {
  const rows = new Map<Hash, StoredModel>()
  return {
    rows,
    save: async model => void rows.set(model.hash, model),
    find: async hash => rows.get(hash) ?? null,
    list: async () => [...rows.values()],
  }
}

describe('model registry', () => {
  const model = sealGivenWeights({
    name: 'random',
    version: 1,
    instrument: 'oanda:XAUUSD',
    label: { kind: 'forward-return', horizonMs: 60_000 },
    featureSet: ZERO_HASH,
    features: ['a', 'b'],
    weights: [1, -0.5],
  })
  const now = unixMs(1_700_000_000_000)

  test('loads what it saved, under its content hash', async () => {
    const store = memoryStore()
    const registry = createModelRegistry(store)
    const hash = await registry.save(model, now)
    expect(store.rows.get(hash)).toMatchObject({ hash, name: 'random', createdAtMs: now })
    expect(await registry.load(hash)).toEqual(model)
  })

  test('notices one changed weight in the store', async () => {
    const store = memoryStore()
    const registry = createModelRegistry(store)
    const hash = await registry.save(model, now)
    const stored = store.rows.get(hash)!
    const [, program = ''] = /"program":"([^"]+)"/.exec(stored.artifact) ?? []
    // A character in the middle: the first ones are the format's name.
    const at = program.length >> 1
    const changed = `${program.slice(0, at)}${program[at] === 'A' ? 'B' : 'A'}${program.slice(at + 1)}`
    store.rows.set(hash, { ...stored, artifact: stored.artifact.replace(program, changed) })
    await expect(registry.load(hash)).rejects.toThrow(IntegrityError)
    await expect(registry.load(hash)).rejects.toThrow(hash)
  })

  test('does not take one model for another', async () => {
    const store = memoryStore()
    const registry = createModelRegistry(store)
    const hash = await registry.save(model, now)
    store.rows.set(ZERO_HASH, store.rows.get(hash)!)
    await expect(registry.load(ZERO_HASH)).rejects.toThrow(IntegrityError)
  })

  test('says that a model is not there', async () => {
    await expect(createModelRegistry(memoryStore()).load(ZERO_HASH)).rejects.toThrow(NotFoundError)
  })
})
