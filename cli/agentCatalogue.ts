import { resolve } from 'node:path'
import type { AgentDefinition } from '../agents/index.ts'
import type { ParameterSpace, Point, PointIn } from '../backtest/index.ts'
import { E8, type Instrument, type InstrumentId, InvalidInputError, NotFoundError } from '../core/index.ts'
import { billRotation } from '../examples/billRotation.ts'
import { goldBoosted } from '../examples/goldBoosted.ts'
import { goldTrend } from '../examples/goldTrend.ts'
import { orderFlowMomentum } from '../examples/orderFlowMomentum.ts'
import { vaultPremium } from '../examples/vaultPremium.ts'
import { loadModule } from './config/loadConfig.ts'
import type { AgentConfig } from './projectSchema.ts'
import { withVenueSettings } from './venueSettings.ts'

/** What an agent is made from. */
export type AgentOptions = {
  readonly instrument: Instrument
  readonly observes: readonly InstrumentId[]
  readonly settings: AgentConfig['settings']
}

/**
 * What a module of agents may export as `createAgent`. Where it exports a `space` of parameters, too, the second
 * argument is a point of it.
 */
export type AgentFactory<Space extends ParameterSpace | null = null> = Space extends ParameterSpace
  ? (options: AgentOptions, point: PointIn<Space>) => AgentDefinition
  : (options: AgentOptions) => AgentDefinition

/** What makes an agent, and the parameters of it that a sweep may search. */
export type AgentModule = {
  readonly createAgent: (options: AgentOptions, point: Point) => AgentDefinition
  readonly space: ParameterSpace | null
  /** Settings that it reads beside its parameters; null where only its code knows. */
  readonly settings: readonly string[] | null
}

/** The agents that come with touchstone, by the name that `definition` in project.json gives. */
export const BUILT_IN_AGENTS: Readonly<
  Record<
    string,
    { readonly about: string; readonly settings: readonly string[]; readonly create: AgentFactory }
  >
> = {
  'order-flow-momentum': {
    about: 'momentum of the order flow in a pool, by a small network; one decision a minute',
    settings: ['capital'],
    create: ({ instrument, settings }) => orderFlowMomentum({ instrument, ...capital(settings) }),
  },
  'gold-trend': {
    about: 'trend on gold with volatility-targeted size; no model; one decision a period',
    settings: ['capital', 'periodMs'],
    create: ({ instrument, settings }) => {
      const periodMs = settings['periodMs']
      return goldTrend({
        instrument,
        ...capital(settings),
        ...(typeof periodMs === 'number' ? { periodMs } : {}),
      })
    },
  },
  'gold-boosted': {
    about: 'gold a day ahead by boosted trees over returns and volatilities; a decision every four hours',
    settings: ['capital'],
    create: ({ instrument, settings }) => goldBoosted({ instrument, ...capital(settings) }),
  },
  'vault-premium': {
    about: 'buys a vault share below its NAV and redeems it, or the other way round; no model',
    settings: ['capital'],
    create: ({ instrument, settings }) => vaultPremium({ instrument, ...capital(settings) }),
  },
  'bill-rotation': {
    about: 'holds the bill fund that yields most after fees, by subscriptions and redemptions; no model',
    settings: ['capital'],
    create: ({ settings }) => billRotation(capital(settings)),
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
 * `createAgent`. Where the module exports a `space`, the point is made of the settings that its parameters name,
 * and of its defaults.
 */
export async function loadAgent(config: AgentConfig): Promise<AgentDefinition> {
  const module = await loadAgentModule(config.definition)
  return createAgentAt(module, config, module.space === null ? {} : pointOfSettings(module.space, config))
}

/** The built-in agent of a name, or the module at a path. */
export async function loadAgentModule(definition: string): Promise<AgentModule> {
  const builtIn = BUILT_IN_AGENTS[definition]
  return builtIn === undefined
    ? importAgentModule(definition)
    : { createAgent: builtIn.create, space: null, settings: builtIn.settings }
}

/** Makes the definition of an agent at a point: the same as if the point were among its settings. */
export function createAgentAt(
  { createAgent }: AgentModule,
  { instrument, observes, settings }: AgentConfig,
  point: Point,
): AgentDefinition {
  const set = { ...settings, ...point }
  return withVenueSettings(createAgent({ instrument, observes, settings: set }, point), set)
}

/** @throws InvalidInputError naming the parameter that is out of range, or has neither setting nor default. */
function pointOfSettings(space: ParameterSpace, { settings }: AgentConfig): Point {
  const given = space.names.flatMap(name => {
    const value = settings[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return space.check({ ...space.defaults, ...Object.fromEntries(given) })
}

async function importAgentModule(path: string): Promise<AgentModule> {
  if (!/\.[cm]?[jt]s$/.test(path))
    throw new NotFoundError(`There is no agent "${path}".`, {
      facts: { agent: path },
      hint: `Choose one of ${Object.keys(BUILT_IN_AGENTS).join(', ')}, or give the path of a module that exports \`createAgent\`.`,
    })
  const { createAgent, space = null } = await loadModule(resolve(path), `The agent module ${path}`)
  if (typeof createAgent !== 'function')
    throw new InvalidInputError(`The agent module ${path} exports no function \`createAgent\`.`, {
      facts: { path },
      hint: 'Export a function that takes { instrument, observes, settings } and returns defineAgent({ … }).',
    })
  if (space !== null && !isSpace(space))
    throw new InvalidInputError(`The agent module ${path} exports a \`space\` that holds no parameters.`, {
      facts: { path },
      hint: 'Export parameters({ … }) of touchstone/backtest, or give it another name.',
    })
  return { createAgent: createAgent as AgentModule['createAgent'], space, settings: null }
}

// It may come from another copy of the package, so its class would say nothing.
const isSpace = (value: unknown): value is ParameterSpace =>
  typeof value === 'object' &&
  value !== null &&
  'definitions' in value &&
  'names' in value &&
  Array.isArray(value.names) &&
  'check' in value &&
  typeof value.check === 'function'
