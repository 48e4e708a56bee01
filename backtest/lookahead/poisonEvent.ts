import {
  InvalidInputError,
  type MarketEvent,
  type MarketValue,
  positionOf,
  priceE8,
  quantity,
  type Random,
  seededRandom,
  type TokenControlValue,
  type YieldCurveValue,
} from '../../core/index.ts'
import { poisonBar } from './poisonBar.ts'
import { poisonSwap } from './poisonSwap.ts'
import { factorOf, scaled } from './priceFactor.ts'

/** Which way the prices of a poisoned future go. */
export type PoisonDirection = 1 | -1

/**
 * Changes what an event says, never its place, time, instrument or type.
 *
 * @param random Seeded for this event alone.
 */
export type PoisonEvent = (event: MarketEvent, random: Random, direction: PoisonDirection) => MarketEvent

/** Smallest and largest price change of a poisoned row, in ticks of 1.0001: 4 % to 28 %. */
const LEAST_TICKS = 400
const MOST_TICKS = 2_500
/** Beyond this an argument of a contract event is a mask or "unlimited", not an amount. */
const MOST_AMOUNT = 1n << 200n

/**
 * Changes an event so that it stays a valid row: its prices by one factor and its shape, its amounts by
 * another, by chance the other side of a trade. Clocks, gaps and withdrawals stay as they are.
 */
export const poisonEvent: PoisonEvent = (event, random, direction) => {
  const ticks = direction * (LEAST_TICKS + Math.floor(random() * (MOST_TICKS - LEAST_TICKS)))
  const amounts = factorOf((random() < 0.5 ? -1 : 1) * (500 + Math.floor(random() * 6_000)))
  const value = poisonValue(event.value, { ticks, amounts, random })
  return value === event.value ? event : { ...event, value }
}

/** Poisons the events of a history, each by a generator of its own: a row is changed alike in every range. */
export function createPoison(
  poison: PoisonEvent,
  seed: number,
): (event: MarketEvent, index: number, direction: PoisonDirection) => MarketEvent {
  return (event, index, direction) => {
    const poisoned = poison(event, seededRandom(seed + Math.imul(index + 1, 0x9e3779b1)), direction)
    if (!isSameRow(event, poisoned)) throw movedRow(event)
    return poisoned
  }
}

function isSameRow(event: MarketEvent, poisoned: MarketEvent): boolean {
  return (
    event.lineage === poisoned.lineage &&
    event.validAt === poisoned.validAt &&
    event.knownAt === poisoned.knownAt &&
    event.instrument === poisoned.instrument &&
    event.value.type === poisoned.value.type
  )
}

function movedRow(event: MarketEvent): InvalidInputError {
  const { source, block } = positionOf(event)
  return new InvalidInputError(`The poison moved row ${block} of ${source}.`, {
    facts: { source, block },
    hint: 'Change values only: keep lineage, validAt, knownAt, instrument and type.',
  })
}

type Change = { readonly ticks: number; readonly amounts: bigint; readonly random: Random }

function poisonValue(value: MarketValue, { ticks, amounts, random }: Change): MarketValue {
  const flip = random() < 0.5
  const prices = factorOf(ticks)
  const price = (given: bigint) => priceE8(scaled(given, prices))
  const amount = (given: bigint) => scaled(given, amounts)
  switch (value.type) {
    case 'bar':
      return poisonBar(value, { ticks, amounts, random })
    case 'trade':
      return {
        ...value,
        side: flip ? otherSide(value.side) : value.side,
        priceE8: price(value.priceE8),
        sizeE8: amount(value.sizeE8),
      }
    case 'quote': {
      const { bidE8, askE8, bidSizeE8, askSizeE8 } = value
      return {
        ...value,
        bidE8: price(bidE8),
        // Another factor, so that the spread changes too.
        askE8: priceE8(scaled(askE8, factorOf(ticks + Math.ceil(random() * 50)))),
        bidSizeE8: amount(bidSizeE8),
        askSizeE8: amount(askSizeE8),
      }
    }
    case 'swap':
      return poisonSwap(value, { ticks, amounts, flip })
    case 'liquidity': {
      const { liquidityDelta, amount0, amount1 } = value
      return {
        ...value,
        liquidityDelta: amount(liquidityDelta),
        amount0: amount(amount0),
        amount1: price(amount(amount1)),
      }
    }
    case 'collect':
      return { ...value, amount0: amount(value.amount0), amount1: price(amount(value.amount1)) }
    case 'transfer':
      return { ...value, amount: quantity(amount(value.amount)) }
    case 'nav':
      return { ...value, navE8: price(value.navE8) }
    case 'vaultFlow':
      // Assets move by the price too: the rate is their ratio.
      return { ...value, assets: price(amount(value.assets)), shares: quantity(amount(value.shares)) }
    case 'vaultRequest': {
      const { assets, shares } = value
      return {
        ...value,
        assets: assets === null ? null : price(amount(assets)),
        shares: shares === null ? null : quantity(amount(shares)),
      }
    }
    case 'tokenControl':
      return {
        ...value,
        action: flip ? oppositeOf(value.action) : value.action,
        amount: value.amount === null ? null : quantity(amount(value.amount)),
      }
    case 'distribution':
      return { ...value, amount: amount(value.amount) }
    case 'contractEvent': {
      const args = Object.entries(value.args).map(([name, given]) => {
        const isAmount = typeof given === 'bigint' && given > -MOST_AMOUNT && given < MOST_AMOUNT
        return [name, isAmount ? amount(given) : given] as const
      })
      return { ...value, args: Object.fromEntries(args) }
    }
    case 'yieldCurve':
      return poisonCurve(value, ticks, random)
    case 'withdrawal':
    case 'gap':
    case 'clock':
      return value
  }
}

function poisonCurve(value: YieldCurveValue, ticks: number, random: Random): YieldCurveValue {
  // Each tenor by itself, so that slopes change too.
  const moved = (yieldPpm: number | null) => {
    const shift = 5 * ticks + Math.floor(random() * 2_000)
    return yieldPpm === null ? null : yieldPpm + shift
  }
  const { yieldsPpm } = value
  return {
    ...value,
    yieldsPpm: {
      '1M': moved(yieldsPpm['1M']),
      '3M': moved(yieldsPpm['3M']),
      '1Y': moved(yieldsPpm['1Y']),
      '2Y': moved(yieldsPpm['2Y']),
      '10Y': moved(yieldsPpm['10Y']),
    },
  }
}

const otherSide = (side: 'buy' | 'sell'): 'buy' | 'sell' => (side === 'buy' ? 'sell' : 'buy')

const OPPOSITES: Partial<Record<TokenControlValue['action'], TokenControlValue['action']>> = {
  paused: 'unpaused',
  unpaused: 'paused',
  walletFrozen: 'walletUnfrozen',
  walletUnfrozen: 'walletFrozen',
  amountFrozen: 'amountUnfrozen',
  amountUnfrozen: 'amountFrozen',
}

const oppositeOf = (action: TokenControlValue['action']): TokenControlValue['action'] =>
  OPPOSITES[action] ?? action
