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
  unixMs,
  type WithdrawalValue,
} from '../../core/index.ts'
import { cloneState } from './cloneState.ts'
import type { FeatureContext, FeatureDefinition } from './defineFeature.ts'
import { describedAt } from './describedAt.ts'
import { featureSetHash } from './featureSetHash.ts'
import { retainEvents } from './retainedEvents.ts'
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
}

type Slot = {
  readonly feature: FeatureDefinition
  state: unknown
  /** Newest time that an input describes. */
  newestMs: number
}

type Table = Map<MarketEventType, Slot[]>

/** What a reorg takes back. */
type Saved = {
  readonly slots: readonly Pick<Slot, 'state' | 'newestMs'>[]
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
  { retainBlocks = 0 }: FeaturePipelineOptions = {},
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
  let priced: MarketEvent | null = null

  const save = (): Saved => ({
    slots: slots.map(({ state, newestMs }) => ({ state: cloneState(state), newestMs })),
    priced,
  })
  const retained = retainBlocks > 0 ? retainEvents(retainBlocks, save) : null

  function apply(event: MarketEvent): void {
    retained?.take(event)
    const isTraded = event.instrument === instrument.id
    if (isTraded && PRICING.has(event.value.type)) priced = event
    const listeners = (isTraded ? traded : other).get(event.value.type)
    if (listeners === undefined) return
    const described = describedAt(event)
    for (const slot of listeners) {
      slot.feature.update(slot.state, event, context)
      if (described > slot.newestMs) slot.newestMs = described
    }
  }

  function askFor(nowMs: UnixMs, target: Float32Array): void {
    retained?.take(nowMs)
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]
      target[i] = slot === undefined ? Number.NaN : slotValue(slot, nowMs)
    }
  }

  function withdraw(event: MarketEvent<WithdrawalValue>): void {
    if (retained === null) throw nothingRetained(event)
    const back = retained.withdraw(event)
    if (back === null) return
    for (const [index, slot] of slots.entries()) Object.assign(slot, back.state.slots[index])
    priced = back.state.priced
    for (const each of back.replay) {
      if (typeof each !== 'number') apply(each)
      else askFor(each, new Float32Array(slots.length))
    }
  }

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
      if (isWithdrawal(event)) withdraw(event)
      else apply(event)
    },
    lastPriced: () => priced,
    inputTimes: () =>
      slots.map(({ newestMs }) => (newestMs === Number.NEGATIVE_INFINITY ? null : unixMs(newestMs))),
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
      askFor(nowMs, target)
      return target
    },
  }
}

/** Types of events that establish a price (`priceOf`). */
const PRICING: ReadonlySet<MarketEventType> = new Set(['swap', 'bar', 'trade', 'quote'])

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

function nothingRetained({ value }: MarketEvent<WithdrawalValue>): IntegrityError {
  const { source, forkBlock } = value
  return new IntegrityError(
    `The blocks of ${source} after ${forkBlock} are withdrawn, but the features keep nothing to go back to.`,
    { facts: { source, forkBlock }, hint: 'Give `retainBlocks` where observations may be withdrawn.' },
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
