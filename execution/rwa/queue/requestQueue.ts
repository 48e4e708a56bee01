import type { QueueSideTerms } from '../../../agents/index.ts'
import type { UnixMs } from '../../../core/index.ts'
import { createPeriodAllowance } from './periodAllowance.ts'

/** A request that waits to be fulfilled, or what is left of it. */
export type Queued = {
  readonly id: number
  readonly submittedMs: UnixMs
  /** When the model lets it be fulfilled. */
  readonly expectedMs: UnixMs
  /** Cash of a deposit, shares of a redemption. */
  readonly amount: bigint
  /** What others have waiting before it. */
  readonly ahead: bigint
}

/** What a queue asks of its venue, and tells it. */
export type QueueHooks = {
  /** What an amount is worth at a time, in 10⁻⁸; null while no price may be used. */
  valueE8(amount: bigint, atMs: UnixMs): bigint | null
  /** The largest amount that is worth no more than a sum. */
  amountFor(valueE8: bigint, atMs: UnixMs): bigint
  /** Fulfils a request, or a part of it. False when the part is too small to bring anything: it waits on. */
  fulfil(queued: Queued, amount: bigint, atMs: UnixMs, because: 'observed' | 'modelled'): boolean
  /** A request that even a whole period's capacity does not cover, and that may not be fulfilled in parts. */
  tooLarge(queued: Queued, atMs: UnixMs): void
}

/** Decides when a request is reached, and how much of it. */
export interface RequestQueue {
  readonly waiting: readonly Queued[]
  /** When it must be asked again; infinite while nothing happens by time alone. */
  readonly dueMs: number
  /** What others have waiting, as far as it was observed. */
  readonly others: bigint
  push(id: number, amount: bigint, nowMs: UnixMs): Queued
  /** Takes a request out, and returns what was left of it; null when it does not wait. */
  remove(id: number): Queued | null
  /** Fulfils what time brings, at each due instant in turn. */
  advance(nowMs: UnixMs): void
  /** A price has come: what waited for one is asked again. */
  priced(nowMs: UnixMs): void
  /** Somebody else asked. */
  othersAsked(amount: bigint): void
  /** Somebody else was fulfilled. */
  othersFulfilled(amount: bigint, nowMs: UnixMs): void
  /** Changes what is left of every request. */
  change(to: (queued: Queued) => bigint): void
}

/** A request, and whether the vault's own fulfilments have reached it. */
type Entry = { queued: Queued; isReached: boolean }

