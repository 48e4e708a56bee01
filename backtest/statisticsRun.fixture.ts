import { cashE8, DAY_MS, parseInstant } from '../core/index.ts'
import type { StatisticsInput } from './statistics.ts'

/** Midnight, a Monday. */
export const START = parseInstant('2024-01-01')

/** One whole unit of the currency. */
export const E8 = 100_000_000

/** Equity in whole units at midnights from 2024-01-01; no trades unless given. */
export function run(equity: readonly number[], options: Partial<StatisticsInput> = {}): StatisticsInput {
  return {
    equity: {
      timeMs: equity.map((_, day) => START + day * DAY_MS),
      equityE8: equity.map(value => BigInt(Math.round(value * E8))),
    },
    finalEquityE8: cashE8(BigInt(Math.round((equity.at(-1) ?? 0) * E8))),
    trades: [],
    fills: [],
    ...options,
  }
}

/** 1000, and what it becomes with each return. */
export function compounded(returns: readonly number[]): number[] {
  const values = [1000]
  for (const value of returns) values.push((values.at(-1) ?? 0) * (1 + value))
  return values
}
