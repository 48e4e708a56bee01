import { canonicalJson } from './canonicalJson.ts'
import { sha256 } from './digest.ts'
import type { Hash } from './hex.ts'
import type { MarketEvent } from './marketEvent.ts'
import type { Lineage } from './observation.ts'
import type { UnixMs } from './time.ts'

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
  /**
   * When it reached the agents, where that is later than `event.knownAt`: it replaced what a reorg withdrew,
   * and nobody could have seen it before the withdrawal. Absent otherwise.
   */
  readonly visibleAt?: UnixMs
}

/** The event as agents get it: known when it reached them. */
export function deliveredEvent({ event, visibleAt }: StoredObservation): MarketEvent {
  return visibleAt === undefined ? event : { ...event, knownAt: visibleAt }
}

/** What an agent's data root takes in of an observation: its content, and when it was delivered if late. */
export function deliveryDigest({ digest, visibleAt }: Pick<StoredObservation, 'digest' | 'visibleAt'>): Hash {
  return visibleAt === undefined ? digest : sha256(`${digest}\n${visibleAt}`)
}

/** SHA-256 that binds an event to the source row it was read from. */
export function observationDigest(event: MarketEvent, raw: string): Hash {
  const { instrument, knownAt, lineage, validAt, value } = event
  // What `canonicalJson(event)` gives.
  const text = `{"instrument":${canonicalJson(instrument)},"knownAt":${knownAt},"lineage":${lineageText(lineage)},"validAt":${validAt},"value":${canonicalJson(value)}}`
  return sha256(`${text}\n${raw}`)
}

/** What `canonicalJson` gives; a log's is written out, since there are most of them. */
function lineageText(lineage: Lineage): string {
  if (lineage.kind !== 'chain') return canonicalJson(lineage)
  const { address, blockHash, blockNumber, chainId, estimated, logIndex, transactionHash } = lineage
  return `{"address":${canonicalJson(address)},"blockHash":${canonicalJson(blockHash)},"blockNumber":${blockNumber},"chainId":${chainId},"estimated":${estimated.length === 0 ? '[]' : canonicalJson(estimated)},"kind":"chain","logIndex":${logIndex},"transactionHash":${canonicalJson(transactionHash)}}`
}

/** Joins an event to its source row. */
export function toStoredObservation(event: MarketEvent, raw: string): StoredObservation {
  return { event, raw, digest: observationDigest(event, raw) }
}
