import { InvalidInputError } from '../core/index.ts'
import type { TradeSpan } from './statisticsExcursions.ts'
import type { PositionChange } from './statisticsExposure.ts'
import type { TradeOutcome } from './statisticsTrades.ts'

/**
 * Closed round trips as columns, for runs of so many that an object for each would cost more than the figures:
 * whole numbers in doubles, exact up to 2⁵³. Columns may be longer than there are trades.
 */
export type TradeColumns = {
  /** Trades. */
  readonly count: number
  /** Profit after fees, in 10⁻⁸ of the quote currency. */
  readonly pnlE8: Float64Array
  readonly entryMs: Float64Array
  readonly exitMs: Float64Array
  readonly entryPriceE8: Float64Array
  readonly exitPriceE8: Float64Array
  /** In smallest units: above zero for a long trade, below for a short one. */
  readonly quantity: Float64Array
  /** What the stop put at risk, above zero, in 10⁻⁸ of the quote currency; null where trades had none. */
  readonly riskE8: Float64Array | null
}

/** Fills of one instrument as columns, in time order; columns may be longer than there are fills. */
export type FillColumns = {
  /** Fills. */
  readonly count: number
  readonly timeMs: Float64Array
  readonly priceE8: Float64Array
  /** In smallest units: above zero for a purchase. */
  readonly quantity: Float64Array
  /** The position after the fill: exactly zero when it is closed. */
  readonly held: Float64Array
}

/** Whether trades or fills came as columns. */
export const isColumns = <C extends TradeColumns | FillColumns>(
  given: C | readonly (TradeOutcome | PositionChange)[],
): given is C => !Array.isArray(given)

/** What the loop over trades reads: NaN where a trade does not say. */
export type TradeReading = Omit<TradeColumns, 'exitPriceE8'> & {
  /** The profits themselves where one is beyond what a double holds exactly. */
  readonly exactE8: readonly bigint[] | null
}

/**
 * Takes trades into columns.
 *
 * @throws InvalidInputError naming the first profit of a column that is no whole number below 2⁵³.
 */
export function readTrades(trades: readonly TradeOutcome[] | TradeColumns): TradeReading {
  if (isColumns(trades)) {
    for (let i = 0; i < trades.count; i++)
      if (!Number.isSafeInteger(trades.pnlE8[i])) throw badProfit(i, trades.pnlE8[i])
    return { ...trades, exactE8: null }
  }
  const count = trades.length
  const column = () => new Float64Array(count)
  const [pnlE8, entryMs, exitMs, entryPriceE8, quantity] = [column(), column(), column(), column(), column()]
  let riskE8: Float64Array | null = column()
  let isExact = true
  for (let i = 0; i < count; i++) {
    const trade = trades[i]
    if (trade === undefined) continue
    const pnl = Number(trade.pnlE8)
    pnlE8[i] = pnl
    if (!Number.isSafeInteger(pnl)) isExact = false
    entryMs[i] = trade.entryMs ?? Number.NaN
    exitMs[i] = trade.exitMs ?? Number.NaN
    entryPriceE8[i] = Number(trade.entryPriceE8 ?? Number.NaN)
    quantity[i] = Number(trade.quantity ?? Number.NaN)
    if (trade.riskE8 === undefined || trade.riskE8 <= 0n) riskE8 = null
    else if (riskE8 !== null) riskE8[i] = Number(trade.riskE8)
  }
  const exactE8 = isExact ? null : trades.map(trade => trade.pnlE8)
  return { count, pnlE8, entryMs, exitMs, entryPriceE8, quantity, riskE8, exactE8 }
}

/** Trades of columns one by one, as excursions need them. */
export function spansOf(trades: TradeColumns): TradeSpan[] {
  return Array.from({ length: trades.count }, (_, i) => ({
    direction: (trades.quantity[i] ?? 0) < 0 ? ('short' as const) : ('long' as const),
    entryMs: trades.entryMs[i] ?? 0,
    exitMs: trades.exitMs[i] ?? 0,
    entryPriceE8: BigInt(trades.entryPriceE8[i] ?? 0),
    exitPriceE8: BigInt(trades.exitPriceE8[i] ?? 0),
  }))
}

const badProfit = (index: number, pnlE8: number | undefined): InvalidInputError =>
  new InvalidInputError(`Trade ${index} has a profit of ${pnlE8}, which is no whole number below 2⁵³.`, {
    facts: { index, pnlE8: pnlE8 ?? null },
    hint: 'Round profits to 10⁻⁸, and pass trades of larger ones as objects with big integers.',
  })
