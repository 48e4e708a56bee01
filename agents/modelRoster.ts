import type { Hash, ModelChange, ModelChangeCause, UnixMs } from '../core/index.ts'
import { InvalidInputError, ZERO_HASH } from '../core/index.ts'
import type { Inference } from '../models/index.ts'
import { ModelContest, type PromotionRule } from './modelContest.ts'

/** A model that serves, or is admitted beside the one that does, from a time on. */
export type DatedModel = {
  /** It takes effect at the first instant of the agent's cadence that is not before. */
  readonly fromMs: UnixMs
  readonly inference: Inference
  readonly cause: Extract<ModelChangeCause, 'scheduled' | 'admitted' | 'rolledBack'>
}

/** The models of an agent: which serves, which is judged against it, and what is to come. */
export class ModelRoster {
  /** Every model so far, in the order in which they came; a record's model is one of them. */
  readonly models: Inference[]
  /** Place of the serving model; 0 for an agent without. */
  serving = 0
  /** Place of the one that is judged; −1 for none. */
  challenger = -1
  /** Between serving model and challenger; null without one, or without a rule. */
  contest: ModelContest | null = null
  /** What changed since they were last cleared, in order. */
  readonly changes: ModelChange[] = []
  readonly #rule: PromotionRule | null
  readonly #coming: DatedModel[] = []
  /** When the first of them comes. */
  #nextMs = Number.POSITIVE_INFINITY

  constructor(first: Inference | null, rule: PromotionRule | null) {
    this.models = first === null ? [] : [first]
    this.#rule = rule
  }

  /**
   * Adds a model that is to come.
   *
   * @throws InvalidInputError when it comes before one that was added already.
   */
  add(model: DatedModel): void {
    const before = this.#coming.at(-1)
    if (before !== undefined && model.fromMs < before.fromMs)
      throw new InvalidInputError(`Model ${model.inference.hash} comes before ${before.inference.hash}.`, {
        facts: { model: model.inference.hash, fromMs: model.fromMs, beforeMs: before.fromMs },
        hint: 'Add the models in the order of time.',
      })
    this.#coming.push(model)
    this.#nextMs = this.#coming[0]?.fromMs ?? Number.POSITIVE_INFINITY
  }

  /** Whether nothing changes any more: no model is to come, none is judged, and no change waits to be told. */
  get isSettled(): boolean {
    return this.#nextMs === Number.POSITIVE_INFINITY && this.contest === null && this.changes.length === 0
  }

  /** Takes what has come by an instant, and what the contest has decided; what is in force already changes nothing. */
  advance(nowMs: UnixMs): void {
    // At every instant of a run, most of which has one model: what is not there is not looked at.
    if (nowMs >= this.#nextMs || this.contest !== null) this.#take(nowMs)
  }

  #take(nowMs: UnixMs): void {
    if (this.contest?.isWon()) {
      // The old one stays beside it: should it do better again, the rule brings it back.
      const before = this.serving
      this.#serve(this.challenger, 'promoted')
      this.#challenge(before)
    }
    for (let next = this.#coming[0]; next !== undefined && next.fromMs <= nowMs; next = this.#coming[0]) {
      this.#coming.shift()
      const place = this.#placeOf(next.inference)
      if (this.#isInForce(place, next.cause)) continue
      if (next.cause === 'admitted') {
        this.changes.push(this.#change('admitted', this.hashAt(this.challenger), next.inference.hash))
        this.#challenge(place)
      } else {
        this.#serve(place, next.cause)
        this.#challenge(-1)
      }
    }
    this.#nextMs = this.#coming[0]?.fromMs ?? Number.POSITIVE_INFINITY
  }

  /** What was in force when the agent started, as the changes that led there. */
  deploy(): readonly ModelChange[] {
    if (this.models.length === 0) return []
    const deployed = this.#change('deployed', ZERO_HASH, this.hashAt(this.serving))
    if (this.challenger === -1) return [deployed]
    return [deployed, this.#change('admitted', ZERO_HASH, this.hashAt(this.challenger))]
  }

  hashAt(place: number): Hash {
    return this.models[place]?.hash ?? ZERO_HASH
  }

  #isInForce(place: number, cause: DatedModel['cause']): boolean {
    if (cause === 'admitted') return place === this.serving || place === this.challenger
    // To return to the serving model ends the contest, if there is one.
    return place === this.serving && (cause === 'scheduled' || this.challenger === -1)
  }

  #placeOf(inference: Inference): number {
    const place = this.models.findIndex(({ hash }) => hash === inference.hash)
    return place === -1 ? this.models.push(inference) - 1 : place
  }

  #serve(place: number, cause: ModelChangeCause): void {
    this.changes.push(this.#change(cause, this.hashAt(this.serving), this.hashAt(place)))
    this.serving = place
  }

  #challenge(place: number): void {
    this.challenger = place
    this.contest = place === -1 || this.#rule === null ? null : new ModelContest(this.#rule)
  }

  #change(cause: ModelChangeCause, from: Hash, to: Hash): ModelChange {
    return { kind: 'modelChange', cause, from, to }
  }
}
