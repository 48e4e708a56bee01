import { Gauge, type Registry } from 'prom-client'
import type { FeatureHealth } from '../feature-store/index.ts'

/** How the features of an agent that runs are doing. */
export type AgentFeatures = {
  /** The agent's name. */
  readonly agent: string
  readonly features: readonly FeatureHealth[]
}

/** Shows freshness and drift of the features of agents that run; nothing of what is not known yet. */
export function showFeatures(registry: Registry, read: () => readonly AgentFeatures[]): void {
  const show = (name: string, help: string, pick: (health: FeatureHealth) => number | null) =>
    new Gauge({
      name,
      help,
      labelNames: ['agent', 'feature'],
      registers: [registry],
      collect() {
        this.reset()
        for (const { agent, features } of read())
          for (const health of features) {
            const value = pick(health)
            if (value !== null) this.set({ agent, feature: health.name }, value)
          }
      },
    })
  show(
    'touchstone_feature_age_seconds',
    'Time since what the newest input of a feature describes.',
    ({ ageMs }) => (ageMs === null ? null : ageMs / 1_000),
  )
  show(
    'touchstone_feature_missing_ratio',
    'Share of the last vectors that lack a feature.',
    ({ missing }) => missing,
  )
  show(
    'touchstone_feature_drift_psi',
    'Population stability index of the last values of a feature against its reference.',
    ({ drift }) => drift,
  )
}
