import { type AgentDefinition, tradedInstruments } from '../agents/index.ts'
import {
  BAR_ROW,
  type EndReason,
  eventAt,
  type Instrument,
  type Logged,
  type MarketColumns,
  OTHER_ROW,
  type Ppm,
  positionAt,
  QUOTE_ROW,
  type SourcePosition,
  type TradeTerms,
  type UnixMs,
} from '../core/index.ts'
import { chainModelsOf } from './chainModels.ts'
import type { Placement } from './decisionBuffer.ts'
import { CANCEL_REASONS, endedFill, rejectionReason } from './endReasons.ts'
import { openIssuerDesks } from './issuerDesks.ts'
import { type Account, createAccount, legsOf } from './matching/index.ts'
import { PaperFill } from './paperFill.ts'
import { PaperHoldings } from './paperHoldings.ts'
import { instrumentTermsOf, modelsOf } from './paperModels.ts'
import { takerPrices } from './takerPrices.ts'
import type { QuietRows, Venue, VenueOutcome } from './venue.ts'

/**
 * A venue that fills on paper, by the rules of docs/fills.md: at the next observation of the instrument, never at the one
 * that caused the order (unless the agent's venue says `thisClose`). Swaps and trades have no bid and ask: they
 * are widened by the agent's half spread, unless a pool's own curve prices them. A market order whose next price comes
 * more than `maxPriceAgeMs` after it ends. Issuers serve requests by the rules of docs/rwa-venues.md, over the same cash and shares.
 *
 * @throws InvalidInputError when the terms of an issuer cannot be kept.
 */
