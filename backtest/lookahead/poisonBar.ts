import { type BarValue, type Ohlc, priceE8, type Random } from '../../core/index.ts'
import { factorOf, scaled } from './priceFactor.ts'

/** Fractions of a bar's range are kept in millionths. */
const MILLION = 1_000_000n

/**
 * Changes a bar's level by ticks of 1.0001, and its shape too, for a ratio of its prices would not see a factor:
 * a wider range, and another open and close in it. Bid stays at or below ask, and both within low and high.
 */
export function poisonBar(
  bar: BarValue,
  { ticks, amounts, random }: { readonly ticks: number; readonly amounts: bigint; readonly random: Random },
): BarValue {
  const low = factorOf(ticks - 1 - Math.floor(random() * 200))
  const high = factorOf(ticks + 1 + Math.floor(random() * 200))
  const [openShare, closeShare] = [shareOf(random), shareOf(random)]
  const side = (given: Ohlc): Ohlc => {
    const [lowest, highest] = [scaled(given.low, low), scaled(given.high, high)]
    const at = (share: bigint) => priceE8(lowest + ((highest - lowest) * share) / MILLION)
    return { open: at(openShare), high: priceE8(highest), low: priceE8(lowest), close: at(closeShare) }
  }
  const volume = bar.volumeE8 === undefined ? {} : { volumeE8: scaled(bar.volumeE8, amounts) }
  return { ...bar, bid: side(bar.bid), ask: side(bar.ask), ...volume }
}

const shareOf = (random: Random): bigint => BigInt(Math.floor(random() * 1_000_001))
