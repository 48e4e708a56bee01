import { createRequire } from 'node:module'
import { PPM } from '../../core/index.ts'
import type { SmaBars } from './smaMarket.ts'
import { CAPITAL_E8, type RunOnce, type SmaTask } from './smaTask.ts'

/** What grademark does otherwise, for whoever compares the figures. */
export const GRADEMARK_DIFFERS = [
  'grademark fills at the next open as well, in doubles without rounding;',
  'it looks at no rule on the bar that it enters or leaves on, and cannot go from long to short at one open, so it makes fewer trades;',
  'it keeps no orders, cash, quantities or commission (taken off its trades afterwards), and equity by trade, not by bar; of statistics it has about twenty by trade.',
]

type Bar = { readonly time: Date; readonly open: number; readonly high: number; readonly low: number }
type AveragedBar = Bar & { readonly close: number; readonly fast: number; readonly slow: number }
type Trade = { growth: number; readonly profit: number }
type RuleArgs = { readonly bar: AveragedBar }
type Strategy = {
  readonly prepIndicators: (args: { readonly inputSeries: DataFrame }) => DataFrame
  readonly entryRule: (enter: (options?: { direction: 'long' | 'short' }) => void, args: RuleArgs) => void
  readonly exitRule: (exit: () => void, args: RuleArgs & { readonly position: Position }) => void
}
type Position = { readonly direction: 'long' | 'short' }
type DataFrame = { toArray(): Bar[] }
type Grademark = {
  backtest(strategy: Strategy, bars: DataFrame): Trade[]
  analyze(capital: number, trades: readonly Trade[]): { readonly finalCapital: number }
  computeEquityCurve(capital: number, trades: readonly Trade[]): number[]
  computeDrawdown(capital: number, trades: readonly Trade[]): number[]
}
type DataForge = { readonly DataFrame: new (from: { readonly values: readonly object[] }) => DataFrame }

/** grademark; its averages are made by adding and subtracting, as in the bare loop. */
export function prepareGrademark({ bars, reversing, feePpm }: SmaTask): RunOnce {
  const { grademark, dataForge } = load()
  const kept = (1 - feePpm / PPM) ** 2
  const inputSeries = new dataForge.DataFrame({ values: barObjects(bars) })
  const capital = Number(CAPITAL_E8)
  return (fast, slow) => {
    const trades = grademark.backtest(
      {
        prepIndicators: ({ inputSeries }) =>
          new dataForge.DataFrame({ values: withAverages(bars, inputSeries.toArray(), fast, slow) }),
        entryRule(enter, { bar }) {
          if (bar.fast > bar.slow) enter()
          else if (reversing && bar.fast <= bar.slow) enter({ direction: 'short' })
        },
        exitRule(exit, { bar, position }) {
          if (bar.fast > bar.slow !== (position.direction === 'long')) exit()
        },
      },
      inputSeries,
    )
    for (const trade of trades) trade.growth *= kept
    const { finalCapital } = grademark.analyze(capital, trades)
    grademark.computeEquityCurve(capital, trades)
    grademark.computeDrawdown(capital, trades)
    return {
      trades: trades.length,
      finalEquityE8: finalCapital,
      bars: bars.openMs.length,
      statistics: null,
    }
  }
}

/** Trades that its rules leave of the same signals, counted without it: what says that it did this work. */
export function tradesByItsRules({ bars, reversing }: SmaTask, fast: number, slow: number): number {
  let trades = 0
  let state: 'none' | 'enter' | 'long' | 'short' | 'exit' = 'none'
  let side: 'long' | 'short' = 'long'
  const averages = averagesOf(bars.closeE8)
  for (let row = 0; row < bars.closeE8.length; row++) {
    const [above, below] = averages(row, fast, slow)
    const isAbove = above > below
    const isBelow = above <= below
    if (state === 'none') {
      if (!isAbove && !(reversing && isBelow)) continue
      side = isAbove ? 'long' : 'short'
      state = 'enter'
    } else if (state === 'enter') state = side
    else if (state === 'exit') {
      trades++
      state = 'none'
    } else if (isAbove !== (state === 'long')) state = 'exit'
  }
  // What is open at the end is closed at the last close.
  return state === 'long' || state === 'short' || state === 'exit' ? trades + 1 : trades
}

function barObjects(bars: SmaBars): object[] {
  return Array.from(bars.openMs, (openMs, row) => ({
    time: new Date(openMs),
    open: (bars.openE8[row] ?? 0) / 1e8,
    high: (bars.highE8[row] ?? 0) / 1e8,
    low: (bars.lowE8[row] ?? 0) / 1e8,
    close: (bars.closeE8[row] ?? 0) / 1e8,
  }))
}

function withAverages({ closeE8 }: SmaBars, values: readonly object[], fast: number, slow: number): object[] {
  const averages = averagesOf(closeE8)
  return values.map((value, row) => {
    const [above, below] = averages(row, fast, slow)
    return { ...value, fast: above, slow: below }
  })
}

/** Both averages after each row in turn, NaN before there are both; binary32, as everyone's here. */
function averagesOf(closeE8: Float64Array): (row: number, fast: number, slow: number) => [number, number] {
  let fastSum = 0
  let slowSum = 0
  return (row, fast, slow) => {
    const close = closeE8[row] ?? 0
    fastSum += close - (closeE8[row - fast] ?? 0)
    slowSum += close - (closeE8[row - slow] ?? 0)
    if (row + 1 < slow) return [Number.NaN, Number.NaN]
    return [Math.fround(fastSum / fast / 1e8), Math.fround(slowSum / slow / 1e8)]
  }
}

function load(): { readonly grademark: Grademark; readonly dataForge: DataForge } {
  const require = createRequire(import.meta.url)
  return { grademark: require('grademark'), dataForge: require('data-forge') }
}
