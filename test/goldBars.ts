import { gaussian, seededRandom } from '../core/index.ts'

/** Hourly quotes that drift upwards, seeded, as a CSV file of bars: more hours only append. */
export function goldBars(hours: number): string {
  const random = seededRandom(11)
  const lines = ['time_utc,bid_open,bid_high,bid_low,bid_close,ask_open,ask_high,ask_low,ask_close']
  let price = 1_500
  for (let hour = 0; hour < hours; hour++) {
    const open = price
    price *= 1 + 0.00005 + 0.001 * gaussian(random)
    const [low, high] = [Math.min(open, price), Math.max(open, price)]
    const side = (spread: number) => [open, high, low, price].map(value => (value + spread).toFixed(3))
    const time = new Date(Date.UTC(2020, 0, 1) + hour * 3_600_000).toISOString().replace('.000', '')
    lines.push([time, ...side(0), ...side(0.4)].join(','))
  }
  return `${lines.join('\n')}\n`
}
