import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { observedInstruments } from '../agents/index.ts'
import {
  type AgentId,
  type Decision,
  type Hash,
  type InstrumentId,
  InvalidInputError,
  type Logged,
  type StoredAgent,
  TakenOverError,
} from '../core/index.ts'
import { createRecorder } from '../decision-log/index.ts'
import {
  createArrivals,
  createKernel,
  type LiveResult,
  runLive,
  tailObservations,
} from '../execution/index.ts'
import { DEFAULT_RETAIN_BLOCKS, type FeatureHealth } from '../feature-store/index.ts'
import type { ModelHealth } from '../hono-server/index.ts'
import { createAgentMonitor } from './agentMonitor.ts'
import { anchoringOf, createWorkers } from './anchoring.ts'
import type { DeployedAgent } from './deployedAgents.ts'
import { hostName } from './hostName.ts'
import { followSource, type IngestSummary } from './ingestSource.ts'
import { openModelLife } from './modelLife.ts'
import { openRevealer } from './openRevealer.ts'
import type { SourceConfig } from './projectSchema.ts'
import { requireLog } from './requireLog.ts'
import { instrumentsOf } from './sourceInstruments.ts'
import type { SourceWatch } from './sourceWatch.ts'
import { systemClock } from './systemClock.ts'
import { createWatermarks } from './watermarks.ts'
import type { Workspace } from './workspace.ts'

/** How long a stopped run still waits for its last decisions to be anchored; the next run takes up the rest. */
const LAST_ANCHOR_MS = 10_000

export type RunAgentsOptions = {
  readonly workspace: Workspace
  readonly agents: readonly DeployedAgent[]
  /** Ends when the sources hold nothing new and everything is anchored, instead of following them. */
  readonly once: boolean
  /** Trades only after an order is on chain. */
  readonly strict: boolean
  readonly signal: AbortSignal
  readonly onObservations?: (source: string, added: number) => void
  readonly onDecisions?: (decisions: readonly Logged<Decision>[]) => void
  readonly onAnchored?: (agent: AgentId, count: number) => void
  readonly onWarning?: (message: string) => void
  /** Told what happens to each source, by its name; a reorg once its withdrawals can be read. */
  readonly watchSource?: (source: string) => SourceWatch
  /** Given, by the agent's name, how its features are doing. */
  readonly watchFeatures?: (agent: string, report: () => FeatureHealth[]) => void
  /** Given how an agent's model is doing; null for an agent without one. */
  readonly watchModel?: (agent: Pick<StoredAgent, 'id' | 'name'>, report: () => ModelHealth | null) => void
  /** Told, by the agent's name, of a model that was trained for it while it runs. */
  readonly onTrained?: (agent: string, model: Hash) => void
}

/** What a run did. */
export type RunSummary = {
  /** What each agent did, by name. */
  readonly agents: ReadonlyMap<string, LiveResult>
  /** What was read of each source. */
  readonly ingested: readonly IngestSummary[]
}

/**
 * Runs agents: ingest follows their sources into the store, each agent reads its observations from there in
 * the total order, records what it decides before acting on it, and a worker anchors the records. The store
 * is the queue between them, so each can be killed at any moment.
 */
