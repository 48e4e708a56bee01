import { chainSource, type ObservationStore, type StoredObservation } from '../../core/index.ts'

/** What a store holds of a chain, without what reorgs withdrew and when the rest became visible. */
export async function standingRows(store: ObservationStore, chainId: number): Promise<StoredObservation[]> {
  const rows = await store.scan({ source: chainSource(chainId), limit: 1_000_000 })
  return rows.map(({ visibleAt: _visibleAt, ...canonical }) => canonical)
}
