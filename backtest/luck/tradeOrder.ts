import { InvalidInputError, type Random } from '../../core/index.ts'
import { assertFinite } from './sharpeEvidence.ts'

/** What `simulateTradeOrder` takes. */
export type TradeOrderOptions = {
  /** Profit of each closed trade after fees, in the order in which they closed, in 10⁻⁸ of the currency. */
  readonly pnlE8: readonly bigint[]
  /** Above zero. */
  readonly initialEquityE8: bigint
  /**
   * `shuffle`: every trade once, in another order, which moves the drawdown and, compounded or not, leaves
   * the final equity. `resample`: as many trades drawn with replacement, which moves both.
   */
  readonly method: 'shuffle' | 'resample'
  /** `cash`: a trade makes the same cash wherever it stands. `share`: the same share of the equity before it. */
  readonly sizing: 'cash' | 'share'
  readonly runs: number
  readonly random: Random
}

/** What the simulated runs came to, each column in ascending order. */
export type TradeOrderRuns = {
  readonly finalEquityE8: Float64Array
  /** Largest fall from a peak of the equity after each trade, as a share; at least 1 for a ruined run. */
  readonly maxDrawdown: Float64Array
  /** Share of the runs whose equity reached zero; they stop there. */
  readonly ruined: number
}

/**
 * Simulates what another order of the same trades would have made, or another draw from them: trades are taken
 * as independent, and as closed one after the other.
 *
 * @throws InvalidInputError without a trade, run or capital; for `share`, naming the trade before which the
 * equity was not above zero.
 */
export function simulateTradeOrder(options: TradeOrderOptions): TradeOrderRuns {
  const { pnlE8, initialEquityE8, method, sizing, runs, random } = options
  const initial = Number(initialEquityE8)
  if (pnlE8.length === 0 || !(initial > 0) || !Number.isInteger(runs) || runs < 1)
    throw new InvalidInputError(
      `${runs} runs of ${pnlE8.length} trades from an equity of ${initial / 1e8} cannot be simulated.`,
      {
        facts: { runs, trades: pnlE8.length, initialEquityE8 },
        hint: 'Pass at least one trade, one run, and capital above zero.',
      },
    )
  const steps = sizing === 'cash' ? Float64Array.from(pnlE8, Number) : sharesOfEquity(pnlE8, initial)
  const finals = new Float64Array(runs)
  const drawdowns = new Float64Array(runs)
  let ruined = 0
  const order = steps.slice()
  for (let run = 0; run < runs; run++) {
    let equity = initial
    let peak = initial
    let deepest = 0
    for (let i = 0; i < steps.length; i++) {
      // Fisher and Yates's shuffle, one exchange as each trade is taken; the order stays shuffled for the next run.
      const drawn =
        method === 'resample'
          ? Math.floor(random() * steps.length)
          : i + Math.floor(random() * (steps.length - i))
      const step = order[drawn] ?? 0
      if (method === 'shuffle') {
        order[drawn] = order[i] ?? 0
        order[i] = step
      }
      equity = sizing === 'cash' ? equity + step : equity * (1 + step)
      if (equity > peak) peak = equity
      const depth = (peak - equity) / peak
      if (depth > deepest) deepest = depth
      if (equity <= 0) {
        ruined++
        break
      }
    }
    finals[run] = equity
    drawdowns[run] = deepest
  }
  return { finalEquityE8: finals.sort(), maxDrawdown: drawdowns.sort(), ruined: ruined / runs }
}

function sharesOfEquity(pnlE8: readonly bigint[], initial: number): Float64Array {
  const shares = new Float64Array(pnlE8.length)
  let equity = initial
  for (let i = 0; i < shares.length; i++) {
    if (equity <= 0)
      throw new InvalidInputError(`The equity before trade ${i} is not above zero.`, {
        facts: { index: i, equityE8: equity },
        hint: 'Simulate trades of such a run in cash.',
      })
    const pnl = Number(pnlE8[i] ?? 0n)
    shares[i] = pnl / equity
    equity += pnl
  }
  assertFinite('trades', shares)
  return shares
}
