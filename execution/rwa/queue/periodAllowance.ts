/** A sum that may be used up in each period of UTC time. */
export type PeriodAllowance = {
  /** What is left of it at a time; times do not go back. */
  leftAt(atMs: number): bigint
  /** Uses it up; no less than nothing is left. */
  use(amount: bigint, atMs: number): void
  /** When the period after a time begins. */
  nextPeriod(atMs: number): number
}

/** Opens an allowance; periods are counted from 1970. */
export function createPeriodAllowance(sum: bigint, periodMs: number): PeriodAllowance {
  let period = -1
  let left = sum
  const enter = (atMs: number): void => {
    const now = Math.floor(atMs / periodMs)
    if (now <= period) return
    period = now
    left = sum
  }
  return {
    leftAt(atMs) {
      enter(atMs)
      return left
    },
    use(amount, atMs) {
      enter(atMs)
      left = amount < left ? left - amount : 0n
    },
    nextPeriod: atMs => (Math.floor(atMs / periodMs) + 1) * periodMs,
  }
}
