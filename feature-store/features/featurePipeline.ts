import {
  eventAt,
  type Hash,
  type Instrument,
  IntegrityError,
  InvalidInputError,
  type MarketColumns,
  type MarketEvent,
  type MarketEventType,
  OTHER_ROW,
  type UnixMs,
  unixMs,
  type WithdrawalValue,
} from '../../core/index.ts'
import { cloneState } from './cloneState.ts'
import type { FeatureContext, FeatureDefinition } from './defineFeature.ts'
import { describedAt } from './describedAt.ts'
import { EventOrder } from './eventOrder.ts'
import { featureListeners } from './featureListeners.ts'
import type { HistoryReading } from './featureReading.ts'
import { featureSetHash } from './featureSetHash.ts'
import { type FeatureSlot, feedEvent, startFeature, writeValue } from './featureSlot.ts'
import { type ColumnSource, canReadAhead, ReadAhead } from './readAhead.ts'
import { retainEvents } from './retainedEvents.ts'
import type { SharedFeatures } from './sharedFeatures.ts'
import { isWithdrawal } from './withdrawn.ts'

/** Features of one instrument in one run: events in, vectors out. */
export type FeaturePipeline = {
  /** `featureSetHash` of its features. */
  readonly featureSet: Hash
  readonly names: readonly string[]
  /**
   * Takes in the next event. After a withdrawal the features are as if what it withdraws had never come.
   *
   * @throws IntegrityError when it does not come after the last one in the total order, or was known before
   * the time of a vector that was already given.
   */
  update(event: MarketEvent): void
  /**
   * Takes in the next event as a row: the same as `update(eventAt(columns, row))`, to the last bit, and throws the
   * same. Prices are read from the columns; an event is made only where a feature has no other way to read it. A row
   * must stay as it is until the next one is taken in, and as long as `lastPriced` may give it.
   */
  updateRow(columns: MarketColumns, row: number): void
  /**
   * Of the history, the row up to which nothing remains to be taken in, excluded: `updateRow` may be left out for those
   * before it. 0 without a history.
   */
  readonly takenTo: number
  /**
   * Of the history, the row up to which all that `takenTo` spares are bars of the traded instrument, each known later than
   * the row before it; 0 where one is not.
   */
  readonly barsTo: number
  /** The features at a row that was taken in last, or lies before `takenTo`, at the time that it was known. */
  vectorAt(columns: MarketColumns, row: number, target: Float32Array): void
  /** Where all features are read ahead in a history: what `vectorAt` writes, without writing it. Else null. */
  readonly reading: HistoryReading | null
  /**
   * The features at a time, in the order of the list; NaN where a value is missing, not finite, or past its
   * maximum age. Written into `target` where one is given, else into an array that is the caller's to keep.
   *
   * @throws IntegrityError when an event known later has already been taken in; InvalidInputError when the
   * target has another length.
   */
  vector(nowMs: UnixMs, target?: Float32Array): Float32Array
  /** Newest event that stands and prices the traded instrument; null before the first. */
  lastPriced(): MarketEvent | null
  /** Newest time that an input of each feature describes, in the order of the list; null before its first. */
  inputTimes(): (UnixMs | null)[]
}

/** Blocks that features can go back: four times what counts as final on Ethereum. */
export const DEFAULT_RETAIN_BLOCKS = 256

export type FeaturePipelineOptions = {
  /**
   * Blocks of a chain that may still be reorganised: so far back the features can go. 0, where no withdrawal
   * comes, keeps nothing.
   */
  readonly retainBlocks?: number
  /**
   * Columns whose rows are all there: given these, one after the other and nothing else, features read ahead in them. No
   * vector is another for that. Not read ahead in where a withdrawal may come (`retainBlocks`).
   */
  readonly history?: MarketColumns | undefined
  /** Where features of the history are that other runs computed. No vector is another for that. */
  readonly shared?: SharedFeatures | undefined
}

/** What a reorg takes back. */
type Saved = {
  readonly slots: readonly Pick<FeatureSlot, 'state' | 'newestMs'>[]
  readonly priced: MarketEvent | null
}

