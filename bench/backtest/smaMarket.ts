import { DAY_MS, gaussian, MINUTE_MS, parseInstant, seededRandom } from '../../core/index.ts'

/** Bars of one price, as columns: times in UTC milliseconds, prices in whole 10⁻⁸. */
export type SmaBars = {
  readonly openMs: Float64Array
  readonly closeMs: Float64Array
  readonly openE8: Float64Array
  readonly highE8: Float64Array
  readonly lowE8: Float64Array
  readonly closeE8: Float64Array
}

type Walk = {
  readonly seed: number
  readonly barMs: number
  readonly startMs: number
  /** Leaves out Saturdays and Sundays. */
  readonly weekdays: boolean
  /** Mean and deviation of the change of price from close to close, as shares. */
  readonly drift: number
  readonly volatility: number
}

const FIRST_PRICE_E8 = 100e8
/** Part of a bar's deviation that lies between a close and the next open. */
const GAP = 0.3

/**
 * Daily bars that move as Google's did from 2004-08-19 to 2013-03-01, the sample that several backtesters bring:
 * 2,148 bars from 100 to about 800, of 2.1 % a day.
 */
export const dailyBars = (): SmaBars =>
  seededBars(2_148, {
    seed: 20040819,
    barMs: DAY_MS,
    startMs: parseInstant('2004-08-19'),
    weekdays: true,
    drift: 0.0012,
    volatility: 0.021,
  })

/** Minute bars without end of the week, of 36 % a year. */
export const minuteBars = (count: number): SmaBars =>
  seededBars(count, {
    seed: 7,
    barMs: MINUTE_MS,
    startMs: parseInstant('2020-01-01'),
    weekdays: false,
    drift: 0,
    volatility: 0.0005,
  })

/** A seeded geometric walk as bars. */
function seededBars(count: number, { seed, barMs, startMs, weekdays, drift, volatility }: Walk): SmaBars {
  const random = seededRandom(seed)
  const bars = {
    openMs: new Float64Array(count),
    closeMs: new Float64Array(count),
    openE8: new Float64Array(count),
    highE8: new Float64Array(count),
    lowE8: new Float64Array(count),
    closeE8: new Float64Array(count),
  }
  const moved = (price: number, by: number) => Math.max(1, Math.round(price * (1 + by)))
  const inside = volatility * Math.sqrt(1 - GAP * GAP)
  let time = startMs
  let close = FIRST_PRICE_E8
  for (let row = 0; row < count; row++) {
    // 1970-01-01 was a Thursday.
    while (weekdays && (Math.floor(time / DAY_MS) + 3) % 7 > 4) time += DAY_MS
    const open = moved(close, GAP * volatility * gaussian(random))
    close = moved(open, drift + inside * gaussian(random))
    bars.openMs[row] = time
    time += barMs
    bars.closeMs[row] = time
    bars.openE8[row] = open
    bars.highE8[row] = moved(Math.max(open, close), 0.3 * volatility * random())
    bars.lowE8[row] = moved(Math.min(open, close), -0.3 * volatility * random())
    bars.closeE8[row] = close
  }
  return bars
}
