import {
  type Canonical,
  DAY_MS,
  InvalidInputError,
  type MarketColumns,
  type MarketEvent,
} from '../../../core/index.ts'
import { defineFeature, type FeatureDefinition, type FeatureFacts } from '../defineFeature.ts'
import type { RowBlock } from '../rowBlock.ts'
import { barsIn, spreadToRows } from './barBlock.ts'
import { type BarPrices, barPrices, RowBar } from './barPrices.ts'

/** Age past which the bars of a closed market say nothing: a long week-end, with room. */
export const DEFAULT_MAX_BAR_AGE_MS = 4 * DAY_MS

/** What every indicator takes. */
export type IndicatorOptions = {
  /** The value is missing when the newest bar closed longer ago than this; null for no limit. */
  readonly maxAgeMs?: number | null
}

/** The state of an indicator over the bars so far. */
export type BarRun = {
  /**
   * Takes in the next bar, which is lent: what it holds changes afterwards. Returns the value after it, NaN where there
   * is none yet: a number in any case, since one that may be null is allocated for every bar.
   */
  add(bar: BarPrices): number
  /** The same for bars of which only the close is read, many at once: `values[i]` is the value after `closes[i]`. */
  addCloses?(closes: Float64Array, count: number, values: Float64Array): void
}

/** An indicator as it is written. */
export type IndicatorSpec = Pick<FeatureFacts, 'name' | 'unit' | 'description'> & {
  readonly params: Readonly<Record<string, Canonical>>
  readonly start: () => BarRun
  /** Of the bars so far, those that the value depends on; all, unless given. */
  readonly uses?: (bars: readonly MarketEvent[]) => readonly MarketEvent[]
}

type Indicator = {
  readonly run: BarRun
  /** Bar that rows are read through, from the first one on. */
  bar: RowBar | null
  closeMs: number
  value: number
}

/**
 * Defines a feature over the bars of the traded instrument. A bar counts once and in the order of time: one
 * that closes no later than the newest (a late bar, a second source) changes nothing.
 */
export function defineIndicator(
  { start, uses, ...facts }: IndicatorSpec,
  { maxAgeMs = DEFAULT_MAX_BAR_AGE_MS }: IndicatorOptions,
): FeatureDefinition {
  return defineFeature({
    ...facts,
    version: 1,
    inputs: ['bar'],
    maxAgeMs,
    init: (): Indicator => ({
      run: start(),
      bar: null,
      closeMs: Number.NEGATIVE_INFINITY,
      value: Number.NaN,
    }),
    update(state, event) {
      const bar = barPrices(event)
      if (bar.closeMs <= state.closeMs) return
      state.closeMs = bar.closeMs
      state.value = state.run.add(bar)
    },
    updateRow: addRow,
    updateRows: addRows,
    value: lastValue,
    dependsOn(events) {
      const bars = inOrder(events)
      return uses === undefined ? bars : uses(bars)
    },
  })
}

// One function for all indicators, and not one for each: so the calls of the pipeline stay alike.
function addRow(state: Indicator, columns: MarketColumns, row: number): void {
  const closeMs = columns.closeMs[row] ?? Number.NaN
  if (closeMs <= state.closeMs) return
  state.closeMs = closeMs
  state.bar ??= new RowBar()
  state.value = state.run.add(state.bar.moveTo(columns, row))
}

function addRows(state: Indicator, block: RowBlock, values: Float64Array): void {
  const bars = barsIn(block, state.closeMs)
  const { count, rows, closes } = bars
  if (count > 0) {
    const { run } = state
    const { columns, from } = block
    if (run.addCloses !== undefined) run.addCloses(closes, count, values)
    else {
      state.bar ??= new RowBar()
      for (let index = 0; index < count; index++)
        values[index] = run.add(state.bar.moveTo(columns, from + (rows[index] as number)))
    }
    state.closeMs = columns.closeMs[from + (rows[count - 1] as number)] as number
  }
  const newest = count === 0 ? state.value : (values[count - 1] as number)
  spreadToRows(bars, block.to - block.from, values, state.value)
  state.value = newest
}

const lastValue = (state: Indicator): number => state.value

/** Those bars that count. */
function inOrder(events: readonly MarketEvent[]): MarketEvent[] {
  let newest = Number.NEGATIVE_INFINITY
  return events.filter(({ value }) => {
    if (value.type !== 'bar' || value.closeMs <= newest) return false
    newest = value.closeMs
    return true
  })
}

/**
 * Checks a number of bars.
 *
 * @throws InvalidInputError when it is not whole, below the least or above 100,000, TA-Lib's limit.
 */
export function assertBars(what: string, bars: number, least = 2): void {
  if (Number.isSafeInteger(bars) && bars >= least && bars <= 100_000) return
  throw new InvalidInputError(`${what} over ${bars} bars is not possible.`, {
    facts: { bars, least },
    hint: `Pass a whole number from ${least} to 100,000.`,
  })
}

/** A number as it stands in a name: 2.5 is `2p5`. */
export const inName = (value: number): string => String(value).replace('.', 'p')
