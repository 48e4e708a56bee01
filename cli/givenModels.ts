import { checkModels } from '../agents/index.ts'
import { type Hash, TouchstoneError, toError, type UnixMs, unixMs } from '../core/index.ts'
import type { Kernel } from '../execution/index.ts'
import { createModelRegistry, type ModelCard } from '../models/index.ts'
import { type DeployedAgent, loadInference } from './deployedAgents.ts'
import type { Workspace } from './workspace.ts'

/** Brings the models that an agent was given, by whichever process, to the agent as it runs. */
export type GivenModels = {
  /**
   * Takes those that are new; each takes effect at the agent's next instant, whose decision records it.
   *
   * @throws UnavailableError when the store cannot be read; nothing is lost then.
   */
  take(): Promise<void>
}

export type GivenModelsOptions = {
  readonly kernel: Pick<Kernel, 'nowMs' | 'runtime'>
  /** Time of the newest decision when the agent was started: what it made by then is made again as it was. */
  readonly recordedMs: UnixMs
  /** Told of each model before it takes effect. */
  readonly onModel: (model: Hash, card: ModelCard) => void
  readonly onWarning: (message: string) => void
}

/** Starts from the models that an agent had been given when it was started. */
export function createGivenModels(
  workspace: Workspace,
  { definition, stored, inference: first, given }: DeployedAgent,
  { kernel, recordedMs, onModel, onWarning }: GivenModelsOptions,
): GivenModels {
  const registry = createModelRegistry(workspace.store.models)
  let taken = given
  return {
    async take() {
      for (const { model, cause } of (await workspace.store.agents.givenModels(stored.id)).slice(taken)) {
        try {
          const inference = await loadInference(workspace, definition, model)
          if (inference !== null) {
            checkModels(definition, first, [inference])
            onModel(model, (await registry.load(model)).card)
            // Nothing is awaited from here on, so that the agent cannot pass this time meanwhile.
            const fromMs = unixMs(Math.max(kernel.nowMs, recordedMs) + 1)
            kernel.runtime.roster.add({ fromMs, inference, cause })
          }
        } catch (error) {
          if (!(error instanceof TouchstoneError) || error.retryable) throw error
          onWarning(`model ${model} is not taken: ${toError(error).message}`)
        }
        taken++
      }
    },
  }
}
