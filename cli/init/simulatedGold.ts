import { gaussian, HOUR_MS, seededRandom } from '../../core/index.ts'

const HOURS = 24 * 730
const FIRST_MS = Date.UTC(2024, 0, 1)
/** Of one hour: close to what gold does, 15 % and 8 % a year. */
const VOLATILITY = 0.0016
const DRIFT = 0.000009
const SPREAD = 0.4

/** Two years of hourly quotes that move like gold, from a seed: the same on every machine. */
export function simulatedGold(seed = 1): string {
  const random = seededRandom(seed)
  const lines = ['time_utc,bid_open,bid_high,bid_low,bid_close,ask_open,ask_high,ask_low,ask_close']
  let price = 2_000
  for (let hour = 0; hour < HOURS; hour++) {
    const open = price
    price *= 1 + DRIFT + VOLATILITY * gaussian(random)
    const reach = 0.5 * VOLATILITY * price
    const high = Math.max(open, price) + reach * random()
    const low = Math.min(open, price) - reach * random()
    const side = (spread: number) => [open, high, low, price].map(value => (value + spread).toFixed(3))
    const time = new Date(FIRST_MS + hour * HOUR_MS).toISOString().replace('.000', '')
    lines.push([time, ...side(0), ...side(SPREAD)].join(','))
  }
  return `${lines.join('\n')}\n`
}
