import { Gauge, type Registry } from 'prom-client'
import type { ModelHealth } from './modelHealth.ts'

/** How the model of an agent that runs is doing. */
export type AgentModel = {
  /** The agent's name. */
  readonly agent: string
  readonly health: ModelHealth
}

const DRIFT_LEVELS = { stable: 0, moderate: 1, significant: 2 } as const

/** Shows contest, drift and decay of the models of agents that run; nothing of what is not known yet. */
export function showModels(registry: Registry, read: () => readonly AgentModel[]): void {
  const show = (
    name: string,
    help: string,
    pick: (health: ModelHealth) => number | null | undefined,
    label?: { readonly name: string; readonly of: (health: ModelHealth) => string | null | undefined },
  ) =>
    new Gauge({
      name,
      help,
      labelNames: label === undefined ? ['agent'] : ['agent', label.name],
      registers: [registry],
      collect() {
        this.reset()
        for (const { agent, health } of read()) {
          const value = pick(health)
          if (value == null) continue
          this.set(label === undefined ? { agent } : { agent, [label.name]: label.of(health) ?? '' }, value)
        }
      },
    })
  show('touchstone_model_serving', 'Always 1: the model that an agent decides with.', () => 1, {
    name: 'model',
    of: ({ serving }) => serving,
  })
  show(
    'touchstone_model_challenger',
    'Always 1: the model that predicts beside the serving one.',
    ({ challenger }) => (challenger === null ? null : 1),
    { name: 'model', of: ({ challenger }) => challenger },
  )
  show(
    'touchstone_model_contest_outcomes',
    'Known outcomes that serving model and challenger both foretold.',
    ({ contest }) => contest?.outcomes,
  )
  show(
    'touchstone_model_contest_advantage_nats',
    'Mean log loss of the serving model less that of the challenger.',
    ({ contest }) => (contest?.outcomes === 0 ? null : contest?.meanAdvantage),
  )
  show(
    'touchstone_model_contest_t_statistic',
    'The advantage of the challenger in standard errors of it.',
    ({ contest }) => contest?.tStatistic,
  )
  show(
    'touchstone_model_drift_level',
    'Drift of the worst feature from the rows that the model was trained on: 0 stable, 1 moderate, 2 significant.',
    ({ drift }) => (drift?.level == null ? null : DRIFT_LEVELS[drift.level]),
  )
  show(
    'touchstone_model_drift_psi',
    'Population stability index of the worst feature against the rows that the model was trained on.',
    ({ drift }) => drift?.stabilityIndex,
    { name: 'feature', of: ({ drift }) => drift?.feature },
  )
  show(
    'touchstone_model_decay_outcomes',
    'Known outcomes of the predictions of the serving model.',
    ({ decay }) => decay?.outcomes,
  )
  show(
    'touchstone_model_decay_excess_nats',
    'Mean log loss of the serving model above that of its test.',
    ({ decay }) => decay?.excessLoss,
  )
  show(
    'touchstone_model_decay_cusum',
    'Cumulative sum of excess losses, in standard deviations of a block of outcomes.',
    ({ decay }) => decay?.cusum,
  )
  show(
    'touchstone_model_decay_alarm',
    '1 once the cumulative sum has reached its limit, else 0.',
    ({ decay }) => (decay == null ? null : Number(decay.alarm)),
  )
}
