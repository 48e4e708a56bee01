import type { Hash } from './hex.ts'
import type { UnixMs } from './time.ts'

/** A stored model: its artifact's canonical text and the hash of it. */
export type StoredModel = {
  /** SHA-256 of `artifact`. */
  readonly hash: Hash
  readonly name: string
  readonly artifact: string
  readonly createdAtMs: UnixMs
}

/** Model artifacts by content. A read does not check the hash: whoever uses an artifact does. */
export interface ModelStore {
  save(model: StoredModel): Promise<void>
  find(hash: Hash): Promise<StoredModel | null>
  /** Newest first. */
  list(): Promise<StoredModel[]>
}
