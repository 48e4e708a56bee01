import {
  type CashE8,
  cashE8,
  IntegrityError,
  type PriceE8,
  priceE8,
  type Quantity,
  quantity,
  type UnixMs,
} from '../core/index.ts'
import type { AccountTransfers, MovedShares } from './matching/index.ts'
import type { Balance, Pricing } from './rwa/index.ts'

/**
 * The shares of one instrument between an account and their issuer. What is free lies in the account's lots; what is given
 * up or not delivered yet waits here with its cost, so that a later trade has a true one.
 */
export type IssuerShares = {
  /** The free ones, for the issuer's book: the account's own, net of what is short. */
  readonly balance: Balance<Quantity>
  /** Cost of what is locked or incoming. */
  readonly costE8: CashE8
  /** What was taken last is locked for a request. */
  locked(id: number): void
  /** A part of what is locked for a request is redeemed, and gone with its cost. */
  redeemed(id: number, pricing: Pricing, isWhole: boolean): void
  /** Shares are bought at a price, and come later. */
  issued(id: number, pricing: Pricing): void
  /** What came last is what was bought, or what is left of what was locked. */
  delivered(id: number, nowMs: UnixMs): void
  givenBack(id: number, nowMs: UnixMs): void
  /** What came or went last did so by itself: what came cost nothing. */
  changed(nowMs: UnixMs): void
}

/** A purchase that is not delivered: `openedMs` is set when it is. */
type Purchase = { readonly entryPriceE8: PriceE8; readonly costE8: CashE8; readonly feesE8: CashE8 }

/** Opens the shares of an instrument of an account; `nowMs` says when what happens does. */
export function createIssuerShares(
  market: number,
  netQuantity: () => Quantity,
  transfers: AccountTransfers,
  nowMs: () => UnixMs,
): IssuerShares {
  /** Added to the balance, and not in a lot yet: who added it says at what cost. */
  let arrived = 0n
  let taken: MovedShares[] = []
  const lockedFor = new Map<number, MovedShares[]>()
  const purchases = new Map<number, Purchase[]>()

  const free = (): bigint => {
    const net = netQuantity()
    return arrived + (net > 0n ? net : 0n)
  }

  function arrive(amount: bigint, cost: Omit<MovedShares, 'quantity'>, atMs: UnixMs): void {
    arrived -= amount
    transfers.deliver(market, { ...cost, quantity: quantity(amount) }, atMs)
  }

  return {
    balance: {
      get amount() {
        return quantity(free())
      },
      add(change) {
        if (change >= 0n) {
          arrived += change
          return
        }
        const held = free()
        if (held + change < 0n)
          throw new IntegrityError(`A holding of ${held} shares cannot give ${-change}.`, {
            facts: { held, change, market },
            hint: 'What is promised is set aside first; this is a defect of the venue that gave.',
          })
        taken.push(...transfers.takeOut(market, -change, nowMs()))
      },
    },
    get costE8() {
      let cost = 0n
      for (const parts of lockedFor.values()) for (const part of parts) cost += part.costE8
      for (const bought of purchases.values()) for (const purchase of bought) cost += purchase.costE8
      return cashE8(cost)
    },
    locked(id) {
      if (taken.length > 0) lockedFor.set(id, taken)
      taken = []
    },
    redeemed(id, { shares }, isWhole) {
      if (isWhole) {
        lockedFor.delete(id)
        return
      }
      lockedFor.set(id, withoutOldest(lockedFor.get(id) ?? [], shares))
    },
    issued(id, { navE8, grossE8, feeE8 }) {
      const bought = { entryPriceE8: navE8, costE8: cashE8(grossE8 - feeE8), feesE8: feeE8 }
      purchases.set(id, [...(purchases.get(id) ?? []), bought])
    },
    delivered(id, atMs) {
      const [first, ...later] = purchases.get(id) ?? []
      if (first === undefined) throw new RangeError(`Request ${id} has nothing to deliver.`)
      if (later.length === 0) purchases.delete(id)
      else purchases.set(id, later)
      arrive(arrived, { ...first, openedMs: atMs }, atMs)
    },
    givenBack(id, atMs) {
      const parts = lockedFor.get(id) ?? []
      lockedFor.delete(id)
      parts.forEach((part, at) => {
        // The last has the rest: rebases may have changed what is locked.
        const isLast = at === parts.length - 1
        const amount = isLast || part.quantity > arrived ? arrived : part.quantity
        arrive(amount, part, atMs)
      })
    },
    changed(atMs) {
      taken = []
      if (arrived > 0n) arrive(arrived, { ...NO_COST, openedMs: atMs }, atMs)
    },
  }
}

const NO_COST = { entryPriceE8: priceE8(0n), costE8: cashE8(0n), feesE8: cashE8(0n) }

/** Parts without an amount, the oldest first. */
function withoutOldest(parts: readonly MovedShares[], amount: bigint): MovedShares[] {
  const kept: MovedShares[] = []
  let left = amount
  for (const part of parts) {
    const size: bigint = part.quantity
    const out = size < left ? size : left
    left -= out
    if (out === size) continue
    kept.push({
      ...part,
      quantity: quantity(size - out),
      costE8: cashE8(part.costE8 - (part.costE8 * out) / size),
      feesE8: cashE8(part.feesE8 - (part.feesE8 * out) / size),
    })
  }
  return kept
}
