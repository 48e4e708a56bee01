import {
  type Address,
  type CashE8,
  type PriceE8,
  type Quantity,
  quantity,
  type UnixMs,
} from '../../../core/index.ts'
import { type HolderAccount, ISSUER } from '../holding/holderAccount.ts'
import type { RwaSink } from './rwaSink.ts'

/** A part of a request that is priced and not settled: shares to deliver, or cash to pay. */
export type Settlement = {
  readonly id: number
  readonly settlesMs: UnixMs
  readonly cashE8: CashE8
  readonly shares: Quantity
}

/** Delivers and pays what is priced, when it is due. */
export interface Settlements {
  /** When the next is due; infinite when none is. Those held back wait for the register, not for time. */
  readonly dueMs: number
  add(settlement: Settlement): void
  /** Settles what is due by a time, in the order of due times, then of requests. */
  settleUntil(nowMs: UnixMs): void
  /** Tries again what the register held back. */
  retry(nowMs: UnixMs): void
  /** When the last part of a request settles; null when nothing of it waits. */
  settlesMs(id: number): UnixMs | null
  /** Brings shares to be delivered from one index to another, rounded down. */
  rebase(fromE8: PriceE8, toE8: PriceE8): void
}

/** Opens the settlements of one holding. */
export function createSettlements(account: HolderAccount, wallet: Address, sink: RwaSink): Settlements {
  let waiting: Settlement[] = []
  let heldBack: Settlement[] = []
  let dueMs = Number.POSITIVE_INFINITY

  function settle(settlement: Settlement, timeMs: UnixMs, isRetry: boolean): void {
    const { book, register, note } = account
    const { id, shares } = settlement
    if (shares > 0n && register !== null) {
      const check = register.canTransfer(ISSUER, wallet, shares, timeMs)
      if (!check.ok) {
        heldBack.push(settlement)
        if (!isRetry) sink.deferred({ id, timeMs, reason: check.reason })
        return
      }
    }
    if (shares > 0n) book.deliver(shares)
    if (settlement.cashE8 > 0n) book.pay(settlement.cashE8)
    note(timeMs)
    sink.settled({ id, timeMs, cashE8: settlement.cashE8, shares })
  }

  return {
    get dueMs() {
      return dueMs
    },
    add(settlement) {
      waiting.push(settlement)
      if (settlement.settlesMs < dueMs) dueMs = settlement.settlesMs
    },
    settleUntil(nowMs) {
      if (nowMs < dueMs) return
      const due = waiting.filter(({ settlesMs }) => settlesMs <= nowMs)
      waiting = waiting.filter(({ settlesMs }) => settlesMs > nowMs)
      dueMs = waiting.reduce((first, { settlesMs }) => Math.min(first, settlesMs), Number.POSITIVE_INFINITY)
      due.sort((a, b) => a.settlesMs - b.settlesMs || a.id - b.id)
      for (const settlement of due) settle(settlement, settlement.settlesMs, false)
    },
    retry(nowMs) {
      if (heldBack.length === 0) return
      const again = heldBack
      heldBack = []
      for (const settlement of again) settle(settlement, nowMs, true)
    },
    settlesMs(id) {
      let last: UnixMs | null = null
      for (const settlement of [...waiting, ...heldBack])
        if (settlement.id === id && (last === null || settlement.settlesMs > last))
          last = settlement.settlesMs
      return last
    },
    rebase(fromE8, toE8) {
      const rebased = (settlement: Settlement): Settlement => {
        const shares = quantity((settlement.shares * toE8) / fromE8)
        if (shares === settlement.shares) return settlement
        account.book.adjust(quantity(shares - settlement.shares), 'incoming')
        return { ...settlement, shares }
      }
      waiting = waiting.map(rebased)
      heldBack = heldBack.map(rebased)
    },
  }
}