export async function runAgents(options: RunAgentsOptions): Promise<RunSummary> {
  const { workspace, agents, signal } = options
  const log = await requireLog(workspace, {
    hint: 'Give it a decision log: touchstone run --rpc URL --log ADDRESS, or --local for a chain of its own.',
  })
  const host = await hostName(workspace.directory)
  const workerOf = createWorkers(await anchoringOf(workspace, log), message => options.onWarning?.(message))
  const sources = sourcesFor(workspace, agents)
  const watermarks = createWatermarks(sources.map(({ name }) => name))
  const arrivals = agents.map(() => createArrivals())
  const notify = () => {
    for (const arrival of arrivals) arrival.notify()
  }
  // One failure ends everything: an agent must not trade on without its data or its record.
  const failing = new AbortController()
  const stop = AbortSignal.any([signal, failing.signal])
  let failure: unknown = null
  let takenOver: TakenOverError | null = null
  const left = new Set<AgentId>()
  const guard = async <T>(work: Promise<T>): Promise<T | null> => {
    try {
      return await work
    } catch (error) {
      if (!isInterruption(error)) {
        failure ??= error
        failing.abort(interrupted)
      }
      notify()
      return null
    }
  }

  const following = sources.map(config =>
    guard(
      followSource(workspace, config, {
        once: options.once,
        signal: stop,
        onStored({ added, completeUntil }) {
          if (completeUntil !== null) watermarks.reach(config.name, completeUntil)
          options.onObservations?.(config.name, added)
          notify()
        },
        onWarning: message => options.onWarning?.(message),
        ...(options.watchSource === undefined ? {} : { watch: options.watchSource(config.name) }),
      }).then(summary => {
        watermarks.finish(config.name)
        notify()
        return summary
      }),
    ),
  )

  const workers: { stop(): Promise<void> }[] = []
  const running = agents.map(async (agent, index) => {
    const { definition, inference, laterModels, stored, signer } = agent
    const names = namesFor(sources, observedInstruments(definition))
    const arrival = arrivals[index] ?? createArrivals()
    // Another host works for the agent: this one ends it, and lets the others go on.
    const handOver = (error: TakenOverError) => {
      takenOver ??= error
      leaving.abort()
      left.add(stored.id)
      if (left.size === agents.length) failing.abort(interrupted)
      notify()
    }
    const leaving = new AbortController()
    const over = AbortSignal.any([stop, leaving.signal])
    const worker = workerOf({
      stored,
      signer,
      host,
      store: workspace.store.decisions,
      onAnchored: batch => options.onAnchored?.(batch.agent, batch.count),
      onFailure: error => {
        if (error instanceof TakenOverError) return handOver(error)
        failure ??= error
        failing.abort(interrupted)
        notify()
      },
    })
    workers.push(worker)
    worker.start()
    const revealer =
      log.reveals === undefined ? null : openRevealer(workspace, log, log.reveals, agent, options.onWarning)
    if (revealer !== null) {
      workers.push(revealer)
      revealer.start()
    }
    const monitor =
      options.watchFeatures === undefined ? null : await guard(createAgentMonitor(workspace, agent))
    if (monitor !== null) options.watchFeatures?.(stored.name, () => monitor.report(systemClock()))
    const models =
      definition.model === null
        ? null
        : await guard(
            openModelLife(workspace, agent, {
              onTrained: model => options.onTrained?.(stored.name, model),
              onWarning: message => options.onWarning?.(`${stored.name}: ${message}`),
            }),
          )
    const kernel = createKernel({
      agent: stored.id,
      definition,
      inference,
      laterModels,
      activeFromMs: stored.activeFromMs,
      // Of the sources that it observes, none is reorganised below what they count as final.
      retainBlocks: DEFAULT_RETAIN_BLOCKS,
      ...(monitor === null ? {} : { onVector: monitor.observe }),
      ...(models === null ? {} : { onPrediction: models.observe }),
    })
    if (models !== null) options.watchModel?.(stored, () => models.health(kernel))
    const ending = new AbortController()
    const followed = models?.follow(kernel, AbortSignal.any([over, ending.signal]))
    const result = await guard(
      // A host that was taken over must not decide anything: the chain is asked before the first decision.
      unlessStopped(worker.held(), over, 0)
        .then(() =>
          runLive({
            kernel,
            recorder: createRecorder({
              store: workspace.store.decisions,
              signer,
              domain: { chainId: log.chainId, verifyingContract: log.contract },
              host,
              ...(agent.embargo === undefined ? {} : { embargo: agent.embargo }),
              patience: {
                signal: over,
                onWarning: message => options.onWarning?.(`${stored.name}: ${message}`),
              },
            }),
            events: tailObservations({
              store: workspace.store.observations,
              instruments: observedInstruments(definition),
              notified: () => arrival.notified(),
              finished: () => watermarks.finished(names),
              completeUntil: () => watermarks.completeUntil(names),
              signal: over,
            }),
            history: workspace.store.decisions,
            signal: over,
            onDecisions: decisions => options.onDecisions?.(decisions),
            ...(options.strict ? { waitForAnchor: () => unlessStopped(worker.flush(), over, 0) } : {}),
          }),
        )
        .catch((error: unknown) => {
          if (error instanceof TakenOverError) handOver(error)
          // Its worker was told first; the order that waited for its anchor is not placed.
          if (leaving.signal.aborted) throw interrupted
          throw error
        }),
    )
    ending.abort()
    await followed
    if (kernel.halted && stored.status !== 'halted')
      await workspace.store.agents.setStatus(stored.id, 'halted')
    if (failure === null && !leaving.signal.aborted)
      await guard(unlessStopped(worker.flush(), stop, LAST_ANCHOR_MS))
    if (failure === null && !leaving.signal.aborted && revealer !== null)
      await guard(unlessStopped(revealer.flush(), stop, LAST_ANCHOR_MS))
    return [stored.name, result] as const
  })

  const results = await Promise.all(running)
  const ingested = await Promise.all(following)
  await Promise.all(workers.map(worker => worker.stop()))
  if (failure !== null) throw failure
  if (takenOver !== null) throw takenOver
  return {
    agents: new Map(results.flatMap(([name, result]) => (result === null ? [] : [[name, result] as const]))),
    ingested: ingested.filter(summary => summary !== null),
  }
}

/** What ends the rest of a run when it is stopped or an agent is another host's; no failure. */
const interrupted = new Error('The run was stopped.')

/** Node's own waits and reads wrap what they were aborted with. */
function isInterruption(error: unknown): boolean {
  return error === interrupted || (error instanceof Error && error.cause === interrupted)
}

/** Waits for a worker; a stopped run waits no longer than `graceMs` more. */
async function unlessStopped(work: Promise<void>, stop: AbortSignal, graceMs: number): Promise<void> {
  const over = new AbortController()
  const deadline = async () => {
    if (!stop.aborted) await once(stop, 'abort', { signal: over.signal })
    await sleep(graceMs, undefined, { signal: over.signal })
    throw interrupted
  }
  try {
    await Promise.race([work, deadline()])
  } finally {
    over.abort()
  }
}

function sourcesFor(workspace: Workspace, agents: readonly DeployedAgent[]): readonly SourceConfig[] {
  const wanted = new Set<InstrumentId>(agents.flatMap(({ definition }) => observedInstruments(definition)))
  const sources = workspace.project.sources.filter(config =>
    instrumentsOf(config).some(({ id }) => wanted.has(id)),
  )
  for (const { definition } of agents) {
    if (namesFor(sources, [definition.instrument.id]).length > 0) continue
    throw new InvalidInputError(`No source brings observations of ${definition.instrument.symbol}.`, {
      facts: { agent: definition.name, instrument: definition.instrument.id },
      hint: 'Add one with `touchstone ingest`.',
    })
  }
  return sources
}

function namesFor(sources: readonly SourceConfig[], instruments: readonly InstrumentId[]): string[] {
  return sources
    .filter(config => instrumentsOf(config).some(({ id }) => instruments.includes(id)))
    .map(({ name }) => name)
}
