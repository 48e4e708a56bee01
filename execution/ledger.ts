import {
  type CashE8,
  cashE8,
  type Fill,
  floorDivide,
  type Position,
  type PriceE8,
  priceE8,
  type Quantity,
  quantity,
} from '../core/index.ts'

/**
 * Cash and position of one agent, with the accounts that explain them. Always, exactly:
 * `cash = capital + realised − fees − cost`, so equity − capital = realised + (value − cost) − fees.
 */
export type Ledger = {
  readonly cashE8: CashE8
  /** The position, negative when short. */
  readonly quantity: Quantity
  /** Cash paid for what is open, negative (cash received) when short; before fees. */
  readonly costE8: CashE8
  /** Profit of what was closed, before fees. */
  readonly realisedE8: CashE8
  /** All fees paid. */
  readonly feesE8: CashE8
}

/** The ledger of an agent that has not traded. */
export function openLedger(capitalE8: CashE8): Ledger {
  const none = cashE8(0n)
  return { cashE8: capitalE8, quantity: quantity(0n), costE8: none, realisedE8: none, feesE8: none }
}

/**
 * Books a fill. The cash moved is the traded value rounded against the trader (down when received, up when
 * paid), less the fee. A fill against the position closes at average cost, rounded down; what goes beyond
 * zero opens the other side at the same price.
 *
 * @param unit Smallest units in one whole unit of the base: 10 to the instrument's decimals.
 */
export function bookFill(ledger: Ledger, fill: Fill, unit: bigint): Ledger {
  if (fill.outcome === 'expired') return ledger
  const signed = fill.side === 'buy' ? fill.quantity : -fill.quantity
  const held = ledger.quantity
  const moved = floorDivide(-signed * fill.priceE8, unit)
  const closes = held > 0n !== signed > 0n ? smaller(magnitude(held), fill.quantity) : 0n
  // A fill through zero is two: the part that closes takes its share of the cash, the rest opens.
  const closingCash = closes === fill.quantity ? moved : floorDivide(moved * closes, fill.quantity)
  const costOut = closes === 0n ? 0n : floorDivide(ledger.costE8 * closes, magnitude(held))
  return {
    cashE8: cashE8(ledger.cashE8 + moved - fill.feeE8),
    quantity: quantity(held + signed),
    costE8: cashE8(ledger.costE8 - costOut - (moved - closingCash)),
    realisedE8: cashE8(ledger.realisedE8 + closingCash - costOut),
    feesE8: cashE8(ledger.feesE8 + fill.feeE8),
  }
}

/** Cash plus the position at a price, rounded down. */
export function equityOf(ledger: Ledger, price: PriceE8, unit: bigint): CashE8 {
  if (ledger.quantity === 0n) return ledger.cashE8
  return cashE8(ledger.cashE8 + floorDivide(ledger.quantity * price, unit))
}

/** The position with its average price, rounded down. */
export function positionIn({ quantity, costE8 }: Ledger, unit: bigint): Position {
  return { quantity, entryPriceE8: priceE8(quantity === 0n ? 0n : (costE8 * unit) / quantity) }
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value)
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b)
