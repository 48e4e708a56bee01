import { describe, expect, test } from 'vitest'
import {
  type Hash,
  IntegrityError,
  type ModelStore,
  NotFoundError,
  type StoredModel,
  seededRandom,
  unixMs,
  ZERO_HASH,
} from '../core/index.ts'
import { createModelRegistry } from './modelRegistry.ts'
import { randomArtifact } from './randomArtifact.fixture.ts'

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
  const artifact = randomArtifact(seededRandom(4), 3, [5])
  const now = unixMs(1_700_000_000_000)

  test('loads what it saved, under its content hash', async () => {
    const store = memoryStore()
    const registry = createModelRegistry(store)
    const hash = await registry.save({ artifact }, now)
    expect(store.rows.get(hash)).toMatchObject({ hash, name: 'random', createdAtMs: now })
    expect(await registry.load(hash)).toEqual(artifact)
  })

  test('notices one changed weight in the store', async () => {
    const store = memoryStore()
    const registry = createModelRegistry(store)
    const hash = await registry.save({ artifact }, now)
    const stored = store.rows.get(hash)!
    const { weights } = artifact.layers[0]!
    const changed = `${weights.startsWith('A') ? 'B' : 'A'}${weights.slice(1)}`
    store.rows.set(hash, { ...stored, artifact: stored.artifact.replace(weights, changed) })
    await expect(registry.load(hash)).rejects.toThrow(IntegrityError)
    await expect(registry.load(hash)).rejects.toThrow(hash)
  })

  test('does not take one model for another', async () => {
    const store = memoryStore()
    const registry = createModelRegistry(store)
    const hash = await registry.save({ artifact }, now)
    store.rows.set(ZERO_HASH, store.rows.get(hash)!)
    await expect(registry.load(ZERO_HASH)).rejects.toThrow(IntegrityError)
  })

  test('says that a model is not there', async () => {
    await expect(createModelRegistry(memoryStore()).load(ZERO_HASH)).rejects.toThrow(NotFoundError)
  })
})
