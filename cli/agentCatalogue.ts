import { resolve } from 'node:path'
import type { AgentDefinition } from '../agents/index.ts'
import { E8, type Instrument, type InstrumentId, InvalidInputError, NotFoundError } from '../core/index.ts'
import { goldTrend } from '../examples/goldTrend.ts'
import { orderFlowMomentum } from '../examples/orderFlowMomentum.ts'
import { loadModule } from './config/loadConfig.ts'
import type { AgentConfig } from './project.ts'

/** What a module of agents may export as `createAgent`. */
export type AgentFactory = (options: {
  readonly instrument: Instrument
  readonly observes: readonly InstrumentId[]
  readonly settings: AgentConfig['settings']
}) => AgentDefinition

/** The agents that come with touchstone, by the name that `definition` in project.json gives. */
export const BUILT_IN_AGENTS: Readonly<
  Record<string, { readonly about: string; readonly create: AgentFactory }>
> = {
  'order-flow-momentum': {
    about: 'momentum of the order flow in a pool, by a small network; one decision a minute',
    create: ({ instrument, settings }) => orderFlowMomentum({ instrument, ...capital(settings) }),
  },
  'gold-trend': {
    about: 'trend on gold with volatility-targeted size; no model; one decision a period',
    create: ({ instrument, settings }) => {
      const periodMs = settings['periodMs']
      return goldTrend({
        instrument,
        ...capital(settings),
        ...(typeof periodMs === 'number' ? { periodMs } : {}),
      })
    },
  },
}

function capital(settings: AgentConfig['settings']): { capitalE8?: bigint } {
  const { capital } = settings
  if (capital === undefined) return {}
  if (typeof capital !== 'number' || !Number.isSafeInteger(capital) || capital <= 0)
    throw new InvalidInputError(`The setting "capital" is ${capital}.`, {
      facts: { capital },
      hint: 'Give a positive whole number of units of the quote currency.',
    })
  return { capitalE8: BigInt(capital) * E8 }
}

/**
 * Makes the definition of a deployed agent: a built-in one, or what the module at the path exports as
 * `createAgent`.
 */
export async function loadAgent(config: AgentConfig): Promise<AgentDefinition> {
  const factory = BUILT_IN_AGENTS[config.definition]?.create ?? (await loadFactory(config.definition))
  return factory(config)
}

async function loadFactory(path: string): Promise<AgentFactory> {
  if (!/\.[cm]?[jt]s$/.test(path))
    throw new NotFoundError(`There is no agent "${path}".`, {
      facts: { agent: path },
      hint: `Choose one of ${Object.keys(BUILT_IN_AGENTS).join(', ')}, or give the path of a module that exports \`createAgent\`.`,
    })
  const loaded = await loadModule(resolve(path), `The agent module ${path}`)
  if (isAgentModule(loaded)) return loaded.createAgent
  throw new InvalidInputError(`The agent module ${path} exports no function \`createAgent\`.`, {
    facts: { path },
    hint: 'Export a function that takes { instrument, observes, settings } and returns defineAgent({ … }).',
  })
}

function isAgentModule(
  module: Readonly<Record<string, unknown>>,
): module is { readonly createAgent: AgentFactory } {
  return typeof module['createAgent'] === 'function'
}
