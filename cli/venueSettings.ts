import { type AgentDefinition, type ChainVenue, defineAgent, type VenueSettings } from '../agents/index.ts'
import {
  cashE8,
  type InstrumentId,
  InvalidInputError,
  instrumentId,
  type Ppm,
  parseDecimal,
} from '../core/index.ts'
import type { AgentConfig } from './projectSchema.ts'

/** Begins the name of every setting of an agent's venue, so that none is one of the agent's own. */
export const VENUE_PREFIX = 'venue.'

/** Settings that are numbers of the venue's own fields. */
const NUMBERS = [
  'feePpm',
  'makerFeePpm',
  'halfSpreadPpm',
  'entrySpreadPpm',
  'impactPpm',
  'latencyMs',
  'maxPriceAgeMs',
] as const satisfies readonly (keyof VenueSettings)[]
const OF_CHAIN = [
  'poolFeePpm',
  'poolBaseIsToken0',
  'poolQuoteDecimals',
  'poolCurve',
  'poolMaxMovePpm',
  'gasUnits',
  'gasPriceGwei',
  'gasPriceOf',
  'coinPrice',
  'coinPriceOf',
  'latencyBlocks',
  'blockMs',
] as const
type VenueSetting = (typeof NUMBERS)[number] | (typeof OF_CHAIN)[number]
type Settings = AgentConfig['settings']
type Value = Settings[string]

/**
 * An agent whose venue is as its settings say: `venue.feePpm`, `venue.poolFeePpm` and so on, which every agent knows. The
 * instruments that gas and coin are priced by are observed, too.
 *
 * @throws InvalidInputError naming the setting that is unknown, missing beside another, or out of its range.
 */
export function withVenueSettings(definition: AgentDefinition, settings: Settings): AgentDefinition {
  const given = new Map<string, Value>()
  for (const [name, value] of Object.entries(settings))
    if (name.startsWith(VENUE_PREFIX)) given.set(name.slice(VENUE_PREFIX.length), value)
  if (given.size === 0) return definition
  const known: readonly string[] = [...NUMBERS, ...OF_CHAIN]
  for (const [name, value] of given) if (!known.includes(name)) throw refused(name, value, hintOf(known))
  const numbers = NUMBERS.flatMap(name => (given.has(name) ? [[name, numberOf(given, name)] as const] : []))
  const chain = chainVenueOf(definition, given)
  const { gas } = chain
  const priced = [
    ...(gas !== undefined && 'gweiOf' in gas.gasPrice ? [gas.gasPrice.gweiOf] : []),
    ...(gas !== undefined && 'priceOf' in gas.coinPrice ? [gas.coinPrice.priceOf] : []),
  ]
  const observed = new Set([definition.instrument, ...definition.alsoTrades].map(({ id }) => id))
  const observes = [...new Set([...definition.observes, ...priced])].filter(id => !observed.has(id))
  return defineAgent({
    ...definition,
    observes,
    venue: { ...definition.venue, ...Object.fromEntries(numbers), ...chain },
  })
}

const hintOf = (known: readonly string[]): string =>
  `A venue knows ${known.map(name => `${VENUE_PREFIX}${name}`).join(', ')}.`

type Given = ReadonlyMap<string, Value>

function chainVenueOf({ instrument }: AgentDefinition, given: Given): ChainVenue {
  const has = (...names: readonly VenueSetting[]) => names.some(name => given.has(name))
  return {
    ...(has('poolFeePpm', 'poolBaseIsToken0', 'poolQuoteDecimals', 'poolCurve', 'poolMaxMovePpm')
      ? { pools: [poolOf(instrument.id, given)] }
      : {}),
    ...(has('gasUnits', 'gasPriceGwei', 'gasPriceOf', 'coinPrice', 'coinPriceOf')
      ? { gas: gasOf(instrument.id, given) }
      : {}),
    ...(has('latencyBlocks', 'blockMs')
      ? {
          latencyBlocks: {
            blocks: numberOf(given, 'latencyBlocks'),
            periodMs: numberOf(given, 'blockMs'),
          },
        }
      : {}),
  }
}

function poolOf(instrument: InstrumentId, given: Given): NonNullable<ChainVenue['pools']>[number] {
  const curve = given.get('poolCurve') ?? 'uniswapV3'
  if (curve !== 'uniswapV3' && curve !== 'constantProduct')
    throw refused('poolCurve', curve, 'Give uniswapV3 or constantProduct.')
  const baseIsToken0 = given.get('poolBaseIsToken0')
  if (typeof baseIsToken0 !== 'boolean')
    throw refused(
      'poolBaseIsToken0',
      baseIsToken0,
      'Give true where the base is the pool’s token 0, or false.',
    )
  return {
    instrument,
    curve,
    feePpm: numberOf(given, 'poolFeePpm') as Ppm,
    baseIsToken0,
    quoteDecimals: numberOf(given, 'poolQuoteDecimals'),
    ...(given.has('poolMaxMovePpm') ? { maxMovePpm: numberOf(given, 'poolMaxMovePpm') as Ppm } : {}),
  }
}

/** Gas is paid in the coin that is traded, unless its price is given. */
function gasOf(traded: InstrumentId, given: Given): NonNullable<ChainVenue['gas']> {
  const units = numberOf(given, 'gasUnits')
  if (!Number.isSafeInteger(units)) throw refused('gasUnits', units, 'Give a whole number of units of gas.')
  const price = given.get('gasPriceOf')
  const coin = given.get('coinPriceOf')
  return {
    units: BigInt(units),
    gasPrice:
      price === undefined
        ? { wei: decimalOf(given, 'gasPriceGwei', 9) }
        : { gweiOf: instrumentId(String(price)) },
    coinPrice: given.has('coinPrice')
      ? { priceE8: cashE8(decimalOf(given, 'coinPrice', 8)) }
      : { priceOf: coin === undefined ? traded : instrumentId(String(coin)) },
  }
}

function numberOf(given: Given, name: VenueSetting): number {
  const value = given.get(name)
  if (typeof value === 'number') return value
  throw refused(name, value, 'Give a number.')
}

/** A decimal number in units of 10^-decimals. */
function decimalOf(given: Given, name: VenueSetting, decimals: number): bigint {
  const value = numberOf(given, name)
  const amount = parseDecimal(String(value), decimals)
  if (amount === null) throw refused(name, value, `Give a number of at most ${decimals} decimals.`)
  return amount
}

function refused(name: string, value: Value | undefined, hint: string): InvalidInputError {
  const setting = `${VENUE_PREFIX}${name}`
  return new InvalidInputError(
    value === undefined
      ? `The setting "${setting}" is missing beside the others of its kind.`
      : `The setting "${setting}" is ${value}.`,
    { facts: { setting, value: String(value) }, hint },
  )
}
