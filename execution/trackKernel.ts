import { DAY_MS, HOUR_MS, type MarketColumns, unixMs } from '../core/index.ts'
import type { Kernel } from './kernel.ts'
import type { Market } from './market.ts'
import { PricedRows } from './pricedRows.ts'
import { OpenSignals } from './settleSignals.ts'
import { valueAccount } from './valueAccount.ts'
import type { VenueOutcome } from './venue.ts'

/**
 * What a kernel whose decisions are recorded adds to them: of each signal what came of it, and the worth of the account
 * at the end of each UTC day, or of each hour where the agent decides more often than that. Made from the events alone,
 * so that a replay makes the same.
 */
export type KernelTrack = {
  /** Call it for each row before the kernel takes it in. */
  onRow(columns: MarketColumns, row: number, market: number): void
  /** Takes a signal that says something: a direction, or a prediction. */
  onSignal(sequence: number, market: Market, horizonMs: number): void
  onOutcome(outcome: VenueOutcome): void
}

/**
 * Has a fresh kernel settle its signals and value its account. An instant is over at the first event known after it: what
 * is known at the instant itself still counts, as in the daily closes of the statistics.
 */
export function trackKernel(kernel: Kernel): void {
  const { decisions, markets, definition } = kernel
  const periodMs = definition.everyMs < HOUR_MS ? HOUR_MS : DAY_MS
  const priced = new PricedRows(kernel)
  const signals = new OpenSignals(priced)
  const traded = new Set<number>()
  let periodEndMs = Number.NEGATIVE_INFINITY

  function endPeriod(columns: MarketColumns, row: number): void {
    const valuation = valueAccount(kernel, priced, traded, unixMs(periodEndMs))
    if (valuation !== null) decisions.output(0, columns, row, valuation, -1)
  }

  kernel.track = {
    onRow(columns, row, market) {
      priced.note()
      const knownAt = columns.knownAt[row] as number
      if (knownAt > signals.dueMs)
        signals.settle(knownAt, ({ index }, outcome) => decisions.output(index, columns, row, outcome, -1))
      if (knownAt > periodEndMs) {
        if (kernel.active) endPeriod(columns, row)
        periodEndMs = Math.ceil(knownAt / periodMs) * periodMs
      }
      priced.open(columns, row, market)
    },
    onSignal(sequence, market, horizonMs) {
      priced.note()
      signals.add(sequence, market, kernel.nowMs + horizonMs)
    },
    onOutcome({ market, output }) {
      const isMoved =
        output.kind === 'fill'
          ? output.outcome === 'filled'
          : output.kind === 'adjustment' && output.quantity !== 0n
      if (isMoved && markets[market] !== undefined) traded.add(market)
    },
  }
}
