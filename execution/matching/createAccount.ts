import { cashE8, InvalidInputError, quantity, type TradeTerms, type UnixMs } from '../../core/index.ts'
import type { Account, AccountTerms } from './account.ts'
import { AccountFacts } from './accountFacts.ts'
import {
  type AccountModels,
  type AccountState,
  cancelOrder,
  equityE8,
  equityEstimateE8,
  marginUsedE8,
} from './accountState.ts'
import { createTransfers } from './accountTransfers.ts'
import type { BarColumns } from './barColumns.ts'
import { checkOrder } from './checkOrder.ts'
import { createDesk, type Desk, lastAsk, lastBid, lastPriceMs, valueOfLots } from './desk.ts'
import type { ExecutionModels } from './executionModels.ts'
import { fixedFee } from './feeModels.ts'
import { fillOrder } from './fillOrder.ts'
import { checkInstrumentTerms } from './instrumentTerms.ts'
import { surelyWithinMargin } from './liquidation.ts'
import { lotOf } from './lot.ts'
import { closeIfRuined, expireOrders, matchEvent } from './matchEvent.ts'
import { refreshWakes } from './refreshWakes.ts'
import { legsOf, restingOrder } from './restingOrder.ts'
import { big, plus, whole } from './whole.ts'

/**
 * Opens an account.
 *
 * @throws InvalidInputError when the cash or the terms of an instrument cannot be traded on.
 */
