import { canonicalJson } from './canonicalJson.ts'
import { sha256 } from './digest.ts'
import type { Hash } from './hex.ts'
import type { MarketEvent } from './marketEvent.ts'

/** An event together with the source row that it was read from. */
export type StoredObservation = {
  readonly event: MarketEvent
  /**
   * The source row, byte for byte as the decoder took it: canonical JSON of the JSON-RPC log (address,
   * topics, data, place), or the line of a file. An audit decodes it again.
   */
  readonly raw: string
  /** `observationDigest(event, raw)`. */
  readonly digest: Hash
}

/** SHA-256 that binds an event to the source row it was read from. */
export function observationDigest(event: MarketEvent, raw: string): Hash {
  return sha256(`${canonicalJson(event)}\n${raw}`)
}

/** Joins an event to its source row. */
export function toStoredObservation(event: MarketEvent, raw: string): StoredObservation {
  return { event, raw, digest: observationDigest(event, raw) }
}
