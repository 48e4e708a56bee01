import type { MadePrediction, ModelRoster } from '../agents/index.ts'
import type { Hash } from '../core/index.ts'
import type { ModelHealth } from '../hono-server/index.ts'
import {
  createDecayMonitor,
  createDriftMonitor,
  type DecayMonitor,
  type DriftMonitor,
  type ModelCard,
} from '../models/index.ts'

/** Watches the model that an agent decides with: its features beside its training, its losses beside its test. */
export type ModelMonitor = {
  /** Tells what is known of a model; one of which nothing is known is not watched. */
  know(model: Hash, card: ModelCard): void
  /** Takes each prediction of the serving model, in the order of time. */
  observe(made: MadePrediction): void
  /** How the serving model is doing; null for an agent without one. */
  report(
    roster: Pick<ModelRoster, 'models' | 'serving' | 'challenger' | 'contest' | 'hashAt'>,
  ): ModelHealth | null
}

/** A model that serves, watched since it began to. */
type Watched = {
  readonly model: Hash
  readonly drift: DriftMonitor | null
  readonly losses: Losses | null
}

/**
 * Starts watching. A model is watched from when it begins to serve, and anew when it serves again. It has no clock:
 * a restarted agent goes through its history, and its monitor with it.
 */
export function createModelMonitor(): ModelMonitor {
  const cards = new Map<Hash, ModelCard>()
  let watched: Watched | null = null
  return {
    know: (model, card) => void cards.set(model, card),
    observe({ model, nowMs, vector, price, probabilityUp }) {
      if (watched?.model !== model) {
        const card = cards.get(model)
        watched = card === undefined ? null : watch(model, card)
      }
      watched?.drift?.observe(vector)
      watched?.losses?.observe(nowMs, price, probabilityUp)
    },
    report(roster) {
      if (roster.models.length === 0) return null
      const serving = roster.hashAt(roster.serving)
      const own = watched?.model === serving ? watched : null
      return {
        serving,
        challenger: roster.challenger === -1 ? null : roster.hashAt(roster.challenger),
        contest: roster.contest?.standing() ?? null,
        drift: own?.drift == null ? null : driftOf(own.drift),
        decay: own?.losses == null ? null : own.losses.report(),
      }
    },
  }
}

function watch(model: Hash, { spread, losses, label }: ModelCard): Watched {
  return {
    model,
    drift: spread === null ? null : createDriftMonitor(spread),
    // What other labels look at, a price at the end of the horizon does not tell.
    losses: losses === null || label.kind !== 'forward-return' ? null : new Losses(losses, label.horizonMs),
  }
}

function driftOf(monitor: DriftMonitor): ModelHealth['drift'] {
  const { rows, level, features } = monitor.report()
  if (level === null) return { rows, level, feature: null, stabilityIndex: null }
  const worst = features.reduce((a, b) => (b.stabilityIndex > a.stabilityIndex ? b : a))
  return { rows, level, feature: worst.name, stabilityIndex: worst.stabilityIndex }
}

/** Scores predictions by the last price known when their horizon ended, as the labels of the training were. */
class Losses {
  readonly #monitor: DecayMonitor
  readonly #horizonMs: number
  readonly #open: { readonly dueMs: number; readonly price: number; readonly probability: number }[] = []
  #lastPrice = Number.NaN

  constructor(usual: NonNullable<ModelCard['losses']>, horizonMs: number) {
    this.#monitor = createDecayMonitor(usual)
    this.#horizonMs = horizonMs
  }

  observe(nowMs: number, price: number, probability: number): void {
    this.#settle(before => before < nowMs)
    this.#lastPrice = price
    this.#settle(before => before === nowMs)
    this.#open.push({ dueMs: nowMs + this.#horizonMs, price, probability })
  }

  #settle(isDue: (dueMs: number) => boolean): void {
    for (let next = this.#open[0]; next !== undefined && isDue(next.dueMs); next = this.#open[0]) {
      this.#open.shift()
      this.#monitor.observe(next.probability, this.#lastPrice > next.price ? 1 : 0)
    }
  }

  report(): NonNullable<ModelHealth['decay']> {
    const { rows, excessLoss, cusum, alarm } = this.#monitor.report()
    return { outcomes: rows, excessLoss, cusum, alarm }
  }
}
