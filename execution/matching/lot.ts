import {
  type CashE8,
  cashE8,
  type PriceE8,
  priceE8,
  type Quantity,
  quantity,
  type UnixMs,
} from '../../core/index.ts'
import { big, type Whole, whole } from './whole.ts'

/** What one entry opened and nothing has closed yet. */
export type Lot = {
  readonly id: number
  readonly instrument: number
  /** Negative when short. */
  readonly quantity: Quantity
  /** Price of the entry; a partial reduction keeps it. */
  readonly entryPriceE8: PriceE8
  /** Cash paid for what is left of it, before fees; negative (received) when short. */
  readonly costE8: CashE8
  /** What is left of the entry's fee. */
  readonly feesE8: CashE8
  readonly openedMs: UnixMs
  readonly entryOrder: number
}

/** A lot as its desk keeps it: the same, ready to be computed with. */
export type HeldLot = {
  readonly id: number
  readonly quantity: Whole
  readonly entryPriceE8: Whole
  readonly costE8: Whole
  readonly feesE8: Whole
  readonly openedMs: UnixMs
  readonly entryOrder: number
}

/** Gives a lot out. */
export function lotOf(held: HeldLot, instrument: number): Lot {
  return {
    id: held.id,
    instrument,
    quantity: quantity(big(held.quantity)),
    entryPriceE8: priceE8(big(held.entryPriceE8)),
    costE8: cashE8(big(held.costE8)),
    feesE8: cashE8(big(held.feesE8)),
    openedMs: held.openedMs,
    entryOrder: held.entryOrder,
  }
}

/** Takes a lot in. */
export function heldLot(lot: Lot): HeldLot {
  return {
    id: lot.id,
    quantity: whole(lot.quantity),
    entryPriceE8: whole(lot.entryPriceE8),
    costE8: whole(lot.costE8),
    feesE8: whole(lot.feesE8),
    openedMs: lot.openedMs,
    entryOrder: lot.entryOrder,
  }
}
