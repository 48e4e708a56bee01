import type { UnixMs } from '../../../core/index.ts'

/** What one wallet received of late, oldest first. */
export type LockUps = {
  receive(amount: bigint, atMs: UnixMs): void
  /** Takes from what is oldest. */
  give(amount: bigint): void
  /** How much may not move yet at a time; times do not go back. */
  lockedAt(atMs: UnixMs): bigint
}

/** Opens the lock-ups of a wallet: what it receives may not move on for so long. */
export function createLockUps(lockUpMs: number): LockUps {
  type Lot = { readonly freeMs: number; amount: bigint }
  let lots: Lot[] = []
  let locked = 0n
  /** Received and free again: given first. */
  let free = 0n

  function release(atMs: number): void {
    let first = lots[0]
    if (first === undefined || first.freeMs > atMs) return
    while (first !== undefined && first.freeMs <= atMs) {
      locked -= first.amount
      free += first.amount
      lots = lots.slice(1)
      first = lots[0]
    }
  }

  return {
    receive(amount, atMs) {
      release(atMs)
      lots.push({ freeMs: atMs + lockUpMs, amount })
      locked += amount
    },
    give(amount) {
      const fromFree = amount < free ? amount : free
      free -= fromFree
      // Only a forced transfer moves what is locked up.
      let left = amount - fromFree
      while (left > 0n && lots[0] !== undefined) {
        const taken = left < lots[0].amount ? left : lots[0].amount
        lots[0].amount -= taken
        locked -= taken
        left -= taken
        if (lots[0].amount === 0n) lots = lots.slice(1)
      }
    },
    lockedAt(atMs) {
      release(atMs)
      return locked
    },
  }
}