export function createAccount(terms: AccountTerms): Account {
  if (terms.cashE8 <= 0n)
    throw new InvalidInputError(`An account cannot start with ${terms.cashE8} of cash.`, {
      facts: { cashE8: terms.cashE8 },
      hint: 'Start it with more than zero.',
    })
  terms.instruments.forEach(checkInstrumentTerms)
  const account: AccountState = {
    hedging: terms.mode === 'hedging',
    fillAtDecision: terms.marketOrders === 'thisClose',
    desks: terms.instruments.map((instrument, index) => createDesk(index, instrument)),
    models: modelsOf(terms.models ?? {}),
    sink: terms.sink,
    event: noEvent(),
    cashE8: whole(terms.cashE8),
    cashNumber: Number(terms.cashE8),
    held: 0,
    nextOrder: 0,
    nextLot: 0,
    closed: false,
    owed: false,
    changed: false,
  }
  const { desks, event } = account
  const deskOf = (instrument: number): Desk => {
    const desk = desks[instrument]
    if (desk !== undefined) return desk
    throw new InvalidInputError(`The account has no instrument ${instrument}.`, {
      facts: { instrument, instruments: desks.length },
      hint: 'Name an instrument by its index among those that the account was opened with.',
    })
  }

  function settle(): void {
    if (!account.changed) return
    account.changed = false
    for (const desk of desks) if (!desk.idle || desk.orders.length > 0) refreshWakes(account, desk)
  }

  function matchBar(desk: Desk, bars: BarColumns, row: number): void {
    event.number++
    event.isBar = true
    event.openMs = at(bars.openMs, row)
    event.closeMs = at(bars.closeMs, row)
    event.bidOpenE8 = at(bars.bidOpenE8, row)
    event.bidHighE8 = at(bars.bidHighE8, row)
    event.bidLowE8 = at(bars.bidLowE8, row)
    event.bidCloseE8 = at(bars.bidCloseE8, row)
    event.askOpenE8 = at(bars.askOpenE8, row)
    event.askHighE8 = at(bars.askHighE8, row)
    event.askLowE8 = at(bars.askLowE8, row)
    event.askCloseE8 = at(bars.askCloseE8, row)
    // NaN where the bar has no volume. Where no model asks, a column less is fetched from memory at every order.
    event.volumeE8 = account.models.isAsked && bars.volumeE8 !== null ? at(bars.volumeE8, row) || 0 : 0
    matchEvent(account, desk)
    settle()
  }

  function setPrice(timeMs: number, bidE8: number, askE8: number, volumeE8: number): void {
    event.number++
    event.isBar = false
    event.openMs = event.closeMs = timeMs
    event.bidOpenE8 = event.bidHighE8 = event.bidLowE8 = event.bidCloseE8 = bidE8
    event.askOpenE8 = event.askHighE8 = event.askLowE8 = event.askCloseE8 = askE8
    event.volumeE8 = volumeE8
  }

  return Object.assign(new AccountFacts(account), {
    submit(
      order: TradeTerms & { readonly instrument?: number },
      nowMs: UnixMs,
      instrument: number = order.instrument ?? -1,
      goodTillMs: number = order.goodTillMs ?? Number.POSITIVE_INFINITY,
    ) {
      const rejection = checkOrder(account, order, nowMs, instrument, goodTillMs)
      if (rejection !== null) return { accepted: false, ...rejection }
      const desk = deskOf(instrument)
      if (order.exclusive === true)
        for (const { id, role } of desk.orders)
          if (role === 'order') cancelOrder(account, desk, id, nowMs, 'exclusive')
      const id = account.nextOrder
      account.nextOrder += 1 + legsOf(order)
      const activeMs = account.models.latency(nowMs)
      const times = { submittedMs: nowMs, activeMs, goodTillMs }
      // A stop that trails sells behind the bid, and buys behind the ask.
      const mark = order.side === 'buy' ? lastAsk(desk) : lastBid(desk)
      const decisionEquity = 'equityPpm' in order.size ? equityE8(account) : 0
      const resting = restingOrder(id, order, instrument, times, decisionEquity, mark)
      desk.orders.push(resting)
      account.changed = true
      if (
        account.fillAtDecision &&
        resting.kind === 'market' &&
        activeMs === nowMs &&
        lastPriceMs(desk) === nowMs
      ) {
        const volume = desk.bars?.volumeE8?.[desk.row] || 0
        setPrice(nowMs, lastBid(desk), lastAsk(desk), volume)
        fillOrder(account, desk, resting, resting.buy ? event.askOpenE8 : event.bidOpenE8, false, 'open')
        closeIfRuined(account, nowMs)
      }
      settle()
      return { accepted: true, id }
    },
    cancel(id, nowMs) {
      const cancelled = desks.some(desk => cancelOrder(account, desk, id, nowMs, 'requested'))
      settle()
      return cancelled
    },
    onBar(instrument, bars, row) {
      const desk = desks[instrument] ?? deskOf(instrument)
      if (desk.bars !== bars) desk.bars = bars
      desk.row = row
      if (desk.idle) return
      const { wakes } = desk
      if (
        at(bars.askLowE8, row) > wakes.askLow &&
        at(bars.bidLowE8, row) > wakes.bidLow &&
        at(bars.bidHighE8, row) < wakes.bidHigh &&
        at(bars.askHighE8, row) < wakes.askHigh &&
        at(bars.closeMs, row) < wakes.ms
      ) {
        if (account.held < 2) return
        event.bidLowE8 = at(bars.bidLowE8, row)
        event.askHighE8 = at(bars.askHighE8, row)
        if (surelyWithinMargin(account, desk)) return
      }
      matchBar(desk, bars, row)
    },
    quietTo(instrument, bars, row, end) {
      const desk = desks[instrument] ?? deskOf(instrument)
      if (desk.idle) return end
      // Then the margin moves with other prices, too.
      if (account.held > 1) return row
      const { askLow, askHigh, bidLow, bidHigh, ms } = desk.wakes
      const { askLowE8, askHighE8, bidLowE8, bidHighE8, closeMs } = bars
      let each = row
      while (
        each < end &&
        at(askLowE8, each) > askLow &&
        at(bidLowE8, each) > bidLow &&
        at(bidHighE8, each) < bidHigh &&
        at(askHighE8, each) < askHigh &&
        at(closeMs, each) < ms
      )
        each++
      return each
    },
    pass(instrument, bars, row) {
      const desk = desks[instrument] ?? deskOf(instrument)
      if (desk.bars !== bars) desk.bars = bars
      desk.row = row
    },
    onPrice(instrument, timeMs, bidE8, askE8) {
      const desk = desks[instrument] ?? deskOf(instrument)
      desk.bars = null
      desk.bidE8 = bidE8
      desk.askE8 = askE8
      desk.priceMs = timeMs
      if (desk.idle) return
      const { wakes } = desk
      if (
        askE8 > wakes.askLow &&
        bidE8 > wakes.bidLow &&
        bidE8 < wakes.bidHigh &&
        askE8 < wakes.askHigh &&
        timeMs < wakes.ms
      ) {
        if (account.held < 2) return
        event.bidLowE8 = bidE8
        event.askHighE8 = askE8
        if (surelyWithinMargin(account, desk)) return
      }
      setPrice(timeMs, bidE8, askE8, 0)
      matchEvent(account, desk)
      settle()
    },
    onTime(nowMs) {
      for (const desk of desks) if (nowMs >= desk.wakes.ms) expireOrders(account, desk, nowMs)
      settle()
    },
    netQuantity(instrument) {
      return quantity((desks[instrument] ?? deskOf(instrument)).netQuantity)
    },
    netUnits(instrument) {
      const { longUnits, shortUnits } = desks[instrument] ?? deskOf(instrument)
      return longUnits - shortUnits
    },
    lots: instrument => deskOf(instrument).lots.map(lot => lotOf(lot, instrument)),
    openOrders: instrument =>
      deskOf(instrument).orders.map(({ id, buy, kind, role, lot }) => ({
        id,
        instrument,
        side: buy ? 'buy' : 'sell',
        kind,
        role,
        lot,
      })),
    marginUsedE8: () => cashE8(big(marginUsedE8(account))),
    equityE8: () => cashE8(big(equityE8(account))),
    equityAtE8(prices) {
      let equity = account.cashE8
      for (const desk of desks) {
        if (desk.lots.length === 0) continue
        const price = prices[desk.index]
        const bidE8 = price === undefined ? lastBid(desk) : whole(price.bidE8)
        const askE8 = price === undefined ? lastAsk(desk) : whole(price.askE8)
        equity = plus(equity, valueOfLots(desk, bidE8, askE8))
      }
      return cashE8(big(equity))
    },
    equityEstimateE8: () => equityEstimateE8(account),
    transfers: createTransfers(account, deskOf, settle),
  } satisfies Omit<Account, keyof AccountFacts>)
}

function modelsOf({ fees = NO_FEE, slippage, latency }: ExecutionModels): AccountModels {
  const { plain = null } = fees
  return {
    fees,
    plainFee: plain === null ? null : { ...plain, fixedE8: whole(plain.fixedE8) },
    slippage: slippage ?? null,
    isAsked: slippage !== undefined || plain === null,
    latency: latency ?? (sentMs => sentMs),
  }
}

const NO_FEE = fixedFee(0n)

// Rows come from the caller's own loop over the columns.
const at = (column: Float64Array, row: number): number => column[row] as number

function noEvent(): AccountState['event'] {
  return {
    number: 0,
    isBar: false,
    openMs: Number.NaN,
    closeMs: Number.NaN,
    bidOpenE8: Number.NaN,
    bidHighE8: Number.NaN,
    bidLowE8: Number.NaN,
    bidCloseE8: Number.NaN,
    askOpenE8: Number.NaN,
    askHighE8: Number.NaN,
    askLowE8: Number.NaN,
    askCloseE8: Number.NaN,
    volumeE8: Number.NaN,
  }
}
