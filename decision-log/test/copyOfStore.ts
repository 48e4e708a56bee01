import { createMemoryDecisionStore, type MemoryDecisionStore } from './memoryDecisionStore.ts'

/** A store with the same decisions and batches, as a backup restored on another host has them. */
export function copyOfStore(store: MemoryDecisionStore): MemoryDecisionStore {
  const copy = createMemoryDecisionStore()
  copy.rows.push(...store.rows)
  for (const [key, batch] of store.saved) copy.saved.set(key, batch)
  return copy
}
