import { observedInstruments } from '../agents/index.ts'
import type { CashE8, Decision, Fill, MarketEvent, Portfolio, UnixMs } from '../core/index.ts'
import { createUnsignedLog, type UnsignedLog } from '../decision-log/index.ts'
import {
  advance,
  createKernel,
  createPaperVenue,
  currentEquity,
  isOrder,
  type Kernel,
  type KernelOptions,
  portfolioOf,
  type Venue,
} from '../execution/index.ts'
import { createEquityCurve, type EquityCurve } from './equityCurve.ts'
import { type BacktestFill, roundTrips, type Trade } from './roundTrips.ts'

/** What `runBacktest` takes. */
export type BacktestOptions = KernelOptions & {
  /** In the total order; events of instruments that the agent does not observe are skipped. */
  readonly events: Iterable<MarketEvent> | AsyncIterable<MarketEvent>
  /** Events known later than this are left out. */
  readonly toMs?: UnixMs
}

/** What an agent did over history. */
export type BacktestRun = {
  /** Every decision, in sequence: the same as a live run over the same observations records. */
  readonly decisions: readonly Decision[]
  /** Orders that filled, in order; expired orders are among the decisions only. */
  readonly fills: readonly BacktestFill[]
  /** Closed round trips. */
  readonly trades: readonly Trade[]
  /**
   * Cash plus position at each event that prices the traded instrument after `activeFromMs`, at the time
   * that it was known. Doubles, for analysis: exact up to 90 million whole units of the quote currency.
   */
  readonly equity: { readonly timeMs: Float64Array; readonly equityE8: Float64Array }
  readonly finalEquityE8: CashE8
  /** What is held at the end, open trades included. */
  readonly portfolio: Portfolio
  /** Events that the agent observed, warm-up included. */
  readonly events: number
}

/**
 * Runs an agent over history, through the same kernel and paper venue as a live run.
 *
 * @throws InvalidInputError when the model does not fit the definition.
 * @throws IntegrityError when the events are out of order.
 */
export async function runBacktest(options: BacktestOptions): Promise<BacktestRun> {
  const { definition, events, toMs = Number.POSITIVE_INFINITY } = options
  const kernel = createKernel(options)
  const run: Run = {
    kernel,
    venue: createPaperVenue(definition),
    log: createUnsignedLog(),
    curve: createEquityCurve(),
    fills: [],
    observed: new Set(observedInstruments(definition)),
    events: 0,
  }
  if (Symbol.iterator in events) {
    // No await for each event of an array: it would cost more than the kernel.
    for (const event of events) {
      if (event.knownAt > toMs) break
      take(run, event)
    }
  } else {
    for await (const event of events) {
      if (event.knownAt > toMs) break
      take(run, event)
    }
  }
  return {
    decisions: run.log.decisions,
    fills: run.fills,
    trades: roundTrips(run.fills, definition.instrument.decimals),
    equity: run.curve.columns(),
    finalEquityE8: currentEquity(kernel),
    portfolio: portfolioOf(kernel),
    events: run.events,
  }
}

type Run = {
  readonly kernel: Kernel
  readonly venue: Venue
  readonly log: UnsignedLog
  readonly curve: EquityCurve
  readonly fills: BacktestFill[]
  readonly observed: ReadonlySet<string>
  events: number
}

function take(run: Run, event: MarketEvent): void {
  if (!run.observed.has(event.instrument)) return
  const { kernel, venue, log, curve, fills } = run
  run.events++
  const decisions = advance(kernel, venue, event)
  if (decisions.length > 0)
    for (const decision of log.record(decisions)) {
      if (isOrder(decision)) venue.place(decision)
      if (decision.output.kind === 'fill') addFill(fills, decision.output, event)
    }
  if (event.knownAt > kernel.activeFromMs && kernel.priced === event)
    curve.add(event.knownAt, currentEquity(kernel))
}

function addFill(fills: BacktestFill[], fill: Fill, event: MarketEvent): void {
  const { order, side, quantity, priceE8, feeE8, outcome } = fill
  if (outcome === 'filled') fills.push({ order, timeMs: event.validAt, side, quantity, priceE8, feeE8 })
}
