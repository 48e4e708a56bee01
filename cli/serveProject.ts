import { randomBytes } from 'node:crypto'
import type { Address, AgentId } from '../core/index.ts'
import type { FeatureHealth } from '../feature-store/index.ts'
import {
  createFeed,
  createMetrics,
  createProofOf,
  createServer,
  createWithdrawalsOf,
  type ModelHealth,
  type Readiness,
  startServer,
} from '../hono-server/index.ts'
import { auditProject } from './auditProject.ts'
import { createIngestState } from './ingestState.ts'
import { requireLog } from './requireLog.ts'
import type { RunAgentsOptions } from './runAgents.ts'
import { instrumentsOf } from './sourceInstruments.ts'
import { systemClock } from './systemClock.ts'
import type { Workspace } from './workspace.ts'

export type ServeOptions = {
  /** 127.0.0.1 unless told otherwise. */
  readonly host?: string
  /** 0 takes a free port. */
  readonly port: number
  readonly readiness?: () => Readiness
}

/** The events of a run that concern its server. */
export type RunHooks = Required<
  Pick<
    RunAgentsOptions,
    | 'onObservations'
    | 'onDecisions'
    | 'onAnchored'
    | 'onWarning'
    | 'watchSource'
    | 'watchFeatures'
    | 'watchModel'
    | 'onTrained'
  >
>

/** A project's API and feed, running. */
export type ServedProject = {
  readonly url: string
  readonly wsUrl: string
  /** Where decisions are anchored: what a subscriber needs to check them by itself. */
  readonly chain: { readonly rpcUrl: string; readonly chainId: number; readonly contract: Address }
  /** What a run of agents must tell the server: connects its events to feed and metrics. */
  readonly hooks: RunHooks
  close(): Promise<void>
}

/** Serves a project's API and feed, and its operator's API to those who can read its lock file. */
export async function serveProject(workspace: Workspace, options: ServeOptions): Promise<ServedProject> {
  const log = await requireLog(workspace, { lacking: 'nothing to serve' })
  const { decisions, agents } = workspace.store
  const domain = { chainId: log.chainId, verifyingContract: log.contract }
  const proofOf = createProofOf(decisions, domain)
  const withdrawalsOf = createWithdrawalsOf(workspace.store)
  const metrics = createMetrics()
  const feed = createFeed({
    decisions,
    proofOf,
    withdrawalsOf,
    grantsTo: publicKey => workspace.store.embargo.grants({ publicKey }),
    now: systemClock,
    domain,
    onError: error =>
      workspace.terminal.note(`feed: ${error instanceof Error ? error.message : String(error)}`),
  })
  metrics.watchFeed(() => feed.stats)
  const ingest = createIngestState(workspace)
  metrics.watchIngest(ingest.read)
  const features = new Map<string, () => FeatureHealth[]>()
  metrics.watchFeatures(() => [...features].map(([agent, report]) => ({ agent, features: report() })))
  const models = new Map<AgentId, { readonly agent: string; readonly report: () => ModelHealth | null }>()
  metrics.watchModels(() =>
    [...models.values()].flatMap(({ agent, report }) => {
      const health = report()
      return health === null ? [] : [{ agent, health }]
    }),
  )
  const instruments = workspace.project.sources.flatMap(instrumentsOf)
  const token = randomBytes(32).toString('hex')
  const app = createServer({
    agents,
    decisions,
    proofOf,
    withdrawalsOf,
    decimalsOf: wanted => instruments.find(({ id }) => id === wanted)?.decimals ?? null,
    modelHealthOf: agent => models.get(agent)?.report() ?? null,
    domain,
    now: systemClock,
    metrics,
    readiness: options.readiness ?? (() => ({ ready: true, reasons: [] })),
    operator: {
      token,
      audit: ({ agent, sequence, sample }) =>
        auditProject(workspace, {
          ...(agent === undefined ? {} : { agents: [agent] }),
          ...(sequence === undefined ? {} : { sequence }),
          ...(sample === undefined ? {} : { sample }),
        }),
    },
  })
  const server = await startServer({
    app,
    feed,
    port: options.port,
    ...(options.host === undefined ? {} : { host: options.host }),
  })
  await workspace.setOwnerApi(server.url, token)
  return {
    url: server.url,
    wsUrl: server.wsUrl,
    chain: { rpcUrl: log.rpcUrl, chainId: log.chainId, contract: log.contract },
    hooks: {
      onObservations: (source, added) => metrics.observationsIngested.inc({ source }, added),
      onDecisions(decisions) {
        for (const { agent } of decisions) metrics.decisionsRecorded.inc({ agent })
        feed.notifyRecorded()
      },
      onAnchored(agent, count) {
        metrics.decisionsAnchored.inc({ agent }, count)
        feed.notifyAnchored(agent)
      },
      watchFeatures: (agent, report) => void features.set(agent, report),
      watchModel: ({ id, name }, report) => void models.set(id, { agent: name, report }),
      onTrained: (agent, model) =>
        workspace.terminal.note(
          `${agent}: trained ${model}, which predicts beside the serving model from its next decision on`,
        ),
      onWarning: message => workspace.terminal.note(message),
      watchSource: source => ({
        ...ingest.watch(source),
        reorg() {
          metrics.reorgs.inc({ source })
          feed.notifyWithdrawn()
        },
        outage: () => metrics.outages.inc({ source }),
      }),
    },
    close: () => server.close(),
  }
}
