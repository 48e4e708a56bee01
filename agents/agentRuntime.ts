import {
  type CashE8,
  type Hash,
  type Hex,
  InvalidInputError,
  type MarketEvent,
  PPM,
  type Ppm,
  type Prediction,
  type PriceE8,
  type Quantity,
  type UnixMs,
  ZERO_HASH,
} from '../core/index.ts'
import { createFeaturePipeline, packFeatures } from '../feature-store/index.ts'
import type { Inference } from '../models/index.ts'
import { checkConclusion, type StrategySignal, strategyHash, type WantedOrder } from '../strategies/index.ts'
import type { AgentDefinition } from './defineAgent.ts'

/** What `createAgentRuntime` takes. */
export type AgentRuntimeOptions = {
  readonly definition: AgentDefinition
  /** The definition's trained model; null for an agent without one. */
  readonly inference: Inference | null
  /** Blocks that a reorg may take back; 0, the default, where no withdrawal comes. */
  readonly retainBlocks?: number
  /** Told of each feature vector that is concluded from, with `inputTimes` of the pipeline; changes nothing. */
  readonly onVector?: (vector: Float32Array, inputTimes: readonly (UnixMs | null)[]) => void
}

/** The agent's market and portfolio at a decision instant. */
export type AgentView = {
  readonly nowMs: UnixMs
  readonly priceE8: PriceE8
  readonly exposure: Ppm
  readonly quantity: Quantity
  readonly equityE8: CashE8
}

/** What an agent concludes at a decision instant, and what it concluded it from. */
export type AgentConclusion = {
  /** The packed feature vector: `0x` for an agent without features. */
  readonly features: Hex
  readonly prediction: Prediction | null
  /** The prediction as the 32 bits of a binary32, or null without a model. */
  readonly predictionBits: number | null
  /** Direction 0 without strength where the strategy concluded nothing. */
  readonly signal: StrategySignal
  readonly target?: { readonly exposure: Ppm } | undefined
  readonly orders?: readonly WantedOrder[] | undefined
}

/** An agent's reasoning, running: it keeps the features, and no money. */
export type AgentRuntime = {
  /** Names and versions of the features, hashed; the zero hash for none. */
  readonly featureSet: Hash
  /** Content hash of the model; the zero hash for none. */
  readonly model: Hash
  readonly strategy: Hash
  /** Takes in an event; call it for every event, in order. */
  observe(event: MarketEvent): void
  /** Newest event that stands and prices the traded instrument; null before the first. */
  lastPriced(): MarketEvent | null
  /** Concludes from everything observed so far. It changes nothing. */
  conclude(view: AgentView): AgentConclusion
}

/**
 * Starts an agent's reasoning with no history.
 *
 * @throws InvalidInputError when the definition's model is missing, not wanted, or trained on other features.
 */
export function createAgentRuntime({
  definition,
  inference,
  retainBlocks = 0,
  onVector,
}: AgentRuntimeOptions): AgentRuntime {
  const { name, features, instrument, strategy, everyMs } = definition
  const pipeline = createFeaturePipeline(features, instrument, { retainBlocks })
  const places = new Map(pipeline.names.map((wanted, index) => [wanted, index]))
  checkModel(definition, inference)
  const nothing: StrategySignal = {
    direction: 0,
    strength: 0 as Ppm,
    confidence: (PPM / 2) as Ppm,
    horizonMs: inference?.horizonMs ?? everyMs,
  }

  let vector: Float32Array = new Float32Array(0)
  const feature = (wanted: string): number | null => {
    const place = places.get(wanted)
    if (place === undefined) throw unknownFeature(name, wanted, pipeline.names)
    const value = vector[place]
    return value === undefined || Number.isNaN(value) ? null : value
  }

  return {
    featureSet: features.length === 0 ? ZERO_HASH : pipeline.featureSet,
    model: inference?.hash ?? ZERO_HASH,
    strategy: strategyHash(strategy),
    observe: event => pipeline.update(event),
    lastPriced: () => pipeline.lastPriced(),
    conclude(view) {
      vector = pipeline.vector(view.nowMs)
      onVector?.(vector, pipeline.inputTimes())
      const prediction = inference?.toPrediction(vector) ?? null
      const { nowMs, priceE8, exposure, quantity, equityE8 } = view
      const decided = strategy.decide({ nowMs, priceE8, feature, prediction, exposure, quantity, equityE8 })
      const concluded = decided === null ? null : checkConclusion(strategy.name, decided)
      return {
        features: packFeatures(vector),
        prediction,
        predictionBits:
          prediction === null ? null : (inference?.predictionBits(prediction.probabilityUp) ?? null),
        signal: concluded?.signal ?? nothing,
        target: concluded?.target,
        orders: concluded?.orders,
      }
    },
  }
}

function checkModel({ name, model, features }: AgentDefinition, inference: Inference | null): void {
  if (model !== null && inference === null)
    throw new InvalidInputError(`Agent "${name}" needs its model "${model.name}", and none was given.`, {
      facts: { agent: name, model: model.name },
      hint: 'Train it, then pass its inference.',
    })
  if (model === null && inference !== null)
    throw new InvalidInputError(`Agent "${name}" uses no model, but ${inference.hash} was given.`, {
      facts: { agent: name, model: inference.hash },
      hint: 'Pass `inference: null`, or give the agent a `model`.',
    })
  if (inference === null) return
  const wanted = features.map(feature => feature.name)
  const trainedOn = trainedFeatures(inference, wanted.length)
  if (trainedOn.join() !== wanted.join())
    throw new InvalidInputError(`Agent "${name}" was given a model that was trained on other features.`, {
      facts: {
        agent: name,
        model: inference.hash,
        trainedOn: trainedOn.join(', ') || 'another number of features',
        features: wanted.join(', '),
      },
      hint: 'Train the agent’s model again on its present features.',
    })
}

/** Names of a model's features in order, as it explains itself; none when it takes another number of them. */
function trainedFeatures(inference: Inference, count: number): string[] {
  try {
    return inference.explain(new Float32Array(count).fill(Number.NaN)).map(({ feature }) => feature)
  } catch (error) {
    if (error instanceof InvalidInputError) return []
    throw error
  }
}

function unknownFeature(agent: string, feature: string, known: readonly string[]): InvalidInputError {
  return new InvalidInputError(`The strategy of agent "${agent}" asked for feature "${feature}".`, {
    facts: { agent, feature, known: known.join(', ') },
    hint: `Add it to the agent’s features, or use one of: ${known.join(', ') || 'none'}.`,
  })
}
