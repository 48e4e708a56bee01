import {
  type CashE8,
  type Hash,
  type Hex,
  type MarketColumns,
  type MarketEvent,
  type OrderTerms,
  PPM,
  type Ppm,
  type Prediction,
  type UnixMs,
  ZERO_HASH,
} from '../core/index.ts'
import { createFeaturePipeline, type FeaturePipeline, packFeatures } from '../feature-store/index.ts'
import type { Inference } from '../models/index.ts'
import {
  checkConclusion,
  type MarketView,
  type StrategyConclusion,
  type StrategySignal,
  strategyHash,
} from '../strategies/index.ts'
import { checkModel } from './checkModel.ts'
import { type AgentDefinition, tradedInstruments } from './defineAgent.ts'
import { type Reasoning, strategyViewOver } from './strategyViewOver.ts'
import { unknownInstrument } from './unknownName.ts'

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

/** A traded instrument at a decision instant, without what the agent makes of it. */
export type AgentMarket = Omit<MarketView, 'feature' | 'prediction'>

/**
 * The agent's markets and money at a decision instant. One object for a whole run, whose fields are read anew each
 * time: what a strategy does not ask for is not computed.
 */
export type AgentView = {
  readonly nowMs: UnixMs
  readonly equityE8: CashE8
  readonly cashE8: CashE8
  /** In the order of `tradedInstruments`. */
  readonly markets: readonly AgentMarket[]
}

/** What an agent concludes about one instrument; written anew by the next conclusion. */
export type AgentConclusion = {
  /** Index among the traded instruments. */
  readonly market: number
  readonly prediction: Prediction | null
  /** The prediction as the 32 bits of a binary32, or null without a model. */
  readonly predictionBits: number | null
  /** Direction 0 without strength where the strategy concluded nothing. */
  readonly signal: StrategySignal
  readonly target: { readonly exposure: Ppm } | undefined
  readonly orders: readonly OrderTerms[] | undefined
  readonly cancel: readonly number[] | undefined
}

/** An agent's reasoning, running: it keeps the features, and no money. */
export type AgentRuntime = {
  /** Names and versions of the features, hashed; the zero hash for none. */
  readonly featureSet: Hash
  /** Content hash of the model; the zero hash for none. */
  readonly model: Hash
  readonly strategy: Hash
  /** Takes in a row of events; call it for every row, in order. */
  observe(columns: MarketColumns, row: number): void
  /** Newest event that stands and prices a traded instrument; null before the first. */
  lastPriced(market: number): MarketEvent | null
  /** Writes a feature vector as a record holds it; `0x` for an agent without features. */
  pack(vector: Float32Array): Hex
  /** The features that a market was last concluded on; overwritten by the next conclusion. */
  vector(market: number): Float32Array
  /**
   * Concludes from everything observed so far, on one instrument or several. It changes nothing; give it the same view
   * object each time.
   */
  conclude(view: AgentView): readonly AgentConclusion[]
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
  const { name, features, strategy, everyMs } = definition
  checkModel(definition, inference)
  const instruments = tradedInstruments(definition)
  const reasonings = instruments.map((instrument): Reasoning & { pipeline: FeaturePipeline } => {
    const pipeline = createFeaturePipeline(features, instrument, { retainBlocks })
    return {
      agent: name,
      pipeline,
      names: pipeline.names,
      places: new Map(pipeline.names.map((wanted, index) => [wanted, index])),
      vector: new Float32Array(features.length),
      prediction: null,
    }
  })
  const [first] = reasonings
  const nothing: StrategySignal = {
    direction: 0,
    strength: 0 as Ppm,
    confidence: (PPM / 2) as Ppm,
    horizonMs: inference?.horizonMs ?? everyMs,
  }
  const strategyView = strategyViewOver(reasonings)

  function prepare(nowMs: UnixMs): void {
    for (const reasoning of reasonings) {
      reasoning.pipeline.vector(nowMs, reasoning.vector)
      onVector?.(reasoning.vector, reasoning.pipeline.inputTimes())
      if (inference !== null) reasoning.prediction = inference.toPrediction(reasoning.vector)
    }
  }

  function marketOf({ instrument }: StrategyConclusion): number {
    if (instrument === undefined) return 0
    const found = instruments.findIndex(({ id }) => id === instrument)
    if (found !== -1) return found
    throw unknownInstrument(name, instrument, instruments)
  }

  // Written anew at each conclusion: an agent concludes at every bar, and few of its conclusions are looked at.
  const pool: Mutable<AgentConclusion>[] = []
  const made: AgentConclusion[] = []
  let count = 0

  function conclude(
    market: number,
    signal: StrategySignal,
    target: AgentConclusion['target'],
    orders: AgentConclusion['orders'],
    cancel: AgentConclusion['cancel'],
  ): void {
    const prediction = reasonings[market]?.prediction ?? null
    const predictionBits =
      prediction === null ? null : (inference?.predictionBits(prediction.probabilityUp) ?? null)
    const conclusion = pool[count]
    if (conclusion === undefined) {
      const added = { market, prediction, predictionBits, signal, target, orders, cancel }
      pool.push(added)
      made[count++] = added
      return
    }
    conclusion.market = market
    conclusion.prediction = prediction
    conclusion.predictionBits = predictionBits
    conclusion.signal = signal
    conclusion.target = target
    conclusion.orders = orders
    conclusion.cancel = cancel
    made[count++] = conclusion
  }

  function take(decided: StrategyConclusion): void {
    const { signal, target, orders, cancel } = checkConclusion(strategy.name, decided)
    conclude(marketOf(decided), signal, target, orders, cancel)
  }

  return {
    featureSet: features.length === 0 || first === undefined ? ZERO_HASH : first.pipeline.featureSet,
    model: inference?.hash ?? ZERO_HASH,
    strategy: strategyHash(strategy),
    observe(columns, row) {
      for (let index = 0; index < reasonings.length; index++)
        reasonings[index]?.pipeline.updateRow(columns, row)
    },
    lastPriced: market => reasonings[market]?.pipeline.lastPriced() ?? null,
    pack: packFeatures,
    vector: market => reasonings[market]?.vector ?? new Float32Array(0),
    conclude(view) {
      prepare(view.nowMs)
      const decided = strategy.decide(strategyView(view))
      count = 0
      if (decided === null) conclude(0, nothing, undefined, undefined, undefined)
      else if (isList(decided)) decided.forEach(take)
      else take(decided)
      // To set a length costs more than to look at it.
      if (made.length !== count) made.length = count
      return made
    },
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

const isList = (
  decided: StrategyConclusion | readonly StrategyConclusion[],
): decided is readonly StrategyConclusion[] => Array.isArray(decided)
