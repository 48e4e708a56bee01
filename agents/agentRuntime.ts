import {
  type CashE8,
  type Hash,
  type Hex,
  type MarketColumns,
  type MarketEvent,
  PPM,
  type Ppm,
  type Prediction,
  type UnixMs,
  ZERO_HASH,
} from '../core/index.ts'
import { createFeaturePipeline, packFeatures, type SharedFeatures } from '../feature-store/index.ts'
import type { Inference } from '../models/index.ts'
import {
  checkConclusion,
  type MarketView,
  type StrategyConclusion,
  type StrategySignal,
  strategyHash,
} from '../strategies/index.ts'
import { checkModels } from './checkModels.ts'
import { type AgentDefinition, tradedInstruments } from './defineAgent.ts'
import { MarketReasoning } from './marketReasoning.ts'
import { type DatedModel, ModelRoster } from './modelRoster.ts'
import { strategyViewOver } from './strategyViewOver.ts'
import { unknownInstrument } from './unknownName.ts'

/** What the serving model foretold for the first instrument at a decision instant. */
export type MadePrediction = {
  readonly nowMs: UnixMs
  readonly model: Hash
  /** The newest feature vector; overwritten by the next look. */
  readonly vector: Float32Array
  /** Price of the instrument at the time. */
  readonly price: number
  /** From 0 to 1. */
  readonly probabilityUp: number
}

