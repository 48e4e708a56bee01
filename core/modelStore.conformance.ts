import { expect, test } from 'vitest'
import { sha256 } from './digest.ts'
import { fresh, hashOf } from './freshNames.conformance.ts'
import type { Store } from './store.ts'
import { unixMs } from './time.ts'

/** What every `ModelStore` promises. */
export function modelTests(store: () => Store): void {
  const model = (createdAt: number) => {
    const artifact = `{"weights":[${fresh()}],"note":"\\"quoted\\" é"}`
    return { hash: sha256(artifact), name: `model-${fresh()}`, artifact, createdAtMs: unixMs(createdAt) }
  }

  test('are found by content, listed newest first, and saved once', async () => {
    const [older, newer] = [model(1_000), model(2_000)]
    await store().models.save(older)
    await store().models.save(newer)
    await store().models.save({ ...older, name: 'again', createdAtMs: unixMs(9_000) })
    expect(await store().models.find(older.hash)).toEqual(older)
    expect(await store().models.find(hashOf(fresh()))).toBeNull()
    const listed = await store().models.list()
    expect(listed.filter(({ hash }) => hash === older.hash || hash === newer.hash)).toEqual([newer, older])
  })
}