/** Opens the queue of one side of a vault. */
export function createRequestQueue(terms: QueueSideTerms, hooks: QueueHooks): RequestQueue {
  const { minimumDelayMs, typicalDelayMs, order, partialFulfilment, othersPending } = terms
  const capacity =
    terms.capacity === null ? null : createPeriodAllowance(terms.capacity.assetsE8, terms.capacity.periodMs)
  const isObserved = terms.fulfilment === 'observed'
  let entries: Entry[] = []
  let dueMs = Number.POSITIVE_INFINITY
  let waitsForPrice = false
  /** Others' amounts waiting: observed, or what is assumed to share the capacity with our own. */
  let others = 0n
  let sawFulfilment = false

  const drop = (entry: Entry): void => {
    entries = entries.filter(other => other !== entry)
  }

  function fulfil(entry: Entry, amount: bigint, atMs: UnixMs, because: 'observed' | 'modelled'): void {
    const { queued } = entry
    if (!hooks.fulfil(queued, amount, atMs, because)) return
    entry.queued = { ...queued, amount: queued.amount - amount }
    if (entry.queued.amount === 0n) drop(entry)
  }

  const reachedOnlyByEvents = ({ queued }: Entry): boolean =>
    isObserved && sawFulfilment && (order === 'proRata' ? others > 0n : queued.ahead > 0n)

  /** Serves the queue in its order. Returns when to come back. */
  function serveInOrder(atMs: UnixMs): number {
    for (const entry of [...entries]) {
      const { queued } = entry
      const value = hooks.valueE8(queued.amount, atMs)
      if (entry.isReached) {
        if (value === null) return waitForPrice()
        fulfil(entry, queued.amount, atMs, 'observed')
        continue
      }
      if (reachedOnlyByEvents(entry)) return Number.POSITIVE_INFINITY
      if (queued.expectedMs > atMs) return queued.expectedMs
      if (value === null) return waitForPrice()
      if (capacity !== null) {
        if (!isObserved && queued.ahead > 0n && !serveAhead(entry, atMs)) return capacity.nextPeriod(atMs)
        const left = capacity.leftAt(atMs)
        if (value > left) {
          const part = partialFulfilment ? hooks.amountFor(left, atMs) : 0n
          const isFresh = left === terms.capacity?.assetsE8
          if (part > 0n) {
            capacity.use(left, atMs)
            fulfil(entry, part, atMs, 'modelled')
          } else if (isFresh) {
            drop(entry)
            hooks.tooLarge(queued, atMs)
            continue
          }
          return capacity.nextPeriod(atMs)
        }
        capacity.use(value, atMs)
      }
      fulfil(entry, queued.amount, atMs, 'modelled')
    }
    return Number.POSITIVE_INFINITY
  }

  /** Uses capacity up for those ahead. True when none is left ahead. */
  function serveAhead(entry: Entry, atMs: UnixMs): boolean {
    const { queued } = entry
    const left = capacity?.leftAt(atMs) ?? 0n
    const worth = hooks.valueE8(queued.ahead, atMs) ?? 0n
    const served = worth <= left ? queued.ahead : hooks.amountFor(left, atMs)
    capacity?.use(worth <= left ? worth : left, atMs)
    for (const other of entries) {
      const ahead = other.queued.ahead - served
      other.queued = { ...other.queued, ahead: ahead > 0n ? ahead : 0n }
    }
    return entry.queued.ahead === 0n
  }

  /** Shares each period's capacity, at its beginning, among all that is due and what others have waiting. */
  function servePro(atMs: UnixMs): number {
    let next = Number.POSITIVE_INFINITY
    const ready: { readonly entry: Entry; readonly worth: bigint }[] = []
    let asked = 0n
    for (const entry of entries) {
      if (reachedOnlyByEvents(entry)) continue
      const { amount, expectedMs } = entry.queued
      if (expectedMs > atMs) {
        next = Math.min(next, expectedMs)
        continue
      }
      const worth = hooks.valueE8(amount, atMs)
      if (worth === null) return waitForPrice()
      ready.push({ entry, worth })
      asked += worth
    }
    if (ready.length === 0) return next
    if (capacity === null) {
      for (const { entry } of ready) fulfil(entry, entry.queued.amount, atMs, 'modelled')
      return next
    }
    // Requests that become due within a period wait for the next, as all do.
    if (capacity.leftAt(atMs) < (terms.capacity?.assetsE8 ?? 0n) || capacity.nextPeriod(atMs - 1) !== atMs)
      return Math.min(next, capacity.nextPeriod(atMs))
    const left = capacity.leftAt(atMs)
    const all = asked + (isObserved ? 0n : (hooks.valueE8(others, atMs) ?? 0n))
    for (const { entry, worth } of ready) {
      const { amount } = entry.queued
      const part = all <= left ? amount : (amount * left) / all
      capacity.use(all <= left ? worth : (worth * left) / all, atMs)
      if (part > 0n) fulfil(entry, part, atMs, 'modelled')
    }
    if (!isObserved) others = all <= left ? 0n : others - (others * left) / all
    return Math.min(next, entries.length === 0 ? Number.POSITIVE_INFINITY : capacity.nextPeriod(atMs))
  }

  function waitForPrice(): number {
    waitsForPrice = true
    return Number.POSITIVE_INFINITY
  }

  function serve(atMs: UnixMs): void {
    dueMs = order === 'proRata' ? servePro(atMs) : serveInOrder(atMs)
  }

  return {
    get waiting() {
      return entries.map(({ queued }) => queued)
    },
    get dueMs() {
      return dueMs
    },
    get others() {
      return others
    },
    push(id, amount, nowMs) {
      const expectedMs = (nowMs + typicalDelayMs) as UnixMs
      // Others who stand before an earlier request of ours stand before this one too.
      const ahead = isObserved ? others : othersPending
      if (!isObserved && order === 'proRata' && others < othersPending) others = othersPending
      const queued = { id, submittedMs: nowMs, expectedMs, amount, ahead: order === 'proRata' ? 0n : ahead }
      entries.push({ queued, isReached: false })
      if (expectedMs < dueMs) dueMs = expectedMs
      return queued
    },
    remove(id) {
      const entry = entries.find(({ queued }) => queued.id === id)
      if (entry === undefined) return null
      drop(entry)
      return entry.queued
    },
    advance(nowMs) {
      while (dueMs <= nowMs) serve(dueMs as UnixMs)
    },
    priced(nowMs) {
      if (!waitsForPrice) return
      waitsForPrice = false
      serve(nowMs)
    },
    othersAsked(amount) {
      if (isObserved) others += amount
    },
    othersFulfilled(amount, nowMs) {
      if (!isObserved) return
      sawFulfilment = true
      const before = others
      others = amount < before ? before - amount : 0n
      for (const entry of [...entries]) {
        const { queued } = entry
        const isOldEnough = nowMs >= queued.submittedMs + minimumDelayMs
        if (order === 'proRata') {
          const part = amount < before ? (queued.amount * amount) / before : queued.amount
          if (isOldEnough && part > 0n && hooks.valueE8(part, nowMs) !== null)
            fulfil(entry, part, nowMs, 'observed')
          continue
        }
        const ahead = amount < queued.ahead ? queued.ahead - amount : 0n
        entry.queued = { ...queued, ahead }
        if (ahead === 0n && isOldEnough) entry.isReached = true
      }
      serve(nowMs)
    },
    change(to) {
      for (const entry of [...entries]) {
        const amount = to(entry.queued)
        entry.queued = { ...entry.queued, amount }
        if (amount === 0n) drop(entry)
      }
    },
  }
}
