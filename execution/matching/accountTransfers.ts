import { type CashE8, cashE8, PPM, type PriceE8, quantity, type UnixMs } from '../../core/index.ts'
import { type AccountState, cancelOrder, equityE8, marginUsedE8 } from './accountState.ts'
import { type Desk, lastBid, sumLots } from './desk.ts'
import { heldLot, type Lot, lotOf } from './lot.ts'
import { ceilDivide, floorDivide, larger, magnitude, smaller } from './rounding.ts'
import { big, plus, whole } from './whole.ts'

/** Shares of one age that move into or out of an account, with what they cost. */
export type MovedShares = Pick<Lot, 'quantity' | 'entryPriceE8' | 'costE8' | 'feesE8' | 'openedMs'>

/** How cash and shares come into an account, or leave it, otherwise than by a trade: no price, no fee. */
export type AccountTransfers = {
  /** Cash that may leave: what is there and no position needs; never below zero. */
  readonly freeE8: CashE8
  /** Adds cash, or takes it when negative: what is free at most. */
  moveCash(changeE8: CashE8): void
  /** Takes shares in as a lot at its place by age; in netting they first cover what is short. */
  deliver(instrument: number, shares: MovedShares, nowMs: UnixMs): void
  /** Takes shares out of the oldest long lots, with their part of cost and fees, and ends what protected them. */
  takeOut(instrument: number, amount: bigint, nowMs: UnixMs): readonly MovedShares[]
  /** Whether the initial margin of all positions holds without these shares. */
  canTakeOut(instrument: number, amount: bigint): boolean
  /** Values what no market has priced yet; once one has, it changes nothing. */
  mark(instrument: number, priceE8: PriceE8): void
  /** Says whether something of the account's is under way elsewhere: without cash and positions it is then not ruined. */
  setOwed(isOwed: boolean): void
}

/** Opens the transfers of an account. `settle` computes again what was computed from its lots. */
export function createTransfers(
  account: AccountState,
  deskOf: (instrument: number) => Desk,
  settle: () => void,
): AccountTransfers {
  const freeE8 = (): bigint => big(equityE8(account)) - big(marginUsedE8(account))
  const lotsOf = ({ lots, index }: Desk): Lot[] => lots.map(lot => lotOf(lot, index))

  function setLots(desk: Desk, lots: Lot[]): void {
    account.held += Number(lots.length > 0) - Number(desk.lots.length > 0)
    desk.lots = lots.map(heldLot)
    sumLots(desk)
    // An idle desk is not looked at again by itself.
    if (lots.length > 0) desk.idle = false
    account.changed = true
  }

  /** Covers short lots, the oldest first; returns what is left of the shares. */
  function cover(desk: Desk, shares: MovedShares, nowMs: UnixMs): MovedShares {
    let left = shares
    const remaining: Lot[] = []
    for (const lot of lotsOf(desk)) {
      if (lot.quantity > 0n || left.quantity === 0n) {
        remaining.push(lot)
        continue
      }
      const [covered, kept] = split(lot, smaller(-lot.quantity, left.quantity))
      const [used, rest] = split(left, magnitude(covered.quantity))
      left = rest
      account.sink.lotClosed?.({
        lot: lot.id,
        instrument: desk.index,
        direction: 'short',
        quantity: used.quantity,
        entryPriceE8: lot.entryPriceE8,
        exitPriceE8: shares.entryPriceE8,
        openedMs: lot.openedMs,
        closedMs: nowMs,
        realisedE8: cashE8(-covered.costE8 - used.costE8),
        feesE8: cashE8(covered.feesE8 + used.feesE8),
        entryOrder: lot.entryOrder,
        exitOrder: null,
      })
      if (kept.quantity === 0n) endBracketOf(account, desk, lot, nowMs)
      else remaining.push(kept)
    }
    setLots(desk, remaining)
    return left
  }

  return {
    get freeE8() {
      return cashE8(larger(0n, smaller(big(account.cashE8), freeE8())))
    },
    moveCash(changeE8) {
      account.cashE8 = plus(account.cashE8, whole(changeE8))
      account.cashNumber = Number(account.cashE8)
      account.changed = true
      settle()
    },
    deliver(instrument, shares, nowMs) {
      const desk = deskOf(instrument)
      // Worth nothing until something prices it: an equity of no number would be none at all.
      if (Number.isNaN(lastBid(desk))) desk.bidE8 = desk.askE8 = 0
      const left = account.hedging || desk.shortQuantity === 0 ? shares : cover(desk, shares, nowMs)
      if (left.quantity > 0n) setLots(desk, withShares(account, desk, lotsOf(desk), left))
      settle()
    },
    takeOut(instrument, amount, nowMs) {
      const desk = deskOf(instrument)
      const remaining: Lot[] = []
      const taken: MovedShares[] = []
      const gone: Lot[] = []
      let left = amount
      for (const lot of lotsOf(desk)) {
        if (lot.quantity <= 0n || left === 0n) {
          remaining.push(lot)
          continue
        }
        const [out, kept] = split(lot, smaller(lot.quantity, left))
        left -= out.quantity
        taken.push(movedShares(out))
        if (kept.quantity === 0n) gone.push(lot)
        else remaining.push(kept)
      }
      if (left > 0n) throw new RangeError(`Instrument ${instrument} lacks ${left} of ${amount} to take out.`)
      setLots(desk, remaining)
      for (const lot of gone) endBracketOf(account, desk, lot, nowMs)
      settle()
      return taken
    },
    canTakeOut(instrument, amount) {
      const desk = deskOf(instrument)
      const { initialMarginPpm } = desk.terms
      const bid = lastBid(desk)
      if (initialMarginPpm === PPM || Number.isNaN(bid)) return true
      // Of what leaves, only the part that was no margin was of use to others.
      const beyondMargin = BigInt(PPM - initialMarginPpm)
      return freeE8() >= ceilDivide(amount * BigInt(bid) * beyondMargin, big(desk.unitMillions))
    },
    mark(instrument, priceE8) {
      const desk = deskOf(instrument)
      // A mark has no time: nothing fills at it.
      if (desk.bars !== null || !Number.isNaN(desk.priceMs)) return
      desk.bidE8 = desk.askE8 = Number(priceE8)
      account.changed = true
      settle()
    },
    setOwed(isOwed) {
      account.owed = isOwed
    },
  }
}

