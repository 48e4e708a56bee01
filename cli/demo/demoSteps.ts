import { observedInstruments } from '../../agents/index.ts'
import { computeStatistics, runBacktest } from '../../backtest/index.ts'
import {
  canonicalJson,
  type Decision,
  type DecisionKind,
  formatInstant,
  InvalidInputError,
  type UnixMs,
  unixMs,
} from '../../core/index.ts'
import { parseBody } from '../../decision-log/index.ts'
import { buildFeatureMatrix, builtInFeatures } from '../../feature-store/index.ts'
import { loadAgent } from '../agentCatalogue.ts'
import { agentMatrix } from '../agentMatrix.ts'
import { type DeployedAgent, deployAgent } from '../deployedAgents.ts'
import { type IngestSummary, ingestSource } from '../ingestSource.ts'
import { fundOnLocalChain } from '../localLog.ts'
import { loadHistory } from '../storedEvents.ts'
import { type StoredTraining, trainAgent } from '../trainAgent.ts'
import type { Workspace } from '../workspace.ts'
import type { DemoSummary } from './demoSummary.ts'
import type { Scenario } from './scenario.ts'

/** Interval of the rows that the tokens' features are built at. */
const TOKEN_ROW_MS = 60_000
const PAGE = 1_000

/** Ingests the history of every source. */
export async function ingestHistories(workspace: Workspace, scenario: Scenario): Promise<IngestSummary[]> {
  const summaries: IngestSummary[] = []
  for (const config of scenario.sources) {
    const bar = workspace.terminal.progress(`ingest ${config.name}`, 1)
    try {
      const summary = await ingestSource(workspace, config, {
        ...scenario.historyEnd(config.name),
        onProgress: ({ done, total, pace }) => bar.update(done, total ?? undefined, pace),
      })
      summaries.push(summary)
    } finally {
      bar.stop()
    }
  }
  return summaries
}

/** Adds up what the runs read of each source. */
export function sumIngested(scenario: Scenario, parts: readonly IngestSummary[]): DemoSummary['ingested'] {
  const sources = scenario.sources.map(({ name }) => {
    const own = parts.filter(({ source }) => source === name)
    const byType: Record<string, number> = {}
    for (const part of own)
      for (const [type, count] of Object.entries(part.byType)) byType[type] = (byType[type] ?? 0) + count
    const sum = (pick: (part: IngestSummary) => number) => own.reduce((total, part) => total + pick(part), 0)
    return {
      source: name,
      rows: sum(({ rows }) => rows),
      observations: sum(({ observations }) => observations),
      byType,
      unrecognised: sum(({ unrecognised }) => unrecognised),
    }
  })
  const ofType = (type: string) => sources.reduce((total, { byType }) => total + (byType[type] ?? 0), 0)
  return {
    logs: sources.find(({ source }) => source === scenario.poolSource)?.rows ?? 0,
    swaps: ofType('swap'),
    transfers: ofType('transfer'),
    bars: ofType('bar'),
    observations: sources.reduce((total, { observations }) => total + observations, 0),
    sources,
  }
}

/** Builds the features of the agents and the tokens, and trains the model of the agent that has one. */
export async function learn(workspace: Workspace, scenario: Scenario) {
  const matrices: { name: string; rows: number; columns: number }[] = []
  let trained: StoredTraining | null = null
  for (const config of scenario.agents) {
    const definition = await loadAgent(config)
    const { matrix } = await agentMatrix(workspace, definition)
    matrices.push({ name: config.name, rows: matrix.rows, columns: matrix.columns })
    if (definition.model === null) continue
    trained = await trainAgent(workspace, definition, matrix)
  }
  for (const instrument of scenario.tokens) {
    const history = await loadHistory(workspace.store.observations, [instrument.id])
    const matrix = await buildFeatureMatrix({
      ...history,
      features: builtInFeatures,
      instrument,
      everyMs: TOKEN_ROW_MS,
    })
    matrices.push({ name: instrument.symbol, rows: matrix.rows, columns: matrix.columns })
  }
  if (trained === null)
    throw new InvalidInputError('No agent of the demo has a model.', {
      hint: 'Give one of its agents a model.',
    })
  return { matrices, model: trained }
}

/**
 * Backtests the agents on the history, one with a model only on the period that its model was tested on, and
 * deploys them, active from the end of the history on.
 */
export async function backtestAndDeploy(workspace: Workspace, scenario: Scenario, testFromMs: UnixMs) {
  const backtest: DemoSummary['backtest'][number][] = []
  const agents: DeployedAgent[] = []
  for (const config of scenario.agents) {
    const definition = await loadAgent(config)
    const history = await loadHistory(workspace.store.observations, observedInstruments(definition))
    const agent = await deployAgent(workspace, config, {
      activeFromMs: history.events.at(-1)?.knownAt ?? unixMs(0),
    })
    await fundOnLocalChain(workspace, agent.stored.id)
    agents.push(agent)
    const run = await runBacktest({
      agent: agent.stored.id,
      definition,
      inference: agent.inference,
      ...history,
      activeFromMs: definition.model === null ? unixMs(0) : testFromMs,
    })
    const about =
      definition.model === null
        ? 'all of the history'
        : `what its model was not trained on, from ${formatInstant(testFromMs)}`
    backtest.push({ agent: config.name, about, ...computeStatistics(run) })
  }
  return { backtest, agents }
}

/** Counts what was recorded and anchored, and makes it all again in a backtest to compare. */
export async function accountFor(workspace: Workspace, agents: readonly DeployedAgent[]) {
  const { decisions, observations } = workspace.store
  const byKind: Record<DecisionKind, number> = {
    signal: 0,
    order: 0,
    fill: 0,
    halt: 0,
    modelChange: 0,
    cancel: 0,
    settlement: 0,
    adjustment: 0,
    outcome: 0,
    valuation: 0,
  }
  let [recorded, anchored, equalInBacktest, gas] = [0, 0, 0, 0]
  for (const { stored, definition, inference, laterModels } of agents) {
    const run = await runBacktest({
      agent: stored.id,
      definition,
      inference,
      laterModels,
      ...(await loadHistory(observations, observedInstruments(definition))),
      activeFromMs: stored.activeFromMs,
      tracked: true,
    })
    for (let from = 0; ; from += PAGE) {
      const page = await decisions.list({ agent: stored.id, fromSequence: from, limit: PAGE })
      for (const { sequence, kind, body } of page) {
        recorded += 1
        byKind[kind] += 1
        const { dataRoot: _root, revealAtMs: _reveal, salt: _salt, ...live } = parseBody(body)
        const again = run.decisions[sequence]
        if (again !== undefined && canonicalJson(withoutReceipt(again)) === canonicalJson(live))
          equalInBacktest += 1
      }
      if (page.length < PAGE) break
    }
    for (const batch of await decisions.batches(stored.id)) {
      if (batch.status !== 'anchored') continue
      anchored += batch.count
      gas += batch.gasUsed ?? 0
    }
  }
  return {
    decisions: { recorded, anchored, byKind, equalInBacktest },
    gasPerDecision: anchored === 0 ? null : gas / anchored,
  }
}

/** A backtest's decision carries the receipt of its unsigned log; what was decided does not. */
function withoutReceipt(decision: Decision): object {
  return Object.fromEntries(Object.entries(decision).filter(([field]) => field !== 'receipt'))
}
