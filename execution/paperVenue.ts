import { type AgentDefinition, tradedInstruments, type VenueSettings } from '../agents/index.ts'
import {
  BAR_ROW,
  cashE8,
  type EndReason,
  type MarketColumns,
  OTHER_ROW,
  PPM,
  type Ppm,
  positionAt,
  priceE8,
  QUOTE_ROW,
  type Quantity,
  quantity,
  type SourcePosition,
  sideOf,
  type TradeTerms,
} from '../core/index.ts'
import type { Placement } from './decisionBuffer.ts'
import {
  type Account,
  type CancelReason,
  createAccount,
  delayMs,
  type ExecutionModels,
  entrySpread,
  fixedFee,
  type InstrumentTerms,
  type Rejection,
  rateFee,
  type SlippageModel,
  slippageInTurn,
  squareRootImpact,
  sumOfFees,
} from './matching/index.ts'
import { takerPrices } from './takerPrices.ts'
import type { Holdings, Venue, VenueOutcome } from './venue.ts'

/** Equity under which everything is liquidated, as a share of the positions' value (FINRA rule 4210: 25 % of longs). */
export const DEFAULT_MAINTENANCE_MARGIN_PPM = 250_000 as Ppm

/** Legs of a bracket, which have the ids after their entry's. */
const MAX_LEGS = 2

/**
 * A venue that fills on paper, by the rules of docs/fills.md: at the next observation of the instrument, never at the one
 * that caused the order (unless the agent's venue says `thisClose`). Swaps and trades have no bid and ask: they
 * are widened by the agent's half spread. A market order whose next price comes more than `maxPriceAgeMs` after it
 * ends.
 */
