import { formatInstant, type OrderSize, type OrderTerms, type TradeTerms, type Trail } from '../core/index.ts'
import {
  readableAmount,
  readableCash,
  readablePrice,
  readableShare,
  readableShares,
} from './readableAmount.ts'
import { readableTime } from './readableTime.ts'

/** Says what an order asks for, in a few words: `sell limit 1 at 2,010.00, good till 2024-01-05 12:00:00`. */
export function describeOrder(terms: OrderTerms, decimals: number | null): string {
  switch (terms.kind) {
    case 'subscribe':
      return `subscribe ${readableCash(terms.amountE8)}`
    case 'redeem':
      return `redeem ${readableShares(terms.shares, decimals)}${terms.instantly === true ? ' at once' : ''}`
    default:
      return [describeTrade(terms, sizeText(terms.size, decimals)), ...conditions(terms)].join(', ')
  }
}

function describeTrade(terms: TradeTerms, size: string): string {
  const { side } = terms
  switch (terms.kind) {
    case 'market':
      return `${side} ${size} at market`
    case 'limit':
      return `${side} limit ${size} at ${readablePrice(terms.limitE8)}`
    case 'stop':
      return `${side} stop ${size} at ${readablePrice(terms.stopE8)}`
    case 'stopLimit':
      return `${side} stop ${size} at ${readablePrice(terms.stopE8)} with limit ${readablePrice(terms.limitE8)}`
    case 'trailingStop':
      return `${side} trailing stop ${size}, ${trailText(terms)} behind`
  }
}

function conditions({ bracket, lot, reduceOnly, exclusive, goodTillMs }: TradeTerms): string[] {
  const { stopLoss, takeProfitE8 } = bracket ?? {}
  const parts: string[] = []
  if (exclusive === true) parts.push('in place of all else')
  if (lot !== undefined) parts.push(`of lot ${lot}`)
  else if (reduceOnly === true) parts.push('reduce only')
  if (stopLoss !== undefined)
    parts.push(
      'stopE8' in stopLoss
        ? `stop-loss ${readablePrice(stopLoss.stopE8)}`
        : `stop-loss ${trailText(stopLoss)} behind`,
    )
  if (takeProfitE8 !== undefined) parts.push(`take-profit ${readablePrice(takeProfitE8)}`)
  if (goodTillMs !== undefined) parts.push(`good till ${readableTime(formatInstant(goodTillMs))}`)
  return parts
}

function sizeText(size: OrderSize, decimals: number | null): string {
  if ('units' in size) return readableAmount(size.units, decimals)
  return 'cashE8' in size ? `for ${readableCash(size.cashE8)}` : `${readableShare(size.equityPpm)} of equity`
}

const trailText = (trail: Trail): string =>
  'trailE8' in trail ? readablePrice(trail.trailE8) : readableShare(trail.trailPpm)