/** What `createAgentRuntime` takes. */
export type AgentRuntimeOptions = {
  readonly definition: AgentDefinition
  /** The definition's sealed model; null for an agent without one. */
  readonly inference: Inference | null
  /** Models that come after it, in the order of time: of a walk-forward, admitted, or returned to. */
  readonly laterModels?: readonly DatedModel[]
  /** Blocks that a reorg may take back; 0, the default, where no withdrawal comes. */
  readonly retainBlocks?: number
  /** Columns whose rows are all there and are all that is observed, in order: features read ahead in them. */
  readonly history?: MarketColumns
  /** Where features of the history are that other runs computed. */
  readonly shared?: SharedFeatures | undefined
  /** Told of each feature vector that is concluded from, with `inputTimes` of the pipeline; changes nothing. */
  readonly onVector?: (vector: Float32Array, inputTimes: readonly (UnixMs | null)[]) => void
  /** Told of each prediction of the serving model for the first instrument; changes nothing. */
  readonly onPrediction?: (made: MadePrediction) => void
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

/** What an agent concludes: on one instrument, on several, or, where its strategy has nothing to conclude yet, null. */
export type AgentConclusions = StrategyConclusion | readonly StrategyConclusion[] | null

/** An agent's reasoning, running: it keeps the features, and no money. */
export type AgentRuntime = {
  /** Names and versions of the features, hashed; the zero hash for none. */
  readonly featureSet: Hash
  /** Its models; none for an agent without. */
  readonly roster: ModelRoster
  /** Values of one market that a conclusion is drawn from: the features, at as many instants as the model looks at. */
  readonly width: number
  readonly strategy: Hash
  /** Takes in a row of events; call it for every row, in order. */
  observe(columns: MarketColumns, row: number): void
  /**
   * Takes the features down as they are now. Call it at every instant of the agent's cadence, the warm-up's too, and
   * conclude then or not.
   *
   * @param columns Those of the row at hand, so that features that were read ahead are taken from it; null for none.
   */
  look(nowMs: UnixMs, columns: MarketColumns | null, row: number): void
  /**
   * Looks at a row of the history that was taken in, and concludes from it, where the roster is settled.
   *
   * @throws InvalidInputError naming what the strategy may not conclude.
   */
  concludeAt(view: AgentView, columns: MarketColumns, row: number): AgentConclusions
  /** Of the history, the row before which none needs to be observed any more. */
  readonly takenTo: number
  /** Of the history, the row up to which those are bars of the first instrument, each known later than the row before it. */
  readonly barsTo: number
  /** Newest event that stands and prices a traded instrument; null before the first. */
  lastPriced(market: number): MarketEvent | null
  /** Writes a feature vector as a record holds it; `0x` for an agent without features. */
  pack(vector: Float32Array): Hex
  /** The features that were last looked at, oldest instant first. Ask before the next row comes, which overwrites them. */
  vector(market: number): Float32Array
  /**
   * Concludes from everything observed so far. What it returns is checked, and the strategy's own: it is neither copied
   * nor kept. It changes nothing; give it the same view object each time.
   *
   * @throws InvalidInputError naming what the strategy may not conclude.
   */
  conclude(view: AgentView): AgentConclusions
  /** What is signalled where the strategy concluded nothing: direction 0 without strength. */
  readonly nothing: StrategySignal
  /** Index of the instrument that a conclusion is about among those traded; the first where it names none. */
  marketOf(conclusion: StrategyConclusion): number
  /**
   * What the model foretold at the newest conclusion. Null without a model, and until a model over time has seen as many
   * vectors as it looks at.
   */
  prediction(market: number): Prediction | null
}

/**
 * Starts an agent's reasoning with no history.
 *
 * @throws InvalidInputError when the definition's model is missing, not wanted, or trained on other features.
 */
export function createAgentRuntime({
  definition,
  inference,
  laterModels = [],
  retainBlocks = 0,
  history,
  shared,
  onVector,
  onPrediction,
}: AgentRuntimeOptions): AgentRuntime {
  const { name, features, strategy, everyMs } = definition
  checkModels(
    definition,
    inference,
    laterModels.map(later => later.inference),
  )
  const roster = new ModelRoster(inference, definition.promotion)
  for (const model of laterModels) roster.add(model)
  const steps = inference?.steps ?? 1
  const columns = features.length
  const instruments = tradedInstruments(definition)
  const reasonings = instruments.map(
    instrument =>
      new MarketReasoning(
        name,
        createFeaturePipeline(features, instrument, { retainBlocks, history, shared }),
        steps,
      ),
  )
  const [first] = reasonings
  const only = first !== undefined && reasonings.length === 1 && steps === 1 ? first : null
  const nothing: StrategySignal = {
    direction: 0,
    strength: 0 as Ppm,
    confidence: (PPM / 2) as Ppm,
    horizonMs: inference?.horizonMs ?? everyMs,
  }
  const strategyView = strategyViewOver(reasonings)

  let seen = 0
  // A look is for the conclusion that follows it.
  let isLooked = false

  function look(nowMs: UnixMs, at: MarketColumns | null, row: number): void {
    for (let market = 0; market < reasonings.length; market++)
      (reasonings[market] as MarketReasoning).look(nowMs, at, row)
    seen++
    isLooked = true
    roster.advance(nowMs)
  }

  // Asked before a view's fields are read, which are computed as they are.
  const isTold = inference !== null || onVector !== undefined

  function predict({ nowMs, markets }: AgentView): void {
    const model = roster.models[roster.serving]
    for (let market = 0; market < reasonings.length; market++) {
      const reasoning = reasonings[market] as MarketReasoning
      onVector?.(reasoning.newestVector(), reasoning.pipeline.inputTimes())
      if (model !== undefined && seen >= steps) reasoning.prediction = model.predict(reasoning.vector())
    }
    const { contest } = roster
    const [reasoning] = reasonings
    const [market] = markets
    if (reasoning?.prediction == null || market === undefined || model === undefined) return
    onPrediction?.({
      nowMs,
      model: model.hash,
      vector: reasoning.newestVector(),
      price: Number(market.priceE8),
      probabilityUp: reasoning.prediction.probabilityUp,
    })
    if (contest === null) return
    const challenging = roster.models[roster.challenger]?.predict(reasoning.vector())
    if (challenging !== undefined)
      contest.predict(
        nowMs,
        model.horizonMs,
        Number(market.priceE8),
        reasoning.prediction.output.probabilityUp,
        challenging.output.probabilityUp,
      )
  }

  function marketOf({ instrument }: StrategyConclusion): number {
    if (instrument === undefined) return 0
    const found = instruments.findIndex(({ id }) => id === instrument)
    if (found !== -1) return found
    throw unknownInstrument(name, instrument, instruments)
  }

  function decide(view: AgentView): AgentConclusions {
    const decided = strategy.decide(strategyView(view))
    if (decided === null) return null
    if (isList(decided)) decided.forEach(check)
    else check(decided)
    return decided
  }

  function check(decided: StrategyConclusion): void {
    checkConclusion(strategy.name, decided)
    if (decided.instrument !== undefined) marketOf(decided)
  }

  const runtime: Mutable<AgentRuntime> = {
    featureSet: features.length === 0 || first === undefined ? ZERO_HASH : first.pipeline.featureSet,
    roster,
    width: columns * steps,
    strategy: strategyHash(strategy),
    observe(columns, row) {
      let takenTo = Number.MAX_SAFE_INTEGER
      for (let index = 0; index < reasonings.length; index++) {
        const { pipeline } = reasonings[index] as MarketReasoning
        pipeline.updateRow(columns, row)
        takenTo = Math.min(takenTo, pipeline.takenTo)
      }
      runtime.takenTo = takenTo
      runtime.barsTo = first === undefined ? 0 : first.pipeline.barsTo
      isLooked = false
    },
    takenTo: 0,
    barsTo: 0,
    look,
    lastPriced: market => reasonings[market]?.pipeline.lastPriced() ?? null,
    pack: packFeatures,
    vector: market => reasonings[market]?.vector() ?? new Float32Array(0),
    conclude(view) {
      if (!isLooked) look(view.nowMs, null, -1)
      isLooked = false
      if (isTold) predict(view)
      return decide(view)
    },
    concludeAt(view, columns, row) {
      if (only === null || isTold) {
        look(columns.knownAt[row] as UnixMs, columns, row)
        return runtime.conclude(view)
      }
      // What most agents are, at most rows: of what a look does, nothing but this is of use.
      if (!only.lookAhead(row)) only.look(columns.knownAt[row] as UnixMs, columns, row)
      return decide(view)
    },
    nothing,
    marketOf,
    prediction: market => reasonings[market]?.prediction ?? null,
  }
  return runtime
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Whether an agent concluded on several instruments. */
export const isList = (concluded: AgentConclusions): concluded is readonly StrategyConclusion[] =>
  Array.isArray(concluded)
