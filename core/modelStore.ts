import type { Hash } from './hex.ts'
import type { UnixMs } from './time.ts'

/** A stored model: its artifact's canonical text and the hash of it. */
export type StoredModel = {
  /** Names the model by its content; how, its artifact's format says. */
  readonly hash: Hash
  readonly name: string
  readonly artifact: string
  readonly createdAtMs: UnixMs
}

/** Model artifacts by content. It does not know their format: whoever saves or uses one checks its hash. */
export interface ModelStore {
  save(model: StoredModel): Promise<void>
  find(hash: Hash): Promise<StoredModel | null>
  /** Newest first. */
  list(): Promise<StoredModel[]>
}
