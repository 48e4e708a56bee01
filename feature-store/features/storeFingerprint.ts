import { digestOf, type Hash, type InstrumentId, type ObservationStore } from '../../core/index.ts'

/**
 * Hash that changes whenever what a store gives of some instruments does: over how far every source is ingested
 * (with the hash of its last block), what was withdrawn, and how much there is. It takes no look at the rows: a
 * store that was tampered with is found by an audit, not by this.
 */
export async function storeFingerprint(
  store: ObservationStore,
  instruments: readonly InstrumentId[],
): Promise<Hash> {
  const sources = await store.sources()
  return digestOf({
    instruments: [...instruments].sort(),
    cursors: (await Promise.all(sources.map(source => store.cursors(source)))).flat(),
    withdrawals: await store.withdrawals(instruments),
    observations: await store.count(instruments),
  })
}
