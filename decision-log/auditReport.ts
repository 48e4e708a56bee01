import type { AgentId, Hash } from '../core/index.ts'

/** The steps of an audit, in the order in which they are checked and named. */
export const AUDIT_STEPS = [
  'anchor',
  'body',
  'proof',
  'signature',
  'data',
  'features',
  'model',
  'strategy',
] as const

/**
 * - anchor: the chain holds the decision's sequence, and no more or fewer decisions than the replay
 * - body: the stored text is the record whose hash the chain holds
 * - proof: the leaf leads to the root on chain
 * - signature: the key in force at the sequence signed the leaf
 * - data: the observations up to the decision are the recorded ones
 * - features: the feature vector computed again is equal
 * - model: the model is intact; its prediction and its attributions computed again are equal
 * - strategy: everything else in the decision computed again is equal
 */
export type AuditStep = (typeof AUDIT_STEPS)[number]

/** What a step found. A step is skipped when something that it needs is absent. */
export type StepResult = {
  readonly step: AuditStep
  readonly result: 'equal' | 'different' | 'skipped'
  /** What was expected and what was found, or why the step was skipped. */
  readonly detail?: string
}

/** The steps of a decision that differs; the first different one names the cause. */
export type AuditedDecision = { readonly sequence: number; readonly steps: readonly StepResult[] }

/** The outcome of an audit. */
export type AuditReport = {
  readonly agent: AgentId
  readonly checked: number
  /** Decisions of which no step differs. */
  readonly equal: number
  readonly different: number
  /** The decisions that differ, with all their steps. */
  readonly decisions: readonly AuditedDecision[]
  /**
   * Batches of the checked decisions whose root alone is on chain. It is no difference: the stored decisions make
   * up the root. But only their publisher can show them.
   */
  readonly rootOnly: readonly { readonly firstSequence: number; readonly count: number }[]
  /** How often each step was found equal, different or skipped. */
  readonly steps: Readonly<Record<AuditStep, StepCount>>
  /** How many decisions there are, and by which seed those that were checked were drawn; absent when all were. */
  readonly sample?: { readonly population: number; readonly seed: Hash }
}

export type StepCount = { readonly equal: number; readonly different: number; readonly skipped: number }
