import { join } from 'node:path'
import { type AgentDefinition, agentDefinitionHash, observedInstruments } from '../agents/index.ts'
import {
  type BacktestRun,
  type BacktestStatistics,
  computeStatistics,
  type Figure,
  luckFigures,
  openTrialLedger,
  runBacktest,
  simulateTradeOrder,
  type TrialEntry,
  type TrialRecord,
} from '../backtest/index.ts'
import {
  digestOf,
  type Hash,
  InvalidInputError,
  seededRandom,
  type UnixMs,
  unixMs,
  ZERO_ADDRESS,
} from '../core/index.ts'
import { loadAgent } from './agentCatalogue.ts'
import { agentConfig, loadInference, newestModel } from './deployedAgents.ts'
import { packageVersion } from './packageFolder.ts'
import { type PricePath, pricePath } from './pricePath.ts'
import { type History, loadHistory } from './storedEvents.ts'
import { systemClock } from './systemClock.ts'
import type { Workspace } from './workspace.ts'

/** Every backtest of a project is counted here. */
const LEDGER_FILE = 'trials.jsonl'

/** Orders of the trades that are simulated, and the seed of them. */
const TRADE_ORDERS = 1_000
const TRADE_ORDER_SEED = 1

export type BacktestAgentOptions = {
  readonly fromMs?: UnixMs
  readonly toMs?: UnixMs
  /** The newest of the agent's name unless given. */
  readonly model?: Hash
}

/** A backtest of a project's agent, with what its figures mean. */
export type AgentBacktest = {
  readonly definition: AgentDefinition
  readonly model: Hash
  readonly history: History
  readonly run: BacktestRun
  readonly prices: PricePath
  readonly statistics: BacktestStatistics
  readonly luck: readonly Figure[]
  /** This run's line in the ledger. */
  readonly trial: TrialEntry
  /** All runs of the agent, oldest first. */
  readonly trials: readonly TrialRecord[]
}

/** An agent with the stored history that it runs over. */
export async function agentWithHistory(workspace: Workspace, agent: string, options: BacktestAgentOptions) {
  const definition = await loadAgent(await agentConfig(workspace, agent))
  const model = options.model ?? (await newestModel(workspace, definition))
  const inference = await loadInference(workspace, definition, model)
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
  return { definition, model, inference, history, activeFromMs: options.fromMs ?? unixMs(0) }
}

/** Runs an agent over its stored history, and counts the run among the project's trials. */
export async function backtestAgent(
  workspace: Workspace,
  agent: string,
  options: BacktestAgentOptions,
): Promise<AgentBacktest> {
  const { definition, model, inference, history, activeFromMs } = await agentWithHistory(
    workspace,
    agent,
    options,
  )
  const run = await runBacktest({ agent: ZERO_ADDRESS, definition, inference, activeFromMs, ...history })
  const prices = pricePath(history.events, definition.instrument.id)
  const statistics = computeStatistics(run, {
    decimals: definition.instrument.decimals,
    prices,
    // What holding the instrument would have made.
    benchmark: prices,
  })
  const trial: TrialEntry = {
    agent,
    configuration: digestOf({ definition: agentDefinitionHash(definition), model }),
    data: history.dataHash,
    fromMs: activeFromMs,
    toMs: statistics.endMs,
    atMs: systemClock(),
    kind: 'backtest',
    sharpe: statistics.sharpe,
    totalReturn: statistics.totalReturn,
    trades: statistics.trades,
  }
  const ledger = await openTrialLedger(join(workspace.directory, LEDGER_FILE), { version: packageVersion() })
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
  return { definition, model, history, run, prices, statistics, luck, trial, trials }
}
