import { computeStatistics } from '../../backtest/statistics.ts'
import { cashE8, PPM } from '../../core/index.ts'
import { CAPITAL_E8, DECIMALS, type RunOnce, type Sizing, type SmaTask } from './smaTask.ts'

/** Smallest units in a whole one. */
const UNIT = 10 ** DECIMALS

/**
 * The same work as a loop over arrays of doubles that someone wrote for this one strategy: averages by adding and
 * subtracting, orders, fills at the next open with commission, cash and position, a column of equity, columns of
 * orders, fills and trades, then the same statistics.
 */
export function prepareBareLoop({ bars, reversing, feePpm }: SmaTask, sizing: Sizing): RunOnce {
  const { openMs, closeMs, openE8, closeE8 } = bars
  const count = openMs.length
  const fee = feePpm / PPM
  const sizesAtFill = sizing === 'atFill'
  const equity = new Float64Array(count)
  const column = () => new Float64Array(count)
  const fill = { timeMs: column(), priceE8: column(), quantity: column(), held: column() }
  const ordered = { timeMs: column(), quantity: column() }
  const trade = {
    pnlE8: column(),
    entryMs: column(),
    exitMs: column(),
    entryPriceE8: column(),
    exitPriceE8: column(),
    quantity: column(),
  }
  return (fast, slow) => {
    let orders = 0
    let fills = 0
    let trades = 0
    let cash = Number(CAPITAL_E8)
    let held = 0
    let entryMs = 0
    let entryPrice = 0
    let entryFee = 0
    // What waits for the next open: a change of position; or a direction to hold, sized from the equity then.
    let pending = false
    let order = 0
    let direction = 0
    let decidedEquity = 0
    let fastSum = 0
    let slowSum = 0
    for (let i = 0; i < count; i++) {
      if (pending) {
        pending = false
        const open = openE8[i] as number
        if (sizesAtFill) {
          const closed = cash + held * open - fee * Math.abs(held) * open
          order = (direction * Math.min(decidedEquity, closed)) / (open * (1 + fee)) - held
        }
        const cost = fee * open
        cash -= order * open + Math.abs(order) * cost
        if (held !== 0) {
          const exitFee = Math.abs(held) * cost
          trade.entryMs[trades] = entryMs
          trade.exitMs[trades] = openMs[i] as number
          trade.entryPriceE8[trades] = entryPrice
          trade.exitPriceE8[trades] = open
          trade.quantity[trades] = held * UNIT
          trade.pnlE8[trades] = Math.floor(held * (open - entryPrice) - entryFee - exitFee)
          trades++
        }
        held = direction === 0 ? 0 : held + order
        entryMs = openMs[i] as number
        entryPrice = open
        entryFee = Math.abs(held) * cost
        fill.timeMs[fills] = openMs[i] as number
        fill.quantity[fills] = order * UNIT
        fill.priceE8[fills] = open
        fill.held[fills] = held
        fills++
      }
      const close = closeE8[i] as number
      fastSum += close
      slowSum += close
      if (i >= fast) fastSum -= closeE8[i - fast] as number
      if (i >= slow) slowSum -= closeE8[i - slow] as number
      const worth = cash + held * close
      equity[i] = worth
      if (i + 1 < slow) continue
      // Features are binary32, so that a decision's record holds what it was concluded from.
      const isAbove = Math.fround(fastSum / fast / 1e8) > Math.fround(slowSum / slow / 1e8)
      const wanted = isAbove ? 1 : reversing ? -1 : 0
      if (wanted === Math.sign(held)) continue
      pending = true
      direction = wanted
      decidedEquity = worth
      order = (wanted * worth) / close - held
      ordered.timeMs[orders] = closeMs[i] as number
      ordered.quantity[orders++] = order
    }
    const final = equity[count - 1] ?? 0
    const statistics = computeStatistics(
      {
        equity: { timeMs: closeMs, equityE8: equity },
        finalEquityE8: cashE8(BigInt(Math.floor(final))),
        trades: { ...trade, count: trades, riskE8: null },
        fills: { ...fill, count: fills },
      },
      { decimals: DECIMALS },
    )
    return { trades, finalEquityE8: final, bars: count, statistics }
  }
}
