import { priceE8, unixMs } from '../../core/index.ts'
import { eventDecoders } from './eventDecoders.ts'
import type { LogReading } from './logReading.ts'
import type { PlacedLog } from './placeLog.ts'
import { magnitudeE8 } from './poolPrice.ts'

/** Reads a rate that a BoringVault accountant published. */
export function readRate(log: PlacedLog, decimals: number): LogReading | null {
  const update = eventDecoders.exchangeRateUpdated.decode(log)
  return update === null ? null : navReading(update.newRate, decimals, update.currentTime)
}

/** Reads an answer of a Chainlink aggregator. */
export function readAnswer(log: PlacedLog, decimals: number): LogReading | null {
  const update = eventDecoders.answerUpdated.decode(log)
  return update === null ? null : navReading(update.current, decimals, update.updatedAt)
}

// Later than any real block, and far from what a double of milliseconds can hold.
const LAST_SECOND = 1n << 40n

function navReading(rate: bigint, decimals: number, seconds: bigint): LogReading | null {
  if (rate <= 0n || seconds >= LAST_SECOND) return null
  return {
    value: { type: 'nav', navE8: priceE8(magnitudeE8(rate, decimals)) },
    validAt: unixMs(Number(seconds) * 1_000),
  }
}
