import {
  comparePositions,
  type EventPosition,
  formatInstant,
  IntegrityError,
  type MarketColumns,
  type MarketEvent,
  positionAt,
  positionOf,
  type UnixMs,
} from '../../core/index.ts'

/**
 * Sees to it that what is taken in comes in the total order, and that nothing is asked of the past. Fields rather
 * than variables of a closure: a number that a closure changes is allocated anew with every change.
 */
export class EventOrder {
  private lastKnownAt = Number.NEGATIVE_INFINITY
  private lastVectorAt = Number.NEGATIVE_INFINITY
  /** The last one taken in; null where it was a row. */
  private lastEvent: MarketEvent | null = null
  private lastColumns: MarketColumns | null = null
  private lastRow = 0

  /**
   * Takes in the next event.
   *
   * @throws IntegrityError when it does not come after the last one, or was known before a vector was asked for.
   */
  takeEvent(event: MarketEvent): void {
    const { knownAt } = event
    // Positions are compared in full only for what is known at one time: the usual case costs one test.
    if (knownAt <= this.lastKnownAt) this.assertAfterLast(positionOf(event))
    if (knownAt < this.lastVectorAt) throw lateError(knownAt, this.lastVectorAt)
    this.lastEvent = event
    this.lastKnownAt = knownAt
  }

  /** Takes in the next row, which stays as it is until another is taken in; throws as `takeEvent` does. */
  takeRow(columns: MarketColumns, row: number): void {
    const knownAt = columns.knownAt[row] ?? Number.NaN
    if (knownAt <= this.lastKnownAt) this.assertRowAfterLast(columns, row)
    if (knownAt < this.lastVectorAt) throw lateError(knownAt, this.lastVectorAt)
    // These change seldom, and to store a reference costs more than to compare it.
    if (this.lastEvent !== null) this.lastEvent = null
    if (this.lastColumns !== columns) this.lastColumns = columns
    this.lastRow = row
    this.lastKnownAt = knownAt
  }

  /** Goes on after a row that was found in order elsewhere. */
  skipTo(columns: MarketColumns, row: number): void {
    this.lastEvent = null
    this.lastColumns = columns
    this.lastRow = row
    this.lastKnownAt = columns.knownAt[row] ?? Number.NaN
  }

  /**
   * Notes that a vector is asked for.
   *
   * @throws IntegrityError when something known later has already been taken in.
   */
  takeVector(nowMs: UnixMs): void {
    if (nowMs < this.lastKnownAt) throw pastError(nowMs, this.lastKnownAt)
    if (nowMs > this.lastVectorAt) this.lastVectorAt = nowMs
  }

  /** Rows of one time are as frequent as ticks: those of one source and block are told apart without an object. */
  private assertRowAfterLast(columns: MarketColumns, row: number): void {
    const { lastColumns, lastRow, lastEvent } = this
    const isNextOfSource =
      lastEvent === null &&
      lastColumns === columns &&
      columns.knownAt[row] === columns.knownAt[lastRow] &&
      columns.source[row] === columns.source[lastRow] &&
      placeOf(columns.block, row) > placeOf(columns.block, lastRow)
    if (!isNextOfSource) this.assertAfterLast(positionAt(columns, row))
  }

  private assertAfterLast(next: EventPosition): void {
    const last = this.lastPosition()
    if (last !== null && comparePositions(last, next) >= 0) throw orderingError(last, next)
  }

  private lastPosition(): EventPosition | null {
    if (this.lastEvent !== null) return positionOf(this.lastEvent)
    return this.lastColumns === null ? null : positionAt(this.lastColumns, this.lastRow)
  }
}

const placeOf = (column: Float64Array, row: number): number => column[row] ?? Number.NaN

function orderingError(before: EventPosition, after: EventPosition): IntegrityError {
  const place = (position: EventPosition) =>
    `${position.source} ${position.block}/${position.logIndex}, known ${formatInstant(position.knownAt)}`
  return new IntegrityError(
    `The event ${place(after)} was fed after ${place(before)}, which is not before it in the total order.`,
    {
      facts: {
        source: after.source,
        block: after.block,
        logIndex: after.logIndex,
        knownAt: after.knownAt,
        lastSource: before.source,
        lastBlock: before.block,
        lastLogIndex: before.logIndex,
        lastKnownAt: before.knownAt,
      },
      hint: 'Feed each event once, sorted with compareEvents.',
    },
  )
}

function lateError(knownAt: number, lastVectorAt: number): IntegrityError {
  return new IntegrityError(
    `An event known at ${knownAt} was fed after the feature vector of ${lastVectorAt} was given.`,
    {
      facts: { knownAt, lastVectorAt },
      hint: 'Ask for a vector only at the time of the last event fed.',
    },
  )
}

function pastError(nowMs: number, lastKnownAt: number): IntegrityError {
  return new IntegrityError(
    `A feature vector was asked for ${nowMs}, but the pipeline has seen an event known at ${lastKnownAt}.`,
    {
      facts: { nowMs, lastKnownAt },
      hint: 'Ask for vectors in time order; a vector never contains what was known later.',
    },
  )
}
