import { asColumn, timedColumn } from '../statisticsColumn.ts'
import type { ReportExposure, ReportMarket } from './reportInput.ts'

/** Value of long and of short positions as shares of equity, at each point of the equity; both zero or above. */
export type ExposureColumns = {
  readonly timeMs: Float64Array
  readonly long: Float64Array
  readonly short: Float64Array
}

/** Takes given exposure into columns. */
export function givenExposure({ timeMs, long, short }: ReportExposure): ExposureColumns {
  const column = timedColumn('exposures', timeMs, long)
  return {
    timeMs: column.timeMs,
    long: column.values,
    short: timedColumn('short exposures', timeMs, short).values,
  }
}

/**
 * Values the positions that fills leave, at each point of the equity: at the last price, or where none is known
 * yet at that of the last fill. Positions of several instruments do not cancel. Zero where equity is not above
 * zero.
 */
export function exposureColumns(
  markets: readonly ReportMarket[],
  timeMs: Float64Array,
  equityE8: Float64Array,
): ExposureColumns {
  const long = new Float64Array(timeMs.length)
  const short = new Float64Array(timeMs.length)
  for (const market of markets) addMarket(market, timeMs, equityE8, long, short)
  return { timeMs, long, short }
}

function addMarket(
  { decimals, prices, fills }: ReportMarket,
  timeMs: Float64Array,
  equityE8: Float64Array,
  long: Float64Array,
  short: Float64Array,
): void {
  if (fills.length === 0) return
  const priceMs = asColumn(prices?.timeMs ?? [])
  const priceE8 = asColumn(prices?.priceE8 ?? [])
  const unit = 10 ** decimals
  let nextPrice = 0
  let nextFill = 0
  let held = 0n
  let units = 0
  let price = 0
  for (let i = 0; i < timeMs.length; i++) {
    const time = timeMs[i] ?? 0
    for (let fill = fills[nextFill]; fill !== undefined && fill.timeMs <= time; fill = fills[++nextFill]) {
      held += fill.side === 'buy' ? fill.quantity : -fill.quantity
      units = Number(held) / unit
      if (nextPrice === 0) price = Number(fill.priceE8)
    }
    while (nextPrice < priceMs.length && (priceMs[nextPrice] ?? 0) <= time) price = priceE8[nextPrice++] ?? 0
    const equity = equityE8[i] ?? 0
    if (units === 0 || equity <= 0) continue
    const share = (units * price) / equity
    const column = share > 0 ? long : short
    column[i] = (column[i] ?? 0) + Math.abs(share)
  }
}

/** Means over equal stretches of the time, each value held until the next point. */
export function meansOverTime(timeMs: Float64Array, values: Float64Array, stretches: number): Float64Array {
  const means = new Float64Array(stretches)
  const from = timeMs[0] ?? 0
  const width = ((timeMs.at(-1) ?? 0) - from) / stretches
  if (!(width > 0)) return means
  for (let i = 0; i + 1 < timeMs.length; i++) {
    const value = values[i] ?? 0
    if (value === 0) continue
    let start = ((timeMs[i] ?? 0) - from) / width
    const end = ((timeMs[i + 1] ?? 0) - from) / width
    while (start < end) {
      const stretch = Math.min(stretches - 1, Math.floor(start))
      const stop = stretch === stretches - 1 ? end : Math.min(end, stretch + 1)
      means[stretch] = (means[stretch] ?? 0) + value * (stop - start)
      start = stop
    }
  }
  return means
}
