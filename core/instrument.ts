import { InvalidInputError } from './errors.ts'
import type { Address } from './hex.ts'
import type { Unit } from './unit.ts'

/**
 * The name of what is traded: a CAIP-19 asset id, or `venue:SYMBOL` for an exchange or a data feed.
 *
 * @example 'eip155:98866/erc20:0xe72fe64840f4ef80e3ec73a1c749491b5c938cb9'
 * @example 'oanda:XAUUSD'
 */
export type InstrumentId = Unit<string, 'InstrumentId'>

export type InstrumentKind = 'spot' | 'navToken' | 'vaultShare' | 'index'

/** What is traded, and what a trader must know about it. */
export type Instrument = {
  readonly id: InstrumentId
  readonly kind: InstrumentKind
  /** Short name for people. */
  readonly symbol: string
  /** Decimal places of one smallest unit. */
  readonly decimals: number
  /** Currency that prices are quoted in. */
  readonly quote: string
}

// CAIP-19 as of 2023: chain id (CAIP-2), asset namespace, asset reference.
const CAIP_19 = /^eip155:\d{1,20}\/erc20:0x[0-9a-f]{40}$/
const VENUE_SYMBOL = /^[a-z][a-z0-9-]{1,31}:[A-Za-z0-9._/-]{1,64}$/

/**
 * Checks the form of an instrument id. Addresses are lower-case, so that one asset has one name.
 *
 * @throws InvalidInputError
 */
export function instrumentId(text: string): InstrumentId {
  const normal = text.startsWith('eip155:') ? text.toLowerCase() : text
  if (CAIP_19.test(normal) || (!normal.startsWith('eip155:') && VENUE_SYMBOL.test(normal)))
    return normal as InstrumentId
  throw new InvalidInputError(`"${text}" is not an instrument id.`, {
    facts: { text },
    hint: 'Use a CAIP-19 id such as eip155:1/erc20:0x4580…78af, or venue:SYMBOL such as oanda:XAUUSD.',
  })
}

/** The CAIP-19 id of an ERC-20 token. */
export function erc20InstrumentId(chainId: number, token: Address): InstrumentId {
  return instrumentId(`eip155:${chainId}/erc20:${token}`)
}
