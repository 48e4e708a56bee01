import {
  type Address,
  canonicalJson,
  type EstimatedField,
  type EventPosition,
  type Hash,
  type InstrumentId,
  IntegrityError,
  type Lineage,
  type MarketEventType,
  type MarketValue,
  parseCanonicalJson,
  positionOf,
  type StoredObservation,
  type UnixMs,
} from '../../core/index.ts'
import { type Cell, type ColumnType, DATASET_COLUMNS } from './datasetColumns.ts'

/**
 * The columns that every file has: all that it takes to give an observation back as it was appended. Text stays
 * text, so that other programs read it too.
 */
export const ROW_COLUMNS: readonly (readonly [name: string, type: ColumnType])[] = [
  ['visible_at_ms', 'BIGINT'],
  ['source', 'VARCHAR'],
  ['block', 'BIGINT'],
  ['log_index', 'INTEGER'],
  ['known_at_ms', 'BIGINT'],
  ['valid_at_ms', 'BIGINT'],
  ['instrument', 'VARCHAR'],
  // Of a chain's log; null for a row of a feed, whose lineage is its place.
  ['address', 'VARCHAR'],
  ['block_hash', 'VARCHAR'],
  ['transaction_hash', 'VARCHAR'],
  ['estimated', 'VARCHAR'],
  ['value', 'VARCHAR'],
  ['raw', 'VARCHAR'],
  ['digest', 'VARCHAR'],
]

/** The names of `ROW_COLUMNS`, as a select list. */
export const ROW_LIST = ROW_COLUMNS.map(([name]) => `"${name}"`).join(', ')

/** The order that agents see rows in, and the one of a single source. */
export const DELIVERED_ORDER = ['visible_at_ms', 'source', 'block', 'log_index'] as const
export const PLACE_ORDER = ['block', 'log_index'] as const

/** All columns of a dataset's files, in order. */
export function fileColumns(dataset: MarketEventType): readonly (readonly [string, ColumnType])[] {
  return [...ROW_COLUMNS, ...DATASET_COLUMNS[dataset].map(({ name, type }) => [name, type] as const)]
}

/** An observation as the cells of its dataset's columns. */
export function toCells(stored: StoredObservation): Cell[] {
  const { event, raw, digest } = stored
  const { lineage, value } = event
  const { source, block, logIndex } = positionOf(event)
  if (lineage.kind === 'reorg')
    throw new IntegrityError('A withdrawal is no row of a source, and cannot be archived.', {
      facts: { source, block },
      hint: 'Archive what `scan` gives.',
    })
  const chain = lineage.kind === 'chain' ? lineage : null
  return [
    BigInt(stored.visibleAt ?? event.knownAt),
    source,
    BigInt(block),
    logIndex,
    BigInt(event.knownAt),
    BigInt(event.validAt),
    event.instrument,
    chain?.address ?? null,
    chain?.blockHash ?? null,
    chain?.transactionHash ?? null,
    chain?.estimated.join() ?? null,
    canonicalJson(value),
    raw,
    digest,
    ...DATASET_COLUMNS[value.type].map(({ read }) => read(event)),
  ]
}

/** Puts an observation together again from the cells of `ROW_COLUMNS`. */
export function fromCells(cells: readonly unknown[]): StoredObservation {
  const [visibleAtMs, source, block, logIndex, knownAtMs, validAtMs, instrument] = cells
  const [address, blockHash, transactionHash, estimated, value, raw, digest] = cells.slice(7)
  const place = { source: String(source), block: Number(block) }
  const knownAt = Number(knownAtMs) as UnixMs
  const visibleAt = Number(visibleAtMs) as UnixMs
  const lineage: Lineage =
    address === null
      ? { kind: 'feed', feed: place.source, sequence: place.block }
      : {
          kind: 'chain',
          chainId: Number(place.source.slice(place.source.indexOf(':') + 1)),
          address: address as Address,
          blockNumber: place.block,
          blockHash: blockHash as Hash,
          transactionHash: transactionHash as Hash,
          logIndex: Number(logIndex),
          estimated: estimated === '' ? [] : (String(estimated).split(',') as EstimatedField[]),
        }
  const stored: StoredObservation = {
    event: {
      instrument: instrument as InstrumentId,
      validAt: Number(validAtMs) as UnixMs,
      knownAt,
      lineage,
      value: parseCanonicalJson(String(value)) as MarketValue,
    },
    raw: String(raw),
    digest: digest as Hash,
  }
  return visibleAt > knownAt ? { ...stored, visibleAt } : stored
}

/** The position of the cells of `DELIVERED_ORDER`, which come first in a row. */
export function positionOfCells(cells: readonly unknown[]): EventPosition {
  const [visibleAtMs, source, block, logIndex] = cells
  return {
    knownAt: Number(visibleAtMs) as UnixMs,
    source: String(source),
    block: Number(block),
    logIndex: Number(logIndex),
  }
}