/**
 * Starts the features of a list afresh for one traded instrument.
 *
 * @throws InvalidInputError when two features have one name.
 */
export function createFeaturePipeline(
  features: readonly FeatureDefinition[],
  instrument: Instrument,
  { retainBlocks = 0, history, shared }: FeaturePipelineOptions = {},
): FeaturePipeline {
  const featureSet = featureSetHash(features)
  const context: FeatureContext = { instrument }
  const slots = features.map(feature => startFeature(feature, context))
  const isAhead = slots.map(slot => history !== undefined && retainBlocks === 0 && canReadAhead(slot))
  // Without features there is nothing but the order of the rows to look at, and that is read ahead too.
  const readsAhead =
    history !== undefined && retainBlocks === 0 && (slots.length === 0 || isAhead.includes(true))
  const wholeColumn: ColumnSource = feature =>
    (history && shared?.columnOf(feature, instrument, history)) ?? null
  const ahead = readsAhead ? new ReadAhead(slots, history, context, wholeColumn) : null
  /** Those that are fed row by row, and their places among all. */
  const fed = slots.filter((_, index) => isAhead[index] !== true)
  const places = fed.map(slot => slots.indexOf(slot))
  const traded = featureListeners(fed)
  const other = featureListeners(fed.filter(({ feature }) => feature.scope === 'any'))
  const order = new EventOrder()

  let priced: MarketEvent | null = null
  /** Columns of the newest priced row, where that is newer than `priced`. */
  let pricedColumns: MarketColumns | null = null
  let pricedRow = 0
  /** Columns that rows came from last, and the number of the traded instrument in them; −1 where it is not. */
  let boundColumns: MarketColumns | null = null
  let tradedNumber = -1

  function lastPriced(): MarketEvent | null {
    if (ahead !== null && history !== undefined)
      for (let row = ahead.row; row >= 0; row--)
        if (
          history.kind[row] !== OTHER_ROW &&
          history.instruments[history.instrument[row] ?? -1] === instrument.id
        )
          return eventAt(history, row)
    if (pricedColumns !== null) setPriced(eventAt(pricedColumns, pricedRow))
    return priced
  }

  function setPriced(event: MarketEvent | null): void {
    priced = event
    pricedColumns = null
  }

  const save = (): Saved => ({
    slots: slots.map(({ state, newestMs }) => ({ state: cloneState(state), newestMs })),
    priced: lastPriced(),
  })
  const retained = retainBlocks > 0 ? retainEvents(retainBlocks, save) : null

  function apply(event: MarketEvent): void {
    retained?.take(event)
    const isTraded = event.instrument === instrument.id
    if (isTraded && PRICING.has(event.value.type)) setPriced(event)
    const listeners = (isTraded ? traded : other).byType.get(event.value.type)
    if (listeners === undefined) return
    const described = describedAt(event)
    for (const slot of listeners) feedEvent(slot, event, described, context)
  }

  function applyRow(columns: MarketColumns, row: number, kind: number): void {
    if (columns !== boundColumns) {
      boundColumns = columns
      tradedNumber = columns.instruments.indexOf(instrument.id)
    }
    const isTraded = columns.instrument[row] === tradedNumber
    if (isTraded) {
      // They change seldom, and to store a reference costs more than to compare it.
      if (columns !== pricedColumns) pricedColumns = columns
      pricedRow = row
    }
    const listeners = (isTraded ? traded : other).byKind[kind]
    if (listeners === undefined) return
    const { byRow, byEvent } = listeners
    const describedMs = columns.closeMs[row] ?? Number.NEGATIVE_INFINITY
    for (let i = 0; i < byRow.length; i++) {
      const slot = byRow[i]
      if (slot === undefined) continue
      slot.updateRow(slot.state, columns, row, context)
      if (describedMs > slot.newestMs) slot.newestMs = describedMs
    }
    if (byEvent.length === 0) return
    const event = eventAt(columns, row)
    for (const slot of byEvent) feedEvent(slot, event, describedMs, context)
  }

  function askFor(nowMs: UnixMs, target: Float32Array): void {
    retained?.take(nowMs)
    ahead?.writeAt(nowMs, target)
    for (let i = 0; i < fed.length; i++) writeValue(fed[i] as FeatureSlot, nowMs, target, places[i] as number)
  }

  function withdraw(event: MarketEvent<WithdrawalValue>): void {
    if (retained === null) throw nothingRetained(event)
    const back = retained.withdraw(event)
    if (back === null) return
    for (const [index, slot] of slots.entries()) Object.assign(slot, back.state.slots[index])
    setPriced(back.state.priced)
    for (const each of back.replay) {
      if (typeof each !== 'number') apply(each)
      else askFor(each, new Float32Array(slots.length))
    }
  }

  function update(event: MarketEvent): void {
    order.takeEvent(event)
    if (isWithdrawal(event)) withdraw(event)
    else apply(event)
  }

  /** Takes in a row that was read ahead already: its order, and what is fed row by row. */
  function updateAhead(read: ReadAhead, columns: MarketColumns, row: number): void {
    if (columns !== history) throw new RangeError('A pipeline that reads ahead takes in rows of its history.')
    const isNew = row === read.to
    read.moveTo(row)
    if (fed.length === 0 && read.isPlain) {
      pipeline.takenTo = read.to
      pipeline.barsTo = read.isBars ? read.to : 0
      return
    }
    // Rows before a block that were not looked at one by one came in order.
    if (isNew && row > 0) order.skipTo(columns, row - 1)
    takeRow(columns, row)
  }

  function takeRow(columns: MarketColumns, row: number): void {
    const kind = columns.kind[row] ?? OTHER_ROW
    // What may be withdrawn is retained as events; and what has no price is an event in any case.
    if (retained !== null || kind === OTHER_ROW) update(eventAt(columns, row))
    else {
      order.takeRow(columns, row)
      applyRow(columns, row, kind)
    }
  }

  const pipeline: Mutable<FeaturePipeline> = {
    featureSet,
    names: features.map(feature => feature.name),
    update(event) {
      if (ahead !== null) throw new RangeError('A pipeline that reads ahead takes in rows of its history.')
      update(event)
    },
    updateRow(columns, row) {
      if (ahead !== null) updateAhead(ahead, columns, row)
      else takeRow(columns, row)
    },
    takenTo: 0,
    barsTo: 0,
    vectorAt(columns, row, target) {
      if (ahead === null || fed.length > 0) {
        pipeline.vector((columns.knownAt[row] ?? Number.NaN) as UnixMs, target)
        return
      }
      ahead.moveTo(row)
      ahead.write(target)
    },
    reading: fed.length === 0 ? ahead : null,
    lastPriced,
    inputTimes: () =>
      slots.map((slot, index) => {
        const newestMs = ahead !== null && isAhead[index] === true ? ahead.newest() : slot.newestMs
        return newestMs === Number.NEGATIVE_INFINITY ? null : unixMs(newestMs)
      }),
    vector(nowMs, target = new Float32Array(slots.length)) {
      if (target.length !== slots.length)
        throw new InvalidInputError(
          `The target has room for ${target.length} features; the pipeline has ${slots.length}.`,
          { facts: { room: target.length, features: slots.length }, hint: 'Give an array of that length.' },
        )
      order.takeVector(nowMs)
      askFor(nowMs, target)
      return target
    },
  }
  return pipeline
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Types of events that establish a price (`priceOf`). */
const PRICING: ReadonlySet<MarketEventType> = new Set(['swap', 'bar', 'trade', 'quote'])

function nothingRetained({ value }: MarketEvent<WithdrawalValue>): IntegrityError {
  const { source, forkBlock } = value
  return new IntegrityError(
    `The blocks of ${source} after ${forkBlock} are withdrawn, but the features keep nothing to go back to.`,
    { facts: { source, forkBlock }, hint: 'Give `retainBlocks` where observations may be withdrawn.' },
  )
}
