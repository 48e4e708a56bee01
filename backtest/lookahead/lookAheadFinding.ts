import type { DecisionKind, InstrumentId, MarketEventType, SourcePosition, UnixMs } from '../../core/index.ts'

/** What used something too early: a part of the agent, the data, or the choice of instruments. */
export type LookAheadCulprit =
  | 'feature'
  | 'model'
  | 'strategy'
  | 'definition'
  | 'venue'
  | 'data'
  | 'instruments'
  | 'repeatability'

/** An observation by its place and times. */
export type NamedObservation = SourcePosition & {
  /** Its index in the history that was checked. */
  readonly index: number
  readonly type: MarketEventType
  readonly instrument: InstrumentId
  readonly validAt: UnixMs
  readonly knownAt: UnixMs
}

/** A decision by its place in the agent's log. */
export type NamedDecision = {
  readonly sequence: number
  readonly kind: DecisionKind
  readonly timeMs: UnixMs
}

/** One thing that the check found. */
export type LookAheadFinding = {
  readonly culprit: LookAheadCulprit
  /** Name of the feature, model, strategy, feed or instrument. */
  readonly name: string
  /**
   * `proved`: a rerun gave another result, or two times contradict each other. `suspected`: it looks like
   * look-ahead, and there may be a good reason for it.
   */
  readonly certainty: 'proved' | 'suspected'
  /** First time at which it shows; null where it is not of one time. */
  readonly timeMs: UnixMs | null
  /** First decision that rests on it; null where none does. */
  readonly decision: NamedDecision | null
  /** First observation that should not have been used; null where it is not of one observation. */
  readonly observation: NamedObservation | null
  /** Last observation that should not have been used, where it is another one. */
  readonly lastObservation: NamedObservation | null
  /** For people: what, where and when. */
  readonly sentence: string
}
