import { type Quantity, quantity, type UnixMs } from '../../../core/index.ts'

/** What a holder had, by time, for payments whose record time is past when they are known. */
export type HoldingHistory = {
  /** Notes what is held from a time on; one before the last noted is taken as that. */
  note(held: Quantity, fromMs: UnixMs): void
  /** What was held just after a time; nothing before the first note. */
  heldAt(atMs: UnixMs): Quantity
}

/** Keeps what a holder had for at least so long; what was held when that began stands for all before. */
export function createHoldingHistory(keepMs: number): HoldingHistory {
  let times: UnixMs[] = []
  let holdings: Quantity[] = []
  return {
    note(held, heldFromMs) {
      const last = holdings.length - 1
      if ((holdings[last] ?? quantity(0n)) === held) return
      const lastMs = times[last] ?? heldFromMs
      const fromMs = heldFromMs > lastMs ? heldFromMs : lastMs
      if (times[last] === fromMs) {
        holdings[last] = held
        return
      }
      times.push(fromMs)
      holdings.push(held)
      // The newest of those that are too old still says what was held when the kept time began.
      let old = 0
      while ((times[old + 1] ?? Number.POSITIVE_INFINITY) <= fromMs - keepMs) old++
      if (old > 0) {
        times = times.slice(old)
        holdings = holdings.slice(old)
      }
    },
    heldAt(atMs) {
      for (let index = times.length - 1; index >= 0; index--)
        if ((times[index] ?? 0) <= atMs) return holdings[index] ?? quantity(0n)
      return quantity(0n)
    },
  }
}
