import {
  type AgentDefinition,
  type DatedModel,
  observedInstruments,
  tradedInstruments,
} from '../agents/index.ts'
import {
  type BacktestRun,
  type BacktestStatistics,
  computeStatistics,
  type Figure,
  luckFigures,
  runBacktestOver,
  simulateTradeOrder,
  type TrialEntry,
  type TrialRecord,
} from '../backtest/index.ts'
import {
  type Hash,
  type Instrument,
  InvalidInputError,
  marketColumns,
  seededRandom,
  type UnixMs,
  unixMs,
  ZERO_ADDRESS,
  ZERO_HASH,
} from '../core/index.ts'
import type { Inference } from '../models/index.ts'
import { loadAgent } from './agentCatalogue.ts'
import { withSettings } from './agentSettings.ts'
import { backtestConfiguration } from './backtestConfiguration.ts'
import { agentConfig, loadInference, newestModel } from './deployedAgents.ts'
import { type PricePath, pricePath } from './pricePath.ts'
import { openProjectLedger } from './projectLedger.ts'
import { recordedAgent } from './recordedAgent.ts'
import { type History, loadHistory } from './storedEvents.ts'
import { systemClock } from './systemClock.ts'
import { walkForwardModels } from './walkForwardModels.ts'
import type { Workspace } from './workspace.ts'

/** Orders of the trades that are simulated, and the seed of them. */
const TRADE_ORDERS = 1_000
const TRADE_ORDER_SEED = 1

export type BacktestAgentOptions = {
  readonly fromMs?: UnixMs
  readonly toMs?: UnixMs
  /** Settings or parameters that are set otherwise, as `name=value`. */
  readonly set?: readonly string[]
  /** The newest of the agent's name unless given. */
  readonly model?: Hash
  /** Trades with the models of the newest walk-forward, each on what it was not trained on. */
  readonly walkForward?: boolean
}

/** What is backtested, and where its trials are counted. */
export type BacktestSubject = {
  readonly agent: string
  readonly definition: AgentDefinition
  readonly model: Hash
  readonly inference: Inference | null
  /** Models that take its place as time goes on. */
  readonly laterModels: readonly DatedModel[]
  readonly history: History
  readonly activeFromMs: UnixMs
  /** What is assumed about the history, beside what the agent says. */
  readonly assumed: readonly string[]
  /** Folder of the project, or where one would be. */
  readonly directory: string
}

/** One instrument of a backtest. */
export type TradedMarket = {
  readonly instrument: Instrument
  readonly prices: PricePath
  readonly fills: BacktestRun['fills']
  readonly trades: BacktestRun['trades']
}

/** A backtest of an agent, with what its figures mean. */
export type AgentBacktest = {
  readonly definition: AgentDefinition
  readonly model: Hash
  readonly history: History
  readonly assumed: readonly string[]
  readonly run: BacktestRun
  /** What it traded, the agent's own instrument first. */
  readonly markets: readonly TradedMarket[]
  readonly statistics: BacktestStatistics
  readonly luck: readonly Figure[]
  /** This run's line in the ledger. */
  readonly trial: TrialEntry
  /** All runs of the agent, oldest first. */
  readonly trials: readonly TrialRecord[]
}

/** An agent with the stored history that it runs over. */
export async function agentWithHistory(workspace: Workspace, agent: string, options: BacktestAgentOptions) {
  const config = await withSettings(await agentConfig(workspace, agent), options.set ?? [])
  const definition = await loadAgent(config)
  const walked = options.walkForward ? await walkForwardModels(workspace, definition, config.name) : null
  const model = walked?.hash ?? options.model ?? (await newestModel(workspace, definition, config.name))
  const inference = walked?.first ?? (await loadInference(workspace, definition, model))
  const instruments = observedInstruments(definition)
  const history = await loadHistory(workspace.store.observations, instruments, options.toMs)
  if (history.events.length === 0)
    throw new InvalidInputError(
      `There is no history of ${definition.instrument.symbol} to run "${agent}" on.`,
      {
        facts: { agent, instrument: definition.instrument.id },
        hint: 'Ingest some with `touchstone ingest`, or widen --to.',
      },
    )
  // Before the first test there is only what its model was trained on.
  const fromMs = Math.max(options.fromMs ?? 0, (walked?.fromMs ?? 1) - 1)
  return {
    definition,
    model,
    inference,
    laterModels: walked?.later ?? [],
    history,
    activeFromMs: unixMs(fromMs),
  }
}

