import { availableParallelism } from 'node:os'
import { type Hash, toError, type UnixMs, unixMs, ZERO_HASH } from '../core/index.ts'
import { createModelRegistry, type ModelCard } from '../models/index.ts'
import { agentMatrix } from './agentMatrix.ts'
import type { DeployedAgent } from './deployedAgents.ts'
import { systemClock } from './systemClock.ts'
import { requireModel } from './trainAgent.ts'
import { trainOnThread } from './trainOnThread.ts'
import type { Workspace } from './workspace.ts'

/** Part of the interval after which a training that failed is tried again. */
const RETRY_PART = 10

/** Trains the model of a running agent anew, as its definition says; one training at a time. */
export type Retraining = {
  /** Tells of a model of the agent: the next is due an interval after what the newest was made of. */
  know(card: ModelCard): void
  /** Starts a training if one is due. */
  look(): void
  /** Resolves once none is under way. */
  ended(): Promise<void>
}

export type RetrainingOptions = {
  /** How far the agent has seen the market; null while it must not be trained: before it decides, and once halted. */
  readonly nowMs: () => UnixMs | null
  /** The model that a new one is to replace. */
  readonly serving: () => Hash
  /** Ends a training that is under way. */
  readonly signal: AbortSignal
  /** Told of a new model once the agent was given it. */
  readonly onTrained: (model: Hash) => void
  readonly onWarning: (message: string) => void
}

/**
 * Starts watching when the model of an agent is to be trained anew. It is trained on what the agent has seen by then,
 * on the CPU, whose result is the same on every machine, then saved and given to the agent to be judged. A training that
 * fails is a warning: the agent trades on with the model that it has.
 */
export function createRetraining(
  workspace: Workspace,
  { definition, stored }: Pick<DeployedAgent, 'definition' | 'stored'>,
  { nowMs, serving, signal, onTrained, onWarning }: RetrainingOptions,
): Retraining {
  const everyMs = definition.retrain?.everyMs ?? Number.POSITIVE_INFINITY
  let dueMs = Number.NEGATIVE_INFINITY
  let training: Promise<void> | null = null

  async function train(untilMs: UnixMs): Promise<void> {
    const { matrix } = await agentMatrix(workspace, definition, { untilMs, signal })
    const parent = serving()
    const model = await trainOnThread({
      matrix,
      spec: requireModel(definition),
      features: definition.features,
      parent: parent === ZERO_HASH ? undefined : parent,
      // One is left to the agents, which trade meanwhile.
      workers: Math.max(1, availableParallelism() - 1),
      signal,
    })
    const hash = await createModelRegistry(workspace.store.models).save(model, systemClock())
    signal.throwIfAborted()
    await workspace.store.agents.giveModel({
      agent: stored.id,
      model: hash,
      cause: 'admitted',
      givenAtMs: systemClock(),
    })
    onTrained(hash)
  }

  return {
    know(card) {
      dueMs = Math.max(dueMs, historyEndMs(card) + everyMs)
    },
    look() {
      const now = nowMs()
      if (training !== null || signal.aborted || now === null || now < dueMs) return
      dueMs = now + everyMs
      training = train(now)
        .catch((error: unknown) => {
          if (signal.aborted) return
          dueMs = now + everyMs / RETRY_PART
          onWarning(`retraining failed: ${toError(error).message}`)
        })
        .finally(() => {
          training = null
        })
    },
    ended: async () => training ?? undefined,
  }
}

/**
 * When the history ended that a model was made of, its test included. Of a single split the card has the beginning of
 * the test alone; where that ended follows from the share of the rows before it, as far as rows come evenly.
 */
export function historyEndMs({ training, walkForward }: Pick<ModelCard, 'training' | 'walkForward'>): UnixMs {
  if (walkForward !== null) return unixMs(walkForward.testToMs)
  if (training === null) return unixMs(0)
  const { fromMs, toMs, testFromMs, spec } = training
  return unixMs(testFromMs === null ? toMs : Math.round(fromMs + (testFromMs - fromMs) / spec.trainShare))
}
