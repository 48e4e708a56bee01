import { observedInstruments } from '../agents/index.ts'
import type { CashE8, Decision, MarketColumns, MarketEvent, Portfolio, UnixMs } from '../core/index.ts'
import {
  bookOutcomes,
  createDecisionCount,
  createKernel,
  createKernelWith,
  createRowFeed,
  currentEquity,
  type Kernel,
  type KernelOptions,
  placeUnsigned,
  portfolioOf,
  step,
  stride,
  trackKernel,
} from '../execution/index.ts'
import { EquityCurve } from './equityCurve.ts'
import { FillLog } from './fillLog.ts'
import { type BacktestFill, roundTrips, type Trade } from './roundTrips.ts'
import { type TripColumns, tripColumns } from './tripColumns.ts'

type Tracking = {
  /** Adds the outcomes and valuations that a recorded run makes; off unless given: a backtest has the equity itself. */
  readonly tracked?: boolean
}

/** What `runBacktest` takes. */
export type BacktestOptions = Omit<KernelOptions, 'history'> &
  Tracking & {
    /** In the total order; events of instruments that the agent does not observe are skipped. */
    readonly events: Iterable<MarketEvent> | AsyncIterable<MarketEvent>
    /** Events known later than this are left out. */
    readonly toMs?: UnixMs
  }

/** What `runBacktestOver` takes. */
export type ColumnsBacktestOptions = Omit<KernelOptions, 'venue' | 'history'> &
  Tracking & {
    /** In the total order; they list every instrument that the agent observes. */
    readonly columns: MarketColumns
    readonly toMs?: UnixMs
  }

/** What an agent did over history. */
export type BacktestRun = {
  /** How many decisions it made. */
  readonly decisionCount: number
  /**
   * Every decision, in sequence: the same as a live run over the same observations records, where they are tracked. Made
   * when it is first asked for.
   */
  readonly decisions: readonly Decision[]
  /** What filled, in order; what ended is among the decisions only. Made when they are first asked for. */
  readonly fills: readonly BacktestFill[]
  /** Closed round trips, in the order of their exits. Made when they are first asked for. */
  readonly trades: readonly Trade[]
  /**
   * Fills and trades as columns, which statistics take at less cost; null where columns do not tell them. Made when they
   * are first asked for.
   */
  readonly columns: TripColumns | null
  /**
   * Cash plus positions at each event that prices a traded instrument after `activeFromMs`, at the time that it
   * was known. Doubles, for analysis: within 10⁻⁸ up to 90 million whole units of the quote currency.
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
  const instruments = observedInstruments(definition)
  const observed: ReadonlySet<string> = new Set(instruments)
  const feed = createRowFeed(instruments)
  const kernel = createKernel(options)
  if (options.tracked === true) trackKernel(kernel)
  const run = openRun(kernel, new EquityCurve())
  const take = (event: MarketEvent): void => {
    if (!observed.has(event.instrument)) return
    const row = feed.append(event)
    run.events++
    run.row = row
    takeRow(kernel, run.curve, feed.columns, row)
  }
  if (Symbol.iterator in events) {
    // No await for each event of an array: it would cost more than the kernel.
    for (const event of events) {
      if (event.knownAt > toMs) break
      take(event)
    }
  } else {
    for await (const event of events) {
      if (event.knownAt > toMs) break
      take(event)
    }
  }
  bookRest(run, feed.columns)
  return resultOf(run, () => kernel.decisions.held())
}

/**
 * Runs an agent over columns: the same as `runBacktest` over their events, without an object for each. Its decisions are
 * counted; should they be asked for, the run is made again and keeps them.
 */
export function runBacktestOver(given: ColumnsBacktestOptions): BacktestRun {
  const options = { ...given, history: given.columns }
  const counted = createKernelWith(options, createDecisionCount)
  if (options.tracked === true) trackKernel(counted)
  const run = openRun(counted, new EquityCurve(options.columns.length))
  runRows(run, options)
  return resultOf(run, () => {
    const again = createKernel(options)
    if (options.tracked === true) trackKernel(again)
    runRows(openRun(again, new EquityCurve(options.columns.length)), options)
    return again.decisions.held()
  })
}

type Run = {
  readonly kernel: Kernel
  readonly curve: EquityCurve
  readonly log: FillLog
  events: number
  /** The newest row taken. */
  row: number
}

function openRun(kernel: Kernel, curve: EquityCurve): Run {
  const log = new FillLog()
  kernel.onOutcome = outcome => log.add(outcome)
  return { kernel, curve, log, events: 0, row: -1 }
}

function runRows(run: Run, { columns, toMs }: ColumnsBacktestOptions): void {
  const { length, knownAt } = columns
  const untilMs: number = toMs ?? Number.POSITIVE_INFINITY
  const { kernel, curve } = run
  let end = length
  while (end > 0 && (knownAt[end - 1] as number) > untilMs) end--
  let row = 0
  while (row < end) {
    const next = stride(kernel, columns, row, end, curve.room(end - row), curve.length)
    if (next === row) {
      takeRow(kernel, curve, columns, row)
      row++
      continue
    }
    curve.extend(columns, row, next)
    if (kernel.placements.length > 0) placeUnsigned(kernel)
    row = next
  }
  run.events += row
  run.row = row - 1
  bookRest(run, columns)
}

function takeRow(kernel: Kernel, curve: EquityCurve, columns: MarketColumns, row: number): void {
  step(kernel, columns, row)
  if (kernel.placements.length > 0) placeUnsigned(kernel)
  if (kernel.repriced && kernel.nowMs > kernel.activeFromMs) curve.add(columns, row, kernel.estimate)
}

/** What filled at the very last price would be told at the next, and there is none. */
function bookRest({ kernel, row }: Run, columns: MarketColumns): void {
  if (kernel.venue.outcomes.length > 0) bookOutcomes(kernel, columns, row)
}

function resultOf({ kernel, curve, log, events }: Run, decide: () => readonly Decision[]): BacktestRun {
  let made: readonly Decision[] | null = null
  let fills: readonly BacktestFill[] | null = null
  let trades: readonly Trade[] | null = null
  let columns: TripColumns | null | undefined
  const decimals = kernel.markets.map(({ instrument }) => instrument.decimals)
  return {
    decisionCount: kernel.decisions.length,
    get decisions() {
      made ??= decide()
      return made
    },
    get fills() {
      fills ??= log.fills()
      return fills
    },
    get trades() {
      trades ??= roundTrips(this.fills, decimals)
      return trades
    },
    get columns() {
      if (columns === undefined) columns = tripColumns(log, decimals)
      return columns
    },
    equity: curve.columns(),
    finalEquityE8: currentEquity(kernel),
    portfolio: portfolioOf(kernel),
    events,
  }
}