/** The subject of a backtest in a project. */
export async function projectSubject(
  workspace: Workspace,
  agent: string,
  options: BacktestAgentOptions,
): Promise<BacktestSubject> {
  return {
    agent,
    directory: workspace.directory,
    assumed: [],
    ...(await agentWithHistory(workspace, agent, options)),
  }
}

/** The subject of a backtest over recordings, without a project. */
export async function recordedSubject(
  directory: string,
  agent: string,
  data: string,
  { fromMs, toMs, set = [] }: BacktestAgentOptions,
): Promise<BacktestSubject> {
  const { definition, history, assumed } = await recordedAgent(agent, data, set, toMs)
  const activeFromMs = fromMs ?? unixMs(0)
  return {
    agent: definition.name,
    definition,
    model: ZERO_HASH,
    inference: null,
    laterModels: [],
    history,
    activeFromMs,
    directory,
    assumed,
  }
}

/** Runs an agent over its history, and counts the run among the trials of its folder. */
export async function backtestAgent(subject: BacktestSubject): Promise<AgentBacktest> {
  const { agent, definition, model, inference, laterModels, history, activeFromMs, assumed, directory } =
    subject
  const { events, retainBlocks } = history
  const columns = marketColumns(events, observedInstruments(definition))
  const run = runBacktestOver({
    agent: ZERO_ADDRESS,
    definition,
    inference,
    laterModels,
    activeFromMs,
    retainBlocks,
    columns,
  })
  const instruments = tradedInstruments(definition)
  const markets = instruments.map(
    (instrument, market): TradedMarket => ({
      instrument,
      prices: pricePath(events, instrument.id),
      fills: run.fills.filter(fill => fill.market === market),
      trades: run.trades.filter(trade => trade.market === market),
    }),
  )
  const { prices } = markets[0] as TradedMarket
  const statistics = computeStatistics(run, {
    decimals: instruments.map(({ decimals }) => decimals),
    // The excursions of trades in several instruments are not told from one of their prices.
    ...(markets.length === 1 ? { prices } : {}),
    // What holding the instrument would have made, where its price is known from the start.
    benchmark: (prices.timeMs[0] ?? Number.POSITIVE_INFINITY) <= (run.equity.timeMs[0] ?? 0) ? prices : null,
  })
  const trial: TrialEntry = {
    agent,
    configuration: backtestConfiguration(definition, model),
    data: history.dataHash,
    fromMs: activeFromMs,
    toMs: statistics.endMs,
    atMs: systemClock(),
    kind: 'backtest',
    sharpe: statistics.sharpe,
    totalReturn: statistics.totalReturn,
    trades: statistics.trades,
  }
  const ledger = await openProjectLedger(directory)
  await ledger.append([trial])
  const trials: TrialRecord[] = []
  for await (const record of ledger.records()) if (record.agent === agent) trials.push(record)
  const luck = luckFigures(statistics, {
    ledger: await ledger.summary({ agent }),
    ...(run.trades.length === 0
      ? {}
      : {
          tradeOrder: simulateTradeOrder({
            pnlE8: run.trades.map(({ pnlE8 }) => pnlE8),
            initialEquityE8: definition.capitalE8,
            method: 'shuffle',
            sizing: 'cash',
            runs: TRADE_ORDERS,
            random: seededRandom(TRADE_ORDER_SEED),
          }),
        }),
  })
  return { definition, model, history, assumed, run, markets, statistics, luck, trial, trials }
}
