import { timeChart } from './chartFrame.ts'
import { boxPath } from './chartPaths.ts'
import { type ExposureColumns, meansOverTime } from './exposureColumns.ts'
import { html, type Markup } from './markup.ts'
import { formatValue } from './reportNumbers.ts'
import type { TimeAxis } from './timeAxis.ts'
import { linearAxis } from './valueAxis.ts'

/** Stretches of the time that are drawn. */
const STRETCHES = 240

/** Draws how much of the equity was in positions: long above zero, short below. */
export function exposureChart({ timeMs, long, short }: ExposureColumns, axis: TimeAxis): Markup {
  const longs = meansOverTime(timeMs, long, STRETCHES)
  const shorts = meansOverTime(timeMs, short, STRETCHES)
  const most = longs.reduce((a, b) => Math.max(a, b), 0)
  const least = -shorts.reduce((a, b) => Math.max(a, b), 0)
  if (most === 0 && least === 0)
    return html`<p class="empty">The fills left no position at any point of the equity.</p>`
  const shares = linearAxis(least, most, 'share', 4)
  const from = timeMs[0] ?? 0
  const width = ((timeMs.at(-1) ?? 0) - from) / STRETCHES
  const boxes = (values: Float64Array, sign: number) => {
    let path = ''
    // Adjoining stretches of one height are one box.
    for (let k = 0; k < STRETCHES; ) {
      const value = values[k] ?? 0
      let end = k + 1
      while (end < STRETCHES && values[end] === value) end++
      if (value > 0)
        path += boxPath(
          axis.at(from + k * width),
          axis.at(from + end * width),
          shares.at(0),
          shares.at(sign * value),
        )
      k = end
    }
    return path
  }
  const write = (values: Float64Array) => Array.from(values, value => formatValue(value, 'share'))
  return timeChart({
    axis,
    timeMs: Float64Array.from({ length: STRETCHES }, (_, k) => from + (k + 0.5) * width),
    readOuts: [
      { swatch: 'long', label: 'Long', values: write(longs) },
      { swatch: 'short', label: 'Short', values: write(shorts) },
    ],
    panels: [
      {
        title: 'Exposure',
        summary: `Positions as shares of equity; long up to ${formatValue(most, 'share')}, short up to ${formatValue(-least, 'share')}`,
        size: 'middle',
        ticks: shares.ticks,
        drawing: html`<path class="area long" d="${boxes(longs, 1)}"/><path class="area short" d="${boxes(shorts, -1)}"/>`,
      },
    ],
    note: `Value of positions as a share of equity, mean over each of ${STRETCHES} equal stretches of the time: long above zero, short below it.`,
  })
}
