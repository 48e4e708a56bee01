import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { InvalidInputError, LockedError, unixMs } from '../../core/index.ts'
import { readOwner } from '../../feature-store/index.ts'
import { auditProject } from '../auditProject.ts'
import { auditTotals } from '../auditReport.ts'
import type { DeployedAgent } from '../deployedAgents.ts'
import type { IngestSummary } from '../ingestSource.ts'
import { stopLocalChain } from '../localChain.ts'
import { deployLocalLog } from '../localLog.ts'
import { EMPTY_PROJECT, readProject, writeProject } from '../project.ts'
import { type RunAgentsOptions, runAgents } from '../runAgents.ts'
import { type ServedProject, serveProject } from '../serveProject.ts'
import type { StoredTraining } from '../trainAgent.ts'
import { type Workspace, type WorkspaceOptions, withWorkspace } from '../workspace.ts'
import { accountFor, backtestAndDeploy, ingestHistories, learn, sumIngested } from './demoSteps.ts'
import { type DemoSummary, formatDemoSummary } from './demoSummary.ts'
import { LOCAL_GENESIS_SECONDS, localScenario } from './localScenario.ts'
import { recordedScenario } from './recordedScenario.ts'
import type { Scenario } from './scenario.ts'

export type DemoOptions = Omit<WorkspaceOptions, 'create'> & {
  /** Folder of recordings; null deploys a local market. */
  readonly data: string | null
  /** Ends after the summary instead of going on to serve. */
  readonly exit: boolean
  readonly port: number
  readonly signal: AbortSignal
}

/** Walks the whole road once: chain, ingest, features, model, backtest, agents, anchors, audit, API. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { directory, terminal, signal, data } = options
  const startedMs = performance.now()
  // Read before anything is written: a missing recording must not cost an earlier demo.
  const recorded = data === null ? null : await recordedScenario(data)
  await clearEarlierDemo(directory)
  await writeProject(directory, { ...EMPTY_PROJECT, demo: true })
  const step = async <T>(label: string, work: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted()
    const from = performance.now()
    const result = await work()
    terminal.say(
      `  ${terminal.good('✓')} ${label} ${terminal.dim(`${((performance.now() - from) / 1_000).toFixed(1)} s`)}`,
    )
    return result
  }

  await withWorkspace(options, async workspace => {
    const scenario = await step(
      recorded === null
        ? 'chain started, contracts deployed, two days traded'
        : 'chain started, contracts deployed',
      () => prepare(workspace, recorded),
    )
    const parts = [...(await step('history ingested', () => ingestHistories(workspace, scenario)))]
    const { matrices, model } = await step('features built, model trained', () => learn(workspace, scenario))
    const { backtest, agents } = await step('agents backtested and deployed', () =>
      backtestAndDeploy(workspace, scenario, unixMs(testedFromMs(model))),
    )
    const served = await serveProject(workspace, { port: options.port })
    try {
      terminal.say(`  serving ${served.url}`)
      parts.push(
        ...(await step('agents ran live, every decision anchored', () =>
          trade(workspace, scenario, agents, served, signal),
        )),
      )
      const account = await step('live run made again by a backtest', () => accountFor(workspace, agents))
      const audits = await step('every decision audited', () => auditProject(workspace))
      const summary: DemoSummary = {
        scenario: scenario.about,
        poolSource: scenario.poolSource,
        ingested: sumIngested(scenario, parts),
        features: { rows: matrices.reduce((sum, { rows }) => sum + rows, 0), matrices },
        model: {
          name: model.name,
          hash: model.hash,
          device: model.device,
          trainingRows: model.models.at(-1)?.fold.train.rows.length ?? 0,
          testRows: model.overall.rows,
          evaluation: model.overall,
          evidence: model.evidence,
        },
        backtest,
        ...account,
        audit: auditTotals(audits),
        url: served.url,
        feed: served.wsUrl,
        chain: served.chain,
        directory,
        seconds: (performance.now() - startedMs) / 1_000,
      }
      terminal.result(summary, formatDemoSummary(summary, terminal))
      if (summary.audit.different > 0) process.exitCode = 1
      if (!options.exit) await linger(workspace, scenario, agents, served, signal)
    } finally {
      await served.close()
    }
  })
}

/** When the period begins that a model was tested on. */
const testedFromMs = ({ models }: StoredTraining): number => models[0]?.fold.test.fromMs ?? 0

