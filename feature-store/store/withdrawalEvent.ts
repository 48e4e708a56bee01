import {
  canonicalJson,
  type Hash,
  type InstrumentId,
  type MarketEvent,
  type StoredObservation,
  toStoredObservation,
  type UnixMs,
} from '../../core/index.ts'

/** A withdrawal as its table holds it. */
export type WithdrawalRow = {
  readonly source: string
  readonly instrument: InstrumentId
  readonly visibleAtMs: UnixMs
  readonly ordinal: number
  readonly forkBlock: number
  readonly forkHash: Hash | null
  readonly throughBlock: number
  readonly observations: number
}

/** The event by which agents see a withdrawal. Its source row is the withdrawal itself. */
export function withdrawalEvent(row: WithdrawalRow): StoredObservation {
  const { source, instrument, visibleAtMs, ordinal, forkBlock, forkHash, throughBlock, observations } = row
  const event: MarketEvent = {
    instrument,
    validAt: visibleAtMs,
    knownAt: visibleAtMs,
    lineage: {
      kind: 'reorg',
      chainId: Number(source.slice(source.indexOf(':') + 1)),
      forkBlock,
      forkHash,
      ordinal,
    },
    value: { type: 'withdrawal', source, forkBlock, throughBlock, observations },
  }
  return toStoredObservation(event, canonicalJson({ forkBlock, forkHash, source, throughBlock }))
}
