import type { BacktestFill, Trade } from '../roundTrips.ts'
import { asColumn, timedColumn } from '../statisticsColumn.ts'
import { timeChart } from './chartFrame.ts'
import { boxPath, linePath, percent, segmentPath } from './chartPaths.ts'
import { downSample, extremes, mergeIndices } from './downSample.ts'
import { EMPTY, html, type Markup } from './markup.ts'
import { openFills } from './openFills.ts'
import type { ReportMarket, ReportPrices } from './reportInput.ts'
import { countText, priceText, quantityText } from './reportNumbers.ts'
import type { TimeAxis } from './timeAxis.ts'
import { amountAxis, type ValueAxis } from './valueAxis.ts'

/** Trades that are marked: those with the largest profits and losses. */
const MARKED_TRADES = 100
/** From so many on, marks are drawn small. */
const MANY_MARKS = 80
const BAND_STRETCHES = 400

/** Draws the prices of an instrument with the entries and exits of its trades. */
export function priceChart(
  market: ReportMarket,
  axis: TimeAxis,
  { points, position }: { readonly points: number; readonly position: string },
): Markup {
  const prices = inPeriod(market.prices, axis)
  if (prices === null)
    return html`<p class="empty">No prices of ${market.instrument} were recorded in the period.</p>`
  const { timeMs, close, high, low } = prices
  const marked = atTheirFills(markedTrades(market.trades), market.fills)
  const open = openFills(market.fills)
  const lowest = Math.min(low[extremes(low)[0]] ?? 0, ...marked.flatMap(tradePrices))
  const highest = Math.max(high[extremes(high)[1]] ?? 0, ...marked.flatMap(tradePrices))
  const amounts = amountAxis(lowest / 1e8, highest / 1e8)
  const y = (priceE8: number | bigint) => amounts.at(Number(priceE8) / 1e8)
  const chosen = mergeIndices(timeMs.length, downSample(timeMs, close, points), extremes(close))
  const curve = {
    count: chosen.length,
    x: (k: number) => axis.at(timeMs[chosen[k] ?? 0] ?? 0),
    y: (k: number) => y(close[chosen[k] ?? 0] ?? 0),
  }
  const openMarks = open.since.filter(({ side }) => (side === 'buy') === open.held > 0n).slice(-MARKED_TRADES)
  const drawnTimes = Float64Array.from(chosen, index => timeMs[index] ?? 0)
  return timeChart({
    axis,
    legend: marked.length === 0 && openMarks.length === 0 ? EMPTY : LEGEND,
    timeMs: drawnTimes,
    readOuts: [
      {
        swatch: 'price',
        label: market.instrument,
        values: Array.from(chosen, index => priceText(close[index] ?? 0)),
      },
      { swatch: 'none', label: position, values: positions(market, drawnTimes) },
    ],
    panels: [
      {
        title: `Price of ${market.instrument} with entries and exits`,
        summary: `From ${priceText(close[0] ?? 0)} to ${priceText(close.at(-1) ?? 0)}; ${countText(market.trades.length)} closed trades`,
        size: 'tall',
        ticks: amounts.ticks,
        drawing: html`${band(prices, axis, amounts)}<path class="line price" d="${linePath(curve)}"/>
<path class="trip won" d="${trips(marked.filter(won), axis, y)}"/><path class="trip lost" d="${trips(
          marked.filter(trade => !won(trade)),
          axis,
          y,
        )}"/>`,
        marks: html`<g class="${marked.length + openMarks.length < MANY_MARKS ? 'marks' : 'marks many'}">${marked.map(
          trade => [
            mark(trade.direction, axis.at(trade.entryMs), y(trade.entryPriceE8)),
            mark(won(trade) ? 'won' : 'lost', axis.at(trade.exitMs), y(trade.exitPriceE8)),
          ],
        )}${openMarks.map(fill =>
          mark(open.held > 0n ? 'long' : 'short', axis.at(fill.timeMs), y(fill.priceE8)),
        )}</g>`,
      },
    ],
    note: note(market, marked.length, open.held, amounts.log),
  })
}

const won = ({ pnlE8 }: Trade): boolean => pnlE8 > 0n
const tradePrices = ({ entryPriceE8, exitPriceE8 }: Trade) => [Number(entryPriceE8), Number(exitPriceE8)]

/** Shapes of the marks, drawn once and used by name: what a mark is can be told without its colour. */
export const MARK_SHAPES: Markup = html`<svg class="shapes" aria-hidden="true"><defs>
<path id="mark-long" class="mark entry" d="M0 -6 5.5 4H-5.5Z"/>
<path id="mark-short" class="mark entry" d="M0 6 5.5 -4H-5.5Z"/>
<circle id="mark-won" class="mark won" r="4"/>
<path id="mark-lost" class="mark lost" d="M-4 -4 4 4M4 -4 -4 4"/>
</defs></svg>`

const mark = (shape: 'long' | 'short' | 'won' | 'lost', x: number, y: number): Markup =>
  html`<svg x="${percent(x)}" y="${percent(1 - y)}" class="at"><use href="#mark-${shape}"/></svg>`

const shapeKey = (shape: string, label: string): Markup =>
  html`<span class="key"><svg class="swatch" width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true"><use href="#mark-${shape}"/></svg>${label}</span>`

