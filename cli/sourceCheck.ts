import {
  deliveredEvent,
  type EventPosition,
  type Hash,
  type InstrumentId,
  IntegrityError,
  observationDigest,
  positionOf,
  type StoredObservation,
  type Withdrawal,
} from '../core/index.ts'
import { rereadSource } from './ingestSource.ts'
import type { SourceConfig } from './projectSchema.ts'
import type { Workspace } from './workspace.ts'

/** A row as its source gives it now. */
export type SourceRow = {
  readonly instrument: InstrumentId
  readonly position: EventPosition
  readonly digest: Hash
  readonly source: string
}

/** Reads a source again, as far as the store has it, through the code that ingested it. */
export async function readSourceAgain(workspace: Workspace, config: SourceConfig): Promise<SourceRow[]> {
  const rows: SourceRow[] = []
  for await (const { event, raw } of rereadSource(workspace, config))
    rows.push({
      instrument: event.instrument,
      position: positionOf(event),
      digest: observationDigest(event, raw),
      source: config.name,
    })
  return rows
}

/**
 * Passes stored observations on as long as they are what their sources hold, row for row. What a reorg withdrew,
 * and the withdrawals themselves, no source holds any more: they are the project's own record, and pass as such.
 *
 * @param rows What the sources hold; null when one of them could not be read again.
 * @param withdrawals Of the same instruments.
 * @throws IntegrityError naming the first observation that was changed, added or left out.
 */
export async function* checkedAgainstSources(
  observations: AsyncIterable<StoredObservation>,
  rows: readonly SourceRow[] | null,
  withdrawals: readonly Withdrawal[],
): AsyncGenerator<StoredObservation> {
  if (rows === null) {
    yield* observations
    return
  }
  const missing = new Map(rows.map(row => [placeOf(row.position), row]))
  for await (const observation of observations) {
    const { event, raw } = observation
    const position = positionOf(event)
    const row = missing.get(placeOf(position))
    if (event.value.type === 'withdrawal') yield observation
    else if (row !== undefined && row.digest === observationDigest(event, raw)) {
      missing.delete(placeOf(position))
      yield observation
    } else if (isWithdrawn(event.instrument, positionOf(deliveredEvent(observation)), withdrawals))
      yield observation
    else
      throw mismatch(
        position,
        row === undefined
          ? 'is in the store, but not in its source'
          : `is not what source ${row.source} holds`,
      )
  }
  for (const { position, source } of missing.values())
    throw mismatch(position, `is in source ${source}, but not in the store`)
}

const placeOf = ({ source, block, logIndex }: EventPosition): string => `${source}/${block}/${logIndex}`

/** A row of a replaced block that agents may have seen: a withdrawal of its instrument follows it. */
function isWithdrawn(
  instrument: InstrumentId,
  { source, block, knownAt }: EventPosition,
  withdrawals: readonly Withdrawal[],
): boolean {
  return withdrawals.some(
    withdrawal =>
      withdrawal.source === source &&
      withdrawal.instrument === instrument &&
      withdrawal.forkBlock < block &&
      knownAt < withdrawal.visibleAt,
  )
}

function mismatch({ source, block, logIndex }: EventPosition, fault: string): IntegrityError {
  const place = source.startsWith('eip155:') ? `block ${block}, log ${logIndex}` : `row ${block}`
  return new IntegrityError(`the observation at ${source} ${place} ${fault}`, {
    facts: { source, block, logIndex },
    hint: 'Restore the store or the source from a copy.',
  })
}
