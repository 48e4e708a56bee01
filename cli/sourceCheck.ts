import {
  comparePositions,
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
import type { SourceConfig } from './project.ts'
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
  const expected = rows
    .map(row => ({ ...row, position: deliveredPosition(row.position, withdrawals) }))
    .sort((a, b) => comparePositions(a.position, b.position))
  let next = 0
  for await (const observation of observations) {
    const position = positionOf(deliveredEvent(observation))
    if (observation.event.value.type === 'withdrawal' || isWithdrawn(position, withdrawals)) {
      yield observation
      continue
    }
    const row = expected[next]
    const order = row === undefined ? 1 : comparePositions(row.position, position)
    if (row !== undefined && order < 0)
      throw mismatch(row.position, `is in source ${row.source}, but not in the store`)
    if (row === undefined || order > 0) throw mismatch(position, 'is in the store, but not in its source')
    if (row.digest !== observationDigest(observation.event, observation.raw))
      throw mismatch(position, `is not what source ${row.source} holds`)
    next += 1
    yield observation
  }
  const missing = expected[next]
  if (missing !== undefined)
    throw mismatch(missing.position, `is in source ${missing.source}, but not in the store`)
}

const concerns = ({ source, forkBlock }: Withdrawal, position: EventPosition): boolean =>
  source === position.source && forkBlock < position.block

/** Where a row that stands is seen: with the last withdrawal of what it replaced, at the earliest. */
function deliveredPosition(position: EventPosition, withdrawals: readonly Withdrawal[]): EventPosition {
  let { knownAt } = position
  for (const withdrawal of withdrawals)
    if (withdrawal.visibleAt > knownAt && concerns(withdrawal, position)) knownAt = withdrawal.visibleAt
  return { ...position, knownAt }
}

/** A row that stands was seen after every withdrawal that concerns its block; any other was withdrawn. */
function isWithdrawn(seen: EventPosition, withdrawals: readonly Withdrawal[]): boolean {
  return withdrawals.some(withdrawal => seen.knownAt < withdrawal.visibleAt && concerns(withdrawal, seen))
}

function mismatch({ source, block, logIndex }: EventPosition, fault: string): IntegrityError {
  const place = source.startsWith('eip155:') ? `block ${block}, log ${logIndex}` : `row ${block}`
  return new IntegrityError(`the observation at ${source} ${place} ${fault}`, {
    facts: { source, block, logIndex },
    hint: 'Restore the store or the source from a copy.',
  })
}
