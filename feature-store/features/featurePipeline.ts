import {
  compareEvents,
  formatInstant,
  type Hash,
  type Instrument,
  IntegrityError,
  InvalidInputError,
  type MarketEvent,
  type MarketEventType,
  positionOf,
  type UnixMs,
} from '../../core/index.ts'
import type { FeatureContext, FeatureDefinition } from './defineFeature.ts'
import { describedAt } from './describedAt.ts'
import { featureSetHash } from './featureSetHash.ts'

/** Features of one instrument in one run: events in, vectors out. */
export type FeaturePipeline = {
  /** `featureSetHash` of its features. */
  readonly featureSet: Hash
  readonly names: readonly string[]
  /**
   * Takes in the next event.
   *
   * @throws IntegrityError when it does not come after the last one in the total order, or was known before
   * the time of a vector that was already given.
   */
  update(event: MarketEvent): void
  /**
   * The features at a time, in the order of the list; NaN where a value is missing, not finite, or past its
   * maximum age. Written into `target` where one is given, else into an array that is the caller's to keep.
   *
   * @throws IntegrityError when an event known later has already been taken in; InvalidInputError when the
   * target has another length.
   */
  vector(nowMs: UnixMs, target?: Float32Array): Float32Array
}

type Slot = {
  readonly feature: FeatureDefinition
  readonly state: unknown
  /** Newest time that an input describes. */
  newestMs: number
}

type Table = Map<MarketEventType, Slot[]>

/**
 * Starts the features of a list afresh for one traded instrument.
 *
 * @throws InvalidInputError when two features have one name.
 */
export function createFeaturePipeline(
  features: readonly FeatureDefinition[],
  instrument: Instrument,
): FeaturePipeline {
  const featureSet = featureSetHash(features)
  const context: FeatureContext = { instrument }
  const slots = features.map(
    (feature): Slot => ({ feature, state: feature.init(context), newestMs: Number.NEGATIVE_INFINITY }),
  )
  const traded: Table = new Map()
  const other: Table = new Map()
  for (const slot of slots)
    for (const type of slot.feature.inputs) {
      appendTo(traded, type, slot)
      if (slot.feature.scope === 'any') appendTo(other, type, slot)
    }

  let last: MarketEvent | null = null
  let lastKnownAt = Number.NEGATIVE_INFINITY
  let lastVectorAt = Number.NEGATIVE_INFINITY

  return {
    featureSet,
    names: features.map(feature => feature.name),
    update(event) {
      const { knownAt } = event
      // Positions are compared in full only for events known at one time: the usual case costs one test.
      if (knownAt <= lastKnownAt && last !== null && compareEvents(last, event) >= 0)
        throw orderingError(last, event)
      if (knownAt < lastVectorAt) throw lateError(event, lastVectorAt)
      last = event
      lastKnownAt = knownAt
      const listeners = (event.instrument === instrument.id ? traded : other).get(event.value.type)
      if (listeners === undefined) return
      const described = describedAt(event)
      for (const slot of listeners) {
        slot.feature.update(slot.state, event, context)
        if (described > slot.newestMs) slot.newestMs = described
      }
    },
    vector(nowMs, target = new Float32Array(slots.length)) {
      if (nowMs < lastKnownAt)
        throw new IntegrityError(
          `A feature vector was asked for ${nowMs}, but the pipeline has seen an event known at ${lastKnownAt}.`,
          {
            facts: { nowMs, lastKnownAt },
            hint: 'Ask for vectors in time order; a vector never contains what was known later.',
          },
        )
      if (target.length !== slots.length)
        throw new InvalidInputError(
          `The target has room for ${target.length} features; the pipeline has ${slots.length}.`,
          { facts: { room: target.length, features: slots.length }, hint: 'Give an array of that length.' },
        )
      if (nowMs > lastVectorAt) lastVectorAt = nowMs
      for (let i = 0; i < slots.length; i++) {
        const slot = slots[i]
        target[i] = slot === undefined ? Number.NaN : slotValue(slot, nowMs)
      }
      return target
    },
  }
}

function slotValue({ feature, state, newestMs }: Slot, nowMs: UnixMs): number {
  if (feature.maxAgeMs !== null && nowMs - newestMs > feature.maxAgeMs) return Number.NaN
  const value = feature.value(state, nowMs)
  if (value === null) return Number.NaN
  // Rounded before it is judged: a finite double may be infinite as a binary32.
  const rounded = Math.fround(value)
  // Adding 0 turns −0 into 0: a record holds one zero.
  return Number.isFinite(rounded) ? rounded + 0 : Number.NaN
}

function appendTo(table: Table, type: MarketEventType, slot: Slot): void {
  const slots = table.get(type)
  if (slots === undefined) table.set(type, [slot])
  else slots.push(slot)
}

function orderingError(last: MarketEvent, event: MarketEvent): IntegrityError {
  const [before, after] = [positionOf(last), positionOf(event)]
  const place = (position: typeof before) =>
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

function lateError(event: MarketEvent, lastVectorAt: number): IntegrityError {
  return new IntegrityError(
    `An event known at ${event.knownAt} was fed after the feature vector of ${lastVectorAt} was given.`,
    {
      facts: { knownAt: event.knownAt, lastVectorAt },
      hint: 'Ask for a vector only at the time of the last event fed.',
    },
  )
}