export function createPaperVenue(definition: AgentDefinition): Venue {
  const { venue: settings, capitalE8 } = definition
  const instruments = tradedInstruments(definition)
  const numbers = new Map(instruments.map(({ id }, index) => [id, index]))
  let outcomes: VenueOutcome[] = []
  let lastPlaced = -1
  /** Of each market, the newest row; while an order is submitted, what it fills at is priced by it. */
  const newest: ({ columns: MarketColumns; row: number } | null)[] = instruments.map(() => null)
  let submitting = false
  /** Of an order's account id, and those of its legs: the sequence of its decision. */
  const sequences: number[] = []
  /** Orders that have not traded or ended yet, with their account ids: few at a time. */
  const open: { readonly id: number; readonly placement: Placement }[] = []

  const account: Account = createAccount({
    instruments: instruments.map(({ decimals }) => termsOf(settings, decimals)),
    cashE8: capitalE8,
    mode: settings.positions ?? 'netting',
    marketOrders: settings.marketOrders ?? 'nextOpen',
    models: modelsOf(settings),
    sink: {
      filled(fill) {
        const sequence = fill.order === null ? null : (sequences[fill.order] ?? null)
        const isDone = fill.cause === 'order'
        outcomes.push({
          market: fill.instrument,
          timeMs: fill.timeMs,
          isDone,
          output: {
            kind: 'fill',
            order: sequence,
            cause: fill.cause,
            side: fill.side,
            outcome: 'filled',
            reason: null,
            quantity: fill.quantity,
            priceE8: fill.priceE8,
            feeE8: fill.feeE8,
            ...(submitting ? { pricedBy: newestPosition(fill.instrument) } : {}),
          },
        })
        if (isDone && fill.order !== null) forget(fill.order)
      },
      lotClosed() {},
      cancelled(id, timeMs, reason) {
        // A leg that ends with its position is no order of the agent's.
        end(id, timeMs, CANCEL_REASONS[reason])
      },
      expired(id, timeMs) {
        const terms = placementOf(id)?.output
        const own =
          terms?.kind === 'order' && 'goodTillMs' in terms.terms ? terms.terms.goodTillMs : undefined
        end(id, timeMs, own !== undefined && own <= timeMs ? 'goodTill' : 'priceAge')
      },
      rejected(id, timeMs, rejection) {
        end(id, timeMs, endReason(rejection))
      },
      liquidated() {},
      accountClosed() {},
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
    const at = open.findIndex(entry => entry.id === id)
    if (at !== -1) open.splice(at, 1)
  }

  function end(id: number, timeMs: number, reason: EndReason): void {
    const placement = placementOf(id)
    if (placement === undefined) return
    pushEnd(placement, timeMs, reason)
    forget(id)
  }

  function pushEnd({ output, sequence, instrument }: Placement, timeMs: number, reason: EndReason): void {
    if (output.kind !== 'order') return
    outcomes.push({
      market: numbers.get(instrument) ?? 0,
      timeMs,
      isDone: true,
      output: {
        kind: 'fill',
        order: sequence,
        cause: 'order',
        side: sideOf(output.terms),
        outcome: 'ended',
        reason,
        quantity: NONE,
        priceE8: priceE8(0n),
        feeE8: cashE8(0n),
      },
    })
  }

  function submit(placement: Placement, terms: TradeTerms, market: number): void {
    const { sequence, timeMs } = placement
    // Known before the submission: an order that fills at this close says so from within.
    const id = sequences.length
    open.push({ id, placement })
    for (let leg = 0; leg <= MAX_LEGS; leg++) sequences[id + leg] = sequence
    submitting = true
    const submission = account.submit(terms, timeMs, market, lastGoodMs(terms, timeMs))
    submitting = false
    if (submission.accepted && submission.id !== id)
      throw new RangeError(`The account numbered an order ${submission.id} that was to be ${id}.`)
    if (!submission.accepted) {
      sequences.length = id
      forget(id)
      pushEnd(placement, timeMs, endReason(submission))
      return
    }
    const { stopLoss, takeProfitE8 } = terms.bracket ?? {}
    sequences.length = id + 1 + Number(stopLoss !== undefined) + Number(takeProfitE8 !== undefined)
  }

  // A market order is good for as long as a price may be old.
  function lastGoodMs({ kind, goodTillMs }: TradeTerms, nowMs: number): number {
    const latest = nowMs + settings.maxPriceAgeMs + 1
    if (kind === 'market') return Math.min(goodTillMs ?? latest, latest)
    return goodTillMs ?? Number.POSITIVE_INFINITY
  }

  const holdings: Holdings = {
    get cashE8() {
      return account.cashE8
    },
    get cashNumber() {
      return account.cashNumber
    },
    get freeE8() {
      return cashE8(account.equityE8() - account.marginUsedE8())
    },
    quantity: market => account.netQuantity(market),
    units: market => account.netUnits(market),
    costE8(market) {
      let cost = 0n
      for (const lot of account.lots(market)) cost += lot.costE8
      return cashE8(cost)
    },
  }

  return {
    holdings,
    get outcomes() {
      return outcomes
    },
    clearOutcomes() {
      outcomes = []
    },
    get isClosed() {
      return account.isClosed
    },
    place(placement) {
      if (placement.sequence <= lastPlaced) return
      lastPlaced = placement.sequence
      const { output, instrument, timeMs } = placement
      if (output.kind === 'cancel') {
        const entry = open.find(({ placement: each }) => each.sequence === output.order)
        if (entry !== undefined) account.cancel(entry.id, timeMs)
        return
      }
      const market = numbers.get(instrument)
      const { terms } = output
      if (market === undefined || terms.kind === 'subscribe' || terms.kind === 'redeem')
        pushEnd(placement, timeMs, 'notOffered')
      else submit(placement, terms, market)
    },
    onRow(columns, row, market) {
      if (market < 0) return
      const last = newest[market]
      if (last === null || last === undefined) newest[market] = { columns, row }
      else {
        last.columns = columns
        last.row = row
      }
      const kind = columns.kind[row]
      if (kind === BAR_ROW) account.onBar(market, columns, row)
      else if (kind !== OTHER_ROW) onPrice(columns, row, market)
    },
  }

  function onPrice(columns: MarketColumns, row: number, market: number): void {
    const bid = columns.bidCloseE8[row] as number
    const ask = columns.askCloseE8[row] as number
    const timeMs = columns.openMs[row] as number
    if (columns.kind[row] === QUOTE_ROW) account.onPrice(market, timeMs, bid, ask)
    else {
      const widened = takerPrices(bid, settings.halfSpreadPpm)
      account.onPrice(market, timeMs, widened.bidE8, widened.askE8)
    }
  }
}

const NONE: Quantity = quantity(0n)

function termsOf(settings: VenueSettings, decimals: number): InstrumentTerms {
  const initialMarginPpm = settings.initialMarginPpm ?? (PPM as Ppm)
  const least = Math.min(initialMarginPpm, DEFAULT_MAINTENANCE_MARGIN_PPM) as Ppm
  return {
    decimals,
    sizeStep: settings.sizeStep ?? quantity(1n),
    minimumSize: quantity(0n),
    initialMarginPpm,
    maintenanceMarginPpm: settings.maintenanceMarginPpm ?? least,
  }
}

/** The models that settings name. */
function modelsOf(settings: VenueSettings): ExecutionModels {
  const { feePpm, makerFeePpm, fixedFeeE8, entrySpreadPpm, impactPpm, latencyMs } = settings
  const rate = rateFee({ takerPpm: feePpm, makerPpm: makerFeePpm ?? feePpm })
  const slippage: SlippageModel[] = []
  if (entrySpreadPpm !== undefined) slippage.push(entrySpread(entrySpreadPpm))
  if (impactPpm !== undefined) slippage.push(squareRootImpact(impactPpm))
  return {
    fees: fixedFeeE8 === undefined ? rate : sumOfFees(rate, fixedFee(fixedFeeE8)),
    ...(slippage.length === 0 ? {} : { slippage: slippageInTurn(...slippage) }),
    ...(latencyMs === undefined ? {} : { latency: delayMs(latencyMs) }),
  }
}

const CANCEL_REASONS: Readonly<Record<CancelReason, EndReason>> = {
  requested: 'cancelled',
  exclusive: 'exclusive',
  oneCancelsOther: 'cancelled',
  positionClosed: 'nothingToReduce',
  liquidated: 'liquidated',
  accountClosed: 'accountClosed',
}

function endReason({ reason }: Rejection): EndReason {
  switch (reason) {
    case 'sizeStep':
    case 'belowMinimum':
      return 'size'
    case 'expired':
      return 'goodTill'
    case 'exclusiveNotMarket':
    case 'unknownInstrument':
      return 'notOffered'
    default:
      return reason
  }
}
