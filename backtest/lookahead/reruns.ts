import { type MarketEvent, toError } from '../../core/index.ts'
import type { FeatureDefinition } from '../../feature-store/index.ts'
import { type Alteration, alteredHistory, type PoisonAt } from './alteredHistory.ts'
import type { CheckedAgent, RebuildAgent } from './checkedAgent.ts'
import { type DecisionDifference, decisionDifference } from './decisionDifference.ts'
import { type FeatureDifference, featureDifferences } from './featureDifference.ts'
import { type AgentPart, partAtFault, sameSettings } from './partAtFault.ts'
import type { Sighting } from './searchLookAhead.ts'
import { type FeatureTraces, traceFeatures } from './traceFeatures.ts'
import { type RunSettings, type RunTrace, traceRun } from './traceRun.ts'

/** Where a rerun's decisions first differ from the agent's own. */
export type RunSighting = Sighting & {
  readonly part: AgentPart
  /** Null where the agent could not even be built, or has other settings that no decision shows. */
  readonly difference: DecisionDifference | null
  readonly error: Error | null
}

/** Where a feature of a rerun first differs, run alone. */
export type FeatureSighting = Sighting & FeatureDifference

/** An agent with its own run, and the means to run it again on altered histories. */
export type Reruns = {
  readonly agent: CheckedAgent
  readonly run: RunTrace
  readonly features: FeatureTraces
  /** Indices of the events at which it decided, filled or should have decided, ascending. */
  readonly moments: readonly number[]
  /** Agent and feature runs made so far. */
  count(): number
  /**
   * Runs it again. Drives the agent through the whole altered history, unless `prefixOnly`, and compares what it
   * decides at the events before `until`.
   */
  decisions(alteration: Alteration, until: number, prefixOnly?: boolean): Promise<RunSighting | null>
  /** Runs features alone again, all of them or the one named, and compares their values before `until`. */
  featuresAlone(alteration: Alteration, until: number, only?: string): Promise<FeatureSighting[]>
}

export type RerunOptions = {
  readonly agent: CheckedAgent
  readonly rebuild: RebuildAgent | undefined
  readonly events: readonly MarketEvent[]
  readonly settings: RunSettings
  readonly poison: PoisonAt
}

/**
 * Runs an agent over its history, to compare later runs with.
 *
 * @throws what the agent throws on its own history.
 */
export function createReruns({ agent, rebuild, events, settings, poison }: RerunOptions): Reruns {
  const run = traceRun(agent, events, settings)
  if (run.failure !== null) throw run.failure.error
  const features = traceFeatures(agent.definition, agent.definition.features, events, settings)
  if (features.failure !== null) throw features.failure.error
  const moments = [...new Set([...features.instants, ...run.causes])].sort((a, b) => a - b)
  let count = 2

  const rebuilt = async (history: readonly MarketEvent[]): Promise<CheckedAgent> =>
    rebuild === undefined ? agent : await rebuild(history)

  return {
    agent,
    run,
    features,
    moments,
    count: () => count,
    async decisions(alteration, until, prefixOnly = false) {
      count++
      const history = alteredHistory(events, alteration, poison)
      let built: CheckedAgent
      let trace: RunTrace
      try {
        built = await rebuilt(history)
        trace = traceRun(built, history, settings, prefixOnly ? until : undefined)
      } catch (thrown) {
        return { index: moments[0] ?? 0, part: 'definition', difference: null, error: toError(thrown) }
      }
      const difference = decisionDifference(run, trace, until)
      if (difference === null) {
        // Another definition was chosen by the future, even where the decisions do not show it yet.
        if (sameSettings(agent.definition, built.definition)) return null
        return { index: moments[0] ?? 0, part: 'definition', difference: null, error: null }
      }
      const part = partAtFault(difference, agent, built)
      return { index: difference.index, part, difference, error: difference.error }
    },
    async featuresAlone(alteration, until, only) {
      count++
      const history = alteredHistory(events, alteration, poison)
      let built: CheckedAgent
      try {
        built = await rebuilt(history)
      } catch {
        // `decisions` says so.
        return []
      }
      const { definition } = built
      const compare = (wanted: readonly FeatureDefinition[], own: FeatureTraces) => {
        const traces = traceFeatures(definition, wanted, history, settings, until)
        return traces.failure !== null && own.names.length > 1 ? null : featureDifferences(own, traces, until)
      }
      const alone = (name: string) =>
        compare(
          definition.features.filter(feature => feature.name === name),
          column(features, name),
        ) ?? []
      // Where one throws, the others are not to blame.
      if (only !== undefined) return alone(only)
      return compare(definition.features, features) ?? features.names.flatMap(alone)
    },
  }
}

/** One feature's values out of those of all. */
function column({ names, instants, vectors, failure }: FeatureTraces, name: string): FeatureTraces {
  const place = names.indexOf(name)
  const values = Float32Array.from(instants, (_, row) => vectors[row * names.length + place] ?? Number.NaN)
  return { names: [name], instants, vectors: values, failure }
}
