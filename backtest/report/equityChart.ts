import { type ReadOut, timeChart } from './chartFrame.ts'
import { areaPath, type Curve, linePath } from './chartPaths.ts'
import { downSample, extremes, mergeIndices } from './downSample.ts'
import type { EquityColumns } from './equityColumns.ts'
import { html, type Markup } from './markup.ts'
import { cashText, dayText, formatValue } from './reportNumbers.ts'
import type { TimeAxis } from './timeAxis.ts'
import { amountAxis, linearAxis } from './valueAxis.ts'

/** Points of the equity that are drawn, and of the other curves; the extremes are always among them. */
const EQUITY_POINTS = 700
const OTHER_POINTS = 300

/** What the axis of the drawdown spans at least. */
const LEAST_DEPTH = 0.001

/** Draws the equity with its benchmark, and the drawdown below it, over one axis of time. */
export function equityChart(
  columns: EquityColumns,
  axis: TimeAxis,
  labels: { currency: string; benchmark: string | null },
): Markup {
  const { timeMs, equityE8, drawdown, benchmarkE8 } = columns
  const from = benchmarkE8 === null ? timeMs.length : benchmarkE8.findIndex(value => !Number.isNaN(value))
  const benchmark = benchmarkE8?.subarray(from) ?? new Float64Array(0)
  const [lowest, highest] = extremes(equityE8)
  const [deepest] = extremes(drawdown)
  const chosen = mergeIndices(
    timeMs.length,
    downSample(timeMs, equityE8, EQUITY_POINTS),
    downSample(timeMs, drawdown, OTHER_POINTS),
    downSample(timeMs.subarray(from), benchmark, OTHER_POINTS).map(index => index + from),
    [lowest, highest, deepest],
  )
  const at = (column: Float64Array, k: number) => column[chosen[k] ?? 0] ?? 0
  const x = (k: number) => axis.at(at(timeMs, k))
  const units = (value: number) => value / 1e8
  const [benchmarkLow, benchmarkHigh] = benchmark.length === 0 ? [0, 0] : extremes(benchmark)
  const amounts = amountAxis(
    units(Math.min(equityE8[lowest] ?? 0, benchmark[benchmarkLow] ?? Number.POSITIVE_INFINITY)),
    units(Math.max(equityE8[highest] ?? 0, benchmark[benchmarkHigh] ?? Number.NEGATIVE_INFINITY)),
  )
  const depths = linearAxis(Math.min(drawdown[deepest] ?? 0, -LEAST_DEPTH), 0, 'share', 3)
  const curve = (column: Float64Array, y: (value: number) => number): Curve => ({
    count: chosen.length,
    x,
    y: k => y(at(column, k)),
  })
  const equityCurve = curve(equityE8, value => amounts.at(units(value)))
  const depthCurve = curve(drawdown, depths.at)
  const first = chosen.findIndex(index => index >= from)
  const benchmarkCurve: Curve = {
    count: first < 0 ? 0 : chosen.length - first,
    x: k => x(k + first),
    y: k => amounts.at(units(at(benchmarkE8 ?? equityE8, k + first))),
  }
  const texts = (write: (index: number) => string) => Array.from(chosen, write)
  const readOuts: ReadOut[] = [
    { swatch: 'main', label: 'Equity', values: texts(index => cashText(equityE8[index] ?? 0)) },
  ]
  if (benchmarkE8 !== null)
    readOuts.push({
      swatch: 'benchmark',
      label: labels.benchmark ?? 'Benchmark',
      values: texts(index => cashText(benchmarkE8[index] ?? Number.NaN)),
    })
  readOuts.push({
    swatch: 'drawdown',
    label: 'Drawdown',
    values: texts(index => formatValue(drawdown[index] ?? 0, 'share')),
  })
  return timeChart({
    axis,
    timeMs: Float64Array.from(chosen, index => timeMs[index] ?? 0),
    readOuts,
    panels: [
      {
        title: `Equity in ${labels.currency}${benchmarkE8 === null ? '' : ', and the benchmark'}`,
        summary: `From ${cashText(equityE8[0] ?? 0)} to ${cashText(equityE8.at(-1) ?? 0)}; lowest ${cashText(equityE8[lowest] ?? 0)} on ${dayText(timeMs[lowest] ?? 0)}, highest ${cashText(equityE8[highest] ?? 0)} on ${dayText(timeMs[highest] ?? 0)}`,
        size: 'tall',
        ticks: amounts.ticks,
        drawing: html`<path class="line benchmark" d="${linePath(benchmarkCurve)}"/><path class="line main" d="${linePath(equityCurve)}"/>`,
      },
      {
        title: 'Drawdown',
        summary: `Share below the last peak; deepest ${formatValue(drawdown[deepest] ?? 0, 'share')} on ${dayText(timeMs[deepest] ?? 0)}`,
        size: 'low',
        ticks: depths.ticks,
        drawing: html`<path class="area drawdown" d="${areaPath(depthCurve, 1)}"/><path class="line drawdown" d="${linePath(depthCurve)}"/>`,
      },
    ],
    note: note(labels, benchmarkE8 !== null, amounts.log),
  })
}

function note(
  labels: { currency: string; benchmark: string | null },
  benchmark: boolean,
  log: boolean,
): string {
  const scale = log ? ', on a logarithmic scale' : ''
  const compared = benchmark
    ? ` ${labels.benchmark ?? 'The benchmark'} is rebased to the initial equity.`
    : ''
  return `Above: equity in ${labels.currency}${scale}, open positions at the last price.${compared} Below: share below the last peak. Times are UTC.`
}
