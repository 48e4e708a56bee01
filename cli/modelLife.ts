import { setTimeout as sleep } from 'node:timers/promises'
import type { MadePrediction } from '../agents/index.ts'
import { type Hash, toError, unixMs, ZERO_HASH } from '../core/index.ts'
import { createArrivals, type Kernel } from '../execution/index.ts'
import type { ModelHealth } from '../hono-server/index.ts'
import { createModelRegistry, type ModelCard } from '../models/index.ts'
import type { DeployedAgent } from './deployedAgents.ts'
import { createGivenModels } from './givenModels.ts'
import { createModelMonitor } from './modelMonitor.ts'
import { createRetraining } from './retraining.ts'
import type { Workspace } from './workspace.ts'

/** Time between two looks at whether an agent was given a model, or one is to be trained. */
const LOOK_EVERY_MS = 5_000

/** The models of an agent while it runs. */
export type ModelLife = {
  /** Takes what the agent foretells: its kernel's `onPrediction`. */
  readonly observe: (made: MadePrediction) => void
  /** How the serving model is doing; null for an agent without one. */
  health(kernel: Pick<Kernel, 'runtime'>): ModelHealth | null
  /** Trains new models when they are due, and brings what the agent is given to its kernel, until the signal. */
  follow(kernel: Kernel, signal: AbortSignal): Promise<void>
}

export type ModelLifeOptions = {
  /** Told of a model that was trained while the agent runs. */
  readonly onTrained?: (model: Hash) => void
  readonly onWarning?: (message: string) => void
  readonly lookEveryMs?: number
}

/** Opens the models of an agent that is about to run. */
export async function openModelLife(
  workspace: Workspace,
  agent: DeployedAgent,
  { onTrained, onWarning = () => undefined, lookEveryMs = LOOK_EVERY_MS }: ModelLifeOptions = {},
): Promise<ModelLife> {
  const { definition, stored, inference, laterModels } = agent
  const { decisions, models } = workspace.store
  const monitor = createModelMonitor()
  const registry = createModelRegistry(models)
  const cards: ModelCard[] = []
  for (const hash of new Set(
    [inference, ...laterModels.map(later => later.inference)].map(each => each?.hash),
  )) {
    if (hash === undefined) continue
    const { card } = await registry.load(hash)
    monitor.know(hash, card)
    cards.push(card)
  }
  const [last] = await decisions.list({ agent: stored.id, newestFirst: true, limit: 1 })
  const recordedMs = last?.timeMs ?? stored.activeFromMs

  return {
    observe: monitor.observe,
    health: ({ runtime: { roster } }) => monitor.report(roster),
    async follow(kernel, signal) {
      const woken = createArrivals()
      const { roster } = kernel.runtime
      const retraining = createRetraining(workspace, agent, {
        nowMs: () => (kernel.halted || !(kernel.nowMs > recordedMs) ? null : unixMs(kernel.nowMs)),
        serving: () => (roster.models.length === 0 ? ZERO_HASH : roster.hashAt(roster.serving)),
        signal,
        onTrained(model) {
          onTrained?.(model)
          woken.notify()
        },
        onWarning,
      })
      for (const card of cards) retraining.know(card)
      const given = createGivenModels(workspace, agent, {
        kernel,
        recordedMs,
        onModel(model, card) {
          monitor.know(model, card)
          retraining.know(card)
        },
        onWarning,
      })
      let lastFailure = ''
      while (!signal.aborted) {
        try {
          await given.take()
          lastFailure = ''
        } catch (error) {
          // Once for each failure: a store that is down is asked again and again.
          const { message } = toError(error)
          if (message !== lastFailure) onWarning(`models given to the agent are not known: ${message}`)
          lastFailure = message
        }
        if (definition.retrain !== null) retraining.look()
        await Promise.race([
          sleep(lookEveryMs, undefined, { signal }).catch(() => undefined),
          woken.notified(),
        ])
      }
      await retraining.ended()
    },
  }
}