/** Removes what an earlier demo left in a folder, and nothing else. */
async function clearEarlierDemo(directory: string): Promise<void> {
  const owner = await readOwner(directory)
  if (owner !== null)
    throw new LockedError(`Process ${owner.pid} owns ${directory}.`, {
      facts: { directory, pid: owner.pid },
      hint: 'Stop it, or name another folder with --dir.',
    })
  const project = await readProject(directory)
  if (project === null) return
  if (!project.demo)
    throw new InvalidInputError(`${directory} holds a project that is no demo.`, {
      facts: { directory },
      hint: 'Name another folder with --dir: a demo starts anew each time.',
    })
  await stopLocalChain(directory)
  await rm(resolve(directory), { recursive: true, force: true })
}

async function prepare(workspace: Workspace, recorded: Scenario | null): Promise<Scenario> {
  const { url } = await workspace.localChain({ timestampSeconds: LOCAL_GENESIS_SECONDS })
  const log = await deployLocalLog(workspace)
  const bar = workspace.terminal.progress('local market', 1)
  try {
    const scenario =
      recorded ?? (await localScenario(url, log.chainId, (done, total) => bar.update(done, total)))
    await workspace.update({ log, sources: [...scenario.sources], agents: [...scenario.agents] })
    return scenario
  } finally {
    bar.stop()
  }
}

/** Runs the agents through the live part of the market, to the last decision's anchor. */
async function trade(
  workspace: Workspace,
  scenario: Scenario,
  agents: readonly DeployedAgent[],
  served: ServedProject,
  signal: AbortSignal,
): Promise<readonly IngestSummary[]> {
  const ingested: IngestSummary[] = []
  const { live } = scenario
  if (live !== null) {
    const bar = workspace.terminal.progress('live', 1)
    const marketEnd = new AbortController()
    const running = runAgents(
      liveOptions(workspace, agents, served, AbortSignal.any([signal, marketEnd.signal])),
    )
    // The market ends when the agents fail, and the agents when the market has ended.
    const failed = running.then(
      () => undefined,
      () => marketEnd.abort(),
    )
    try {
      await live(AbortSignal.any([signal, marketEnd.signal]), (done, total) => bar.update(done, total))
    } finally {
      bar.stop()
      marketEnd.abort()
      await failed
    }
    ingested.push(...(await running).ingested)
    signal.throwIfAborted()
  }
  // What is left, and all of it where the sources hold the live part themselves.
  const rest = await runAgents({ ...liveOptions(workspace, agents, served, signal), once: true })
  return [...ingested, ...rest.ingested]
}

function liveOptions(
  workspace: Workspace,
  agents: readonly DeployedAgent[],
  { hooks }: ServedProject,
  signal: AbortSignal,
): RunAgentsOptions {
  return { workspace, agents, signal, once: false, strict: false, ...hooks }
}

/** Serves until the signal ends it, while the market goes on where it can. */
async function linger(
  workspace: Workspace,
  scenario: Scenario,
  agents: readonly DeployedAgent[],
  served: ServedProject,
  signal: AbortSignal,
): Promise<void> {
  workspace.terminal.say('\nServing until Ctrl-C.')
  if (scenario.linger !== null)
    await Promise.all([scenario.linger(signal), runAgents(liveOptions(workspace, agents, served, signal))])
  else if (!signal.aborted)
    await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
}