export function createPaperVenue(definition: AgentDefinition): Venue {
  const { venue: settings, capitalE8 } = definition
  const instruments = tradedInstruments(definition)
  const chain = chainModelsOf(settings, instruments)
  // Around a pool's price there is no spread beside its curve's.
  const halfSpreads = instruments.map((_, market) =>
    chain?.isPooled(market) ? (0 as Ppm) : settings.halfSpreadPpm,
  )
  const numbers = new Map(instruments.map(({ id }, index) => [id, index]))
  const outcomes: VenueOutcome[] = []
  let lastPlaced = -1
  /** Of each market, the newest row; while an order is submitted, what it fills at is priced by it. */
  const newest: ({ columns: MarketColumns; row: number } | null)[] = instruments.map(() => null)
  /** Why the account cancels an order, where not for a reason of its own. */
  let ending: EndReason | null = null
  let submitting = false
  /** Of an order's account id, and those of its bracket's legs, which come after it: the sequence of its decision. */
  const sequences: number[] = []
  /** Orders that have not traded or ended yet, with their account ids: few at a time. */
  const open: { readonly id: number; readonly placement: Placement }[] = []
  /** When the newest fill was. */
  let filledMs = 0 as UnixMs

  const account: Account = createAccount({
    instruments: instruments.map(({ decimals }) => instrumentTermsOf(settings, decimals)),
    cashE8: capitalE8,
    mode: settings.positions ?? 'netting',
    marketOrders: settings.marketOrders ?? 'nextOpen',
    models: modelsOf(settings, chain),
    sink: {
      booked(market, fill) {
        filledMs = fill.timeMs as UnixMs
        const sequence = fill.order === null ? null : (sequences[fill.order] ?? null)
        outcomes.push(new PaperFill(market, fill, sequence, submitting ? newestPosition(market) : null))
        if (fill.cause === 'order' && fill.order !== null) forget(fill.order)
      },
      cancelled(id, timeMs, reason) {
        // A leg that ends with its position is no order of the agent's.
        end(id, timeMs, ending ?? CANCEL_REASONS[reason])
      },
      expired(id, timeMs) {
        const terms = placementOf(id)?.output
        const own =
          terms?.kind === 'order' && 'goodTillMs' in terms.terms ? terms.terms.goodTillMs : undefined
        end(id, timeMs, own !== undefined && own <= timeMs ? 'goodTill' : 'priceAge')
      },
      rejected(id, timeMs, rejection) {
        end(id, timeMs, rejectionReason(rejection))
      },
      liquidated() {},
      accountClosed() {
        venue.isClosed = true
      },
    },
  })

  const placementOf = (id: number): Placement | undefined => open.find(entry => entry.id === id)?.placement

  function newestPosition(market: number): SourcePosition {
    const last = newest[market]
    if (last === null || last === undefined) throw new RangeError(`Market ${market} has seen no price.`)
    const { source, block, logIndex } = positionAt(last.columns, last.row)
    return { source, block, logIndex }
  }

  function forget(id: number): void {
    // The last one is the only one, most of the time.
    if (open[open.length - 1]?.id === id) open.pop()
    else {
      const at = open.findIndex(entry => entry.id === id)
      if (at !== -1) open.splice(at, 1)
    }
  }

  function end(id: number, timeMs: number, reason: EndReason): void {
    const placement = placementOf(id)
    if (placement === undefined) return
    pushEnd(placement, timeMs, reason)
    forget(id)
  }

  function pushEnd(placement: Placement, timeMs: number, reason: EndReason): void {
    const output = endedFill(placement, reason)
    if (output !== null)
      outcomes.push({ market: numbers.get(placement.instrument) ?? 0, timeMs, isDone: true, output })
  }

  function submit(placement: Placement, terms: TradeTerms, market: number): void {
    const { sequence, timeMs } = placement
    // Known before the submission: an order that fills at this close says so from within.
    const id = sequences.length
    open.push({ id, placement })
    for (let leg = legsOf(terms); leg >= 0; leg--) sequences.push(sequence)
    submitting = true
    const submission = account.submit(terms, timeMs, market, lastGoodMs(terms, timeMs))
    submitting = false
    if (submission.accepted && submission.id !== id)
      throw new RangeError(`The account numbered an order ${submission.id} that was to be ${id}.`)
    if (!submission.accepted) {
      sequences.length = id
      forget(id)
      pushEnd(placement, timeMs, rejectionReason(submission))
    }
  }

  function trade(placement: Placement, terms: TradeTerms, market: number): void {
    const told = outcomes.length
    submit(placement, terms, market)
    if (outcomes.length > told) issuers.traded(filledMs)
  }

  // A market order is good for as long as a price may be old.
  function lastGoodMs({ kind, goodTillMs }: TradeTerms, nowMs: number): number {
    const latest = nowMs + settings.maxPriceAgeMs + 1
    if (kind === 'market') return Math.min(goodTillMs ?? latest, latest)
    return goodTillMs ?? Number.POSITIVE_INFINITY
  }

  // Where no market has ever priced the instrument, no price comes that could tell that an order is too old.
  function endWithoutMarket(market: number, nowMs: UnixMs): void {
    const { id } = instruments[market] as Instrument
    ending = 'noMarket'
    for (const { id: order, placement } of [...open]) {
      const { instrument, timeMs, output } = placement
      const isTooOld = nowMs > timeMs + settings.maxPriceAgeMs
      if (isTooOld && instrument === id && output.kind === 'order' && output.terms.kind === 'market')
        account.cancel(order, nowMs)
    }
    ending = null
  }

  const issuers = openIssuerDesks(definition, account, outcome => outcomes.push(outcome))

  // Without getters: an object literal that has some is read as slowly as a map, and this one is read at every row.
  const venue = {
    holdings: new PaperHoldings(account, issuers),
    outcomes,
    clearOutcomes() {
      while (outcomes.length > 0) outcomes.pop()
    },
    isClosed: false as boolean,
    place(placement: Logged<Placement>) {
      if (placement.sequence <= lastPlaced) return
      lastPlaced = placement.sequence
      const { output, instrument, timeMs } = placement
      if (output.kind === 'cancel') {
        const entry = open.find(({ placement: each }) => each.sequence === output.order)
        if (entry !== undefined) account.cancel(entry.id, timeMs)
        else issuers.cancel(output.order, timeMs)
        return
      }
      const market = numbers.get(instrument)
      const { terms } = output
      if (market === undefined) pushEnd(placement, timeMs, 'notOffered')
      else if (terms.kind !== 'subscribe' && terms.kind !== 'redeem') trade(placement, terms, market)
      else if (!issuers.request(market, placement, terms)) pushEnd(placement, timeMs, 'notOffered')
    },
    onRow(columns: MarketColumns, row: number, market: number) {
      const knownAt = columns.knownAt[row] as UnixMs
      // Before the markets fill: what an issuer delivers can be sold at this price.
      if (knownAt >= issuers.dueMs) issuers.onTime(knownAt)
      if (chain !== null) chain.take(columns, row, market)
      if (market < 0) return
      const kind = columns.kind[row]
      if (kind === OTHER_ROW) {
        if (newest[market] === null && columns.events[row]?.value.type === 'nav')
          endWithoutMarket(market, knownAt)
        if (issuers.has(market)) issuers.onEvent(market, eventAt(columns, row))
        return
      }
      note(columns, row, market)
      const told = outcomes.length
      if (kind === BAR_ROW) account.onBar(market, columns, row)
      else onPrice(columns, row, market)
      if (outcomes.length > told) issuers.traded(filledMs)
    },
    quiet: {
      to(columns: MarketColumns, row: number, end: number, market: number) {
        // A pool's state and the prices of gas are noted at every row.
        if (chain !== null) return row
        const { dueMs } = issuers
        const { knownAt } = columns
        const to = account.quietTo(market, columns, row, end)
        if (to === row || (knownAt[to - 1] as number) < dueMs) return to
        let due = row
        while ((knownAt[due] as number) < dueMs) due++
        return due
      },
      pass(columns: MarketColumns, row: number, market: number) {
        note(columns, row, market)
        account.pass(market, columns, row)
      },
    } satisfies QuietRows,
  } satisfies Venue

  function note(columns: MarketColumns, row: number, market: number): void {
    const last = newest[market]
    if (last === null || last === undefined) newest[market] = { columns, row }
    else {
      // They change seldom, and to store a reference costs more than to compare it.
      if (last.columns !== columns) last.columns = columns
      last.row = row
    }
  }

  function onPrice(columns: MarketColumns, row: number, market: number): void {
    const bid = columns.bidCloseE8[row] as number
    const ask = columns.askCloseE8[row] as number
    const timeMs = columns.openMs[row] as number
    if (columns.kind[row] === QUOTE_ROW) account.onPrice(market, timeMs, bid, ask)
    else {
      const widened = takerPrices(bid, halfSpreads[market] as Ppm)
      account.onPrice(market, timeMs, widened.bidE8, widened.askE8)
    }
  }
  return venue
}
