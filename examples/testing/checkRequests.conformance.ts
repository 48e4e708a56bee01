import { expect } from 'vitest'
import { type AgentDefinition, type RequestFeeTerms, tradedInstruments } from '../../agents/index.ts'
import type { BacktestRun } from '../../backtest/index.ts'
import {
  floorDivide,
  type MarketEvent,
  type Order,
  positionOf,
  type SourcePosition,
  valueE8,
} from '../../core/index.ts'
import { requestFeeE8 } from '../../execution/index.ts'

/** A fill, the order that it is of, and when each was. */
export type FilledRequest = {
  readonly market: number
  readonly order: Order
  readonly orderedMs: number
  readonly filledMs: number
  readonly priced: MarketEvent
}

const placeOf = ({ source, block, logIndex }: SourcePosition): string => `${source} ${block} ${logIndex}`

/**
 * Follows cash and shares through all decisions of a run, and checks that they end as the run says; that each request
 * is priced by a NAV that was published by then; and that its fee is that of the terms, once.
 */
export function checkRequests(
  {
    definition,
    feeOf,
  }: { definition: AgentDefinition; feeOf(kind: 'subscribe' | 'redeem'): RequestFeeTerms },
  events: readonly MarketEvent[],
  run: BacktestRun,
): readonly FilledRequest[] {
  const instruments = tradedInstruments(definition)
  const byPlace = new Map(events.map(event => [placeOf(positionOf(event)), event]))
  const requests: FilledRequest[] = []
  const held = instruments.map(() => 0n)
  let cash: bigint = definition.capitalE8
  let leftOver = 0n
  for (const { instrument, output, timeMs } of run.decisions) {
    if (output.kind !== 'fill' || output.outcome !== 'filled') continue
    const market = instruments.findIndex(({ id }) => id === instrument)
    const decimals = instruments[market]?.decimals ?? 0
    const { side, quantity: size, priceE8: price, feeE8, pricedBy } = output
    const signed = side === 'buy' ? size : -size
    held[market] = (held[market] ?? 0n) + signed
    cash += floorDivide(-signed * price, 10n ** BigInt(decimals)) - feeE8
    const cause = run.decisions[output.order ?? -1]
    if (cause?.output.kind !== 'order') throw new Error(`A fill of ${instrument} has no order.`)
    const { terms } = cause.output
    if (terms.kind !== 'subscribe' && terms.kind !== 'redeem') continue
    const priced = byPlace.get(placeOf(pricedBy))
    if (priced?.value.type !== 'nav') throw new Error(`A request of ${instrument} was priced by no NAV.`)
    expect(priced.value.navE8).toBe(price)
    expect(priced.knownAt).toBeLessThanOrEqual(timeMs)
    expect(priced.instrument).toBe(instrument)
    const gross = terms.kind === 'subscribe' ? terms.amountE8 : valueE8(size, price, decimals)
    expect(feeE8).toBe(requestFeeE8(feeOf(terms.kind), gross))
    if (terms.kind === 'subscribe') leftOver += price / 10n ** BigInt(decimals) + 1n
    requests.push({ market, order: cause.output, orderedMs: cause.timeMs, filledMs: timeMs, priced })
  }
  expect(run.portfolio.positions.map(({ quantity }) => quantity)).toEqual(held)
  const kept = cash - run.portfolio.cashE8
  expect(kept).toBeGreaterThanOrEqual(0n)
  expect(kept).toBeLessThanOrEqual(leftOver)
  return requests
}
