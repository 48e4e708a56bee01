import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ObservationStore, type Store, unixMs } from '../../core/index.ts'
import { observationTests } from '../../core/observationStore.conformance.ts'
import { withdrawalTests } from '../../core/withdrawal.conformance.ts'
import { openPglite } from '../store/index.ts'
import { archiveObservations } from './archiveObservations.ts'
import { type History, openHistory } from './openHistory.ts'
import { createTieredObservationStore } from './tieredObservationStore.ts'

describe('a database whose final rows are archived after every write is an ObservationStore', () => {
  // Reorgs of the first suite are shallow; those of the second follow each other down to any block.
  const opened = [openArchiving(6), openArchiving(100)] as const
  const [shallow, deep] = opened.map(each => () => each.store()) as [() => Store, () => Store]
  beforeAll(() => Promise.all(opened.map(each => each.open())))
  afterAll(() => Promise.all(opened.map(each => each.close())))

  describe('observations', () => observationTests(shallow))
  describe('withdrawn observations', () => withdrawalTests(() => deep().observations))

  test('of which most rows were archived', async () => {
    const { files } = await opened[0].history().manifest()
    expect(files.reduce((sum, { rows }) => sum + rows, 0)).toBeGreaterThan(4_500)
  })
})

/** A store in memory with a history of its own, that archives what lies some blocks behind after each append. */
function openArchiving(finalityBlocks: number) {
  let store: Store
  let history: History
  let root: string
  return {
    store: () => store,
    history: () => history,
    async open() {
      root = await mkdtemp(join(tmpdir(), 'touchstone-history-'))
      history = openHistory({ root, threads: 1 })
      const plain = await openPglite({ directory: null })
      store = { ...plain, observations: archivingStore(plain.observations, history, finalityBlocks) }
    },
    async close() {
      await store.close()
      await history.close()
      await rm(root, { recursive: true })
    },
  }
}

/** Archives what is final after each append: a feed whole, a chain but for its last blocks. */
function archivingStore(head: ObservationStore, history: History, finalityBlocks: number): ObservationStore {
  const tiered = createTieredObservationStore(head, history)
  const furthest = new Map<string, number>()
  return {
    ...tiered,
    async append(batch) {
      const added = await tiered.append(batch)
      const { source, block } = batch.cursor
      furthest.set(source, Math.max(furthest.get(source) ?? -1, block))
      await archiveObservations({
        store: tiered,
        history,
        source,
        throughBlock: source.startsWith('eip155:')
          ? (furthest.get(source) ?? 0) - finalityBlocks
          : Number.MAX_SAFE_INTEGER,
        nowMs: unixMs(0),
        graceMs: 0,
      })
      return added
    },
  }
}