/** Divides shares, long or short, by size: cost and fees go along, rounded down, and what is kept has the rest. */
function split<T extends MovedShares>(shares: T, part: bigint): readonly [T, T] {
  const held = magnitude(shares.quantity)
  const signed = shares.quantity < 0n ? -part : part
  const cost = part === held ? shares.costE8 : floorDivide(shares.costE8 * part, held)
  const fees = part === held ? shares.feesE8 : floorDivide(shares.feesE8 * part, held)
  return [
    { ...shares, quantity: quantity(signed), costE8: cashE8(cost), feesE8: cashE8(fees) },
    {
      ...shares,
      quantity: quantity(shares.quantity - signed),
      costE8: cashE8(shares.costE8 - cost),
      feesE8: cashE8(shares.feesE8 - fees),
    },
  ]
}

/** Shares that come of themselves make the newest lot larger: a lot for every rebase would be many. */
function withShares(account: AccountState, desk: Desk, lots: readonly Lot[], shares: MovedShares): Lot[] {
  const newest = lots.findLastIndex(lot => lot.quantity > 0n)
  if (shares.costE8 === 0n && newest !== -1)
    return lots.map((lot, at) =>
      at === newest ? { ...lot, quantity: quantity(lot.quantity + shares.quantity) } : lot,
    )
  const at = lots.findIndex(lot => lot.openedMs > shares.openedMs)
  const lot: Lot = { ...shares, id: account.nextLot++, instrument: desk.index, entryOrder: NO_ORDER }
  return at === -1 ? [...lots, lot] : lots.toSpliced(at, 0, lot)
}

const NO_ORDER = -1

function movedShares({ quantity: size, entryPriceE8, costE8, feesE8, openedMs }: Lot): MovedShares {
  return { quantity: size, entryPriceE8, costE8, feesE8, openedMs }
}

function endBracketOf(account: AccountState, desk: Desk, lot: Lot, nowMs: UnixMs): void {
  for (const order of desk.orders)
    if (!order.done && order.lot === lot.id) cancelOrder(account, desk, order.id, nowMs, 'positionClosed')
}