const LEGEND = html`<p class="legend">${shapeKey('long', 'long entry')}${shapeKey('short', 'short entry')}${shapeKey('won', 'exit with a profit')}${shapeKey('lost', 'exit with a loss')}</p>`

type PriceColumns = {
  readonly timeMs: Float64Array
  readonly close: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  /** Whether highs or lows were given. */
  readonly ranges: boolean
}

/** The part of the prices that lies in the period; null when there is none. */
function inPeriod(prices: ReportPrices | null, { fromMs, toMs }: TimeAxis): PriceColumns | null {
  if (prices === null) return null
  const { timeMs, values: close } = timedColumn('prices', prices.timeMs, asColumn(prices.priceE8))
  const high = timedColumn('highs', timeMs, asColumn(prices.highE8 ?? close)).values
  const low = timedColumn('lows', timeMs, asColumn(prices.lowE8 ?? close)).values
  const after = timeMs.findIndex(time => time >= fromMs)
  const last = timeMs.findLastIndex(time => time <= toMs)
  if (after < 0 || last < after) return null
  const cut = (column: Float64Array) => column.subarray(after, last + 1)
  return {
    timeMs: cut(timeMs),
    close: cut(close),
    high: cut(high),
    low: cut(low),
    ranges: high !== close || low !== close,
  }
}

/** Lowest low to highest high of each stretch of the axis, about the closes of it. */
function band({ timeMs, high, low, ranges }: PriceColumns, axis: TimeAxis, amounts: ValueAxis): Markup {
  if (!ranges) return EMPTY
  // Two bars at least, so that no stretch is empty where bars are even.
  const stretches = Math.min(BAND_STRETCHES, Math.max(1, Math.floor(timeMs.length / 2)))
  const tops = new Float64Array(stretches).fill(Number.NEGATIVE_INFINITY)
  const bottoms = new Float64Array(stretches).fill(Number.POSITIVE_INFINITY)
  for (let i = 0; i < timeMs.length; i++) {
    const stretch = Math.min(stretches - 1, Math.floor(axis.at(timeMs[i] ?? 0) * stretches))
    tops[stretch] = Math.max(tops[stretch] ?? 0, high[i] ?? 0)
    bottoms[stretch] = Math.min(bottoms[stretch] ?? 0, low[i] ?? 0)
  }
  let path = ''
  for (let stretch = 0; stretch < stretches; stretch++) {
    const [top = 0, bottom = 0] = [tops[stretch], bottoms[stretch]]
    if (top < bottom) continue
    const [left, right] = [stretch / stretches, (stretch + 1) / stretches]
    path += boxPath(left, right, amounts.at(bottom / 1e8), amounts.at(top / 1e8))
  }
  return html`<path class="band" d="${path}"/>`
}

function trips(trades: readonly Trade[], axis: TimeAxis, y: (priceE8: bigint) => number): string {
  return trades
    .map(trade =>
      segmentPath(axis.at(trade.entryMs), y(trade.entryPriceE8), axis.at(trade.exitMs), y(trade.exitPriceE8)),
    )
    .join('')
}

function markedTrades(trades: readonly Trade[]): readonly Trade[] {
  if (trades.length <= MARKED_TRADES) return trades
  const size = ({ pnlE8 }: Trade) => Math.abs(Number(pnlE8))
  return trades.toSorted((a, b) => size(b) - size(a)).slice(0, MARKED_TRADES)
}

/** Trades with the prices of their first and last fill in place of the averages, so that the marks lie on the curve. */
function atTheirFills(trades: readonly Trade[], fills: readonly BacktestFill[]): Trade[] {
  const prices = new Map(fills.map(({ timeMs, side, priceE8 }) => [`${timeMs} ${side}`, priceE8]))
  return trades.map(trade => {
    const [entrySide, exitSide] = trade.direction === 'long' ? ['buy', 'sell'] : ['sell', 'buy']
    return {
      ...trade,
      entryPriceE8: prices.get(`${trade.entryMs} ${entrySide}`) ?? trade.entryPriceE8,
      exitPriceE8: prices.get(`${trade.exitMs} ${exitSide}`) ?? trade.exitPriceE8,
    }
  })
}

/** The position at each time, after the fills up to it. */
function positions({ fills, decimals }: ReportMarket, timeMs: Float64Array): string[] {
  let next = 0
  let held = 0n
  return Array.from(timeMs, time => {
    for (let fill = fills[next]; fill !== undefined && fill.timeMs <= time; fill = fills[++next])
      held += fill.side === 'buy' ? fill.quantity : -fill.quantity
    return held === 0n ? 'flat' : positionText(held, decimals)
  })
}

const positionText = (held: bigint, decimals: number): string =>
  `${held > 0n ? 'long' : 'short'} ${quantityText(held > 0n ? held : -held, decimals)}`

function note({ trades, decimals }: ReportMarket, marked: number, held: bigint, log: boolean): string {
  const which =
    marked === trades.length
      ? ''
      : ` The ${marked} largest profits and losses of ${countText(trades.length)} trades are marked.`
  const open = held === 0n ? '' : ` Open at the end: ${positionText(held, decimals)}, by the fills.`
  return `Closing prices${log ? ', on a logarithmic scale' : ''}; lines join the first and the last fill of a trade.${which}${open}`
}
