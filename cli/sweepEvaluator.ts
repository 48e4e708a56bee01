import { observedInstruments, tradedInstruments } from '../agents/index.ts'
import {
  computeStatistics,
  type Evaluate,
  type EvaluatorContext,
  runBacktestOver,
  statisticsInputOf,
} from '../backtest/index.ts'
import { type Hash, type InstrumentId, InvalidInputError, type UnixMs, ZERO_ADDRESS } from '../core/index.ts'
import { createFeaturePipeline } from '../feature-store/index.ts'
import { assertTrainedOn, createInference, parseSealedModel } from '../models/index.ts'
import { createAgentAt, loadAgentModule } from './agentCatalogue.ts'
import { backtestConfiguration } from './backtestConfiguration.ts'
import type { AgentConfig } from './projectSchema.ts'
import { figuresOf } from './sweepFigures.ts'
import { loadSweepHistory } from './sweepHistory.ts'

/** What each thread of a sweep makes its runs from. */
export type SweepRunSettings = {
  readonly agent: AgentConfig
  readonly model: Hash
  /** Text of the sealed model; null for agents without one. */
  readonly sealed: string | null
  readonly activeFromMs: UnixMs
  readonly retainBlocks: number
  /** Those whose events are in the history. */
  readonly instruments: readonly InstrumentId[]
}

/** Makes what runs an agent at a point of its space, once in each thread. */
export async function createSweepEvaluator({
  columns,
  settings,
  features,
}: EvaluatorContext<SweepRunSettings>): Promise<Evaluate> {
  const { agent, model, sealed: text, activeFromMs, retainBlocks, instruments } = settings
  const module = await loadAgentModule(agent.definition)
  const history = loadSweepHistory(columns)
  const sealed = text === null ? null : parseSealedModel(text, model)
  const inference = sealed === null ? null : createInference(sealed)
  return async point => {
    const definition = createAgentAt(module, agent, point)
    const missing = observedInstruments(definition).find(id => !instruments.includes(id))
    if (missing !== undefined || definition.instrument.id !== agent.instrument.id)
      throw new InvalidInputError(
        `At this point the agent observes ${missing ?? definition.instrument.id}, of which the sweep has no history.`,
        {
          facts: { instrument: missing ?? definition.instrument.id },
          hint: 'Let every point trade and observe the same instruments.',
        },
      )
    if (sealed !== null)
      assertTrainedOn(sealed.card, createFeaturePipeline(definition.features, definition.instrument))
    const run = runBacktestOver({
      agent: ZERO_ADDRESS,
      definition,
      inference,
      activeFromMs,
      retainBlocks,
      columns: history,
      shared: features,
    })
    const statistics = computeStatistics(statisticsInputOf(run), {
      decimals: tradedInstruments(definition).map(({ decimals }) => decimals),
    })
    return figuresOf(statistics, backtestConfiguration(definition, model))
  }
}
