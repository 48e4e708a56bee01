import { exactExp, exactLog } from '../../core/index.ts'

/** Logarithm of one tick, a change by 1.0001. */
const TICK = exactLog(1.0001)
/** Factors are kept in billionths. */
const BILLION = 1_000_000_000n

/** A change by so many ticks of 1.0001, in billionths. */
export function factorOf(ticks: number): bigint {
  return BigInt(Math.round(exactExp(ticks * TICK) * Number(BILLION)))
}

/** A value times a factor in billionths. What was positive stays so: a price or amount of zero may be no valid row. */
export function scaled(value: bigint, factor: bigint): bigint {
  if (value === 0n) return 0n
  const changed = (value * factor) / BILLION
  return changed !== 0n ? changed : value > 0n ? 1n : -1n
}
