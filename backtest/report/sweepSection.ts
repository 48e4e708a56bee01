import { quantile } from '../luck/index.ts'
import { plainChart } from './chartFrame.ts'
import { boxPath, percent } from './chartPaths.ts'
import { EMPTY, html, type Markup } from './markup.ts'
import type { ReportSweep } from './reportInput.ts'
import { countText, formatValue } from './reportNumbers.ts'
import { numberText, type SweepCell, type SweepGrid, sweepGrid } from './sweepGrid.ts'
import type { Tick } from './valueAxis.ts'

/** A larger grid is drawn without its numbers. */
const WRITTEN_COLUMNS = 14
const WRITTEN_ROWS = 30
const BEST_SHOWN = 10

/** Draws a sweep over two parameters as a heat map, and lists its best points. */
export function sweepSection(sweep: ReportSweep): Markup {
  const grid = sweepGrid(sweep)
  const means = grid.cells.flat().flatMap(cell => (cell === null ? [] : [cell.mean]))
  if (means.length === 0)
    return html`<p class="empty">None of the ${countText(sweep.points.length)} points of the sweep has a value.</p>`
  const shades = shadesOf(means, sweep.least === true)
  const small = grid.xs.length <= WRITTEN_COLUMNS && grid.ys.length <= WRITTEN_ROWS
  return html`<p>${summary(sweep, means)}</p>
<div class="${small ? 'beside' : 'beside drawn'}"><div>${small ? writtenMap(sweep, grid, shades) : drawnMap(sweep, grid, shades)}
<p class="legend">${shades.legend.map(({ look, text }) => html`<span class="key"><i class="shade ${look}"></i>${text(sweep)}</span>`)}</p></div>
${bestPoints(sweep)}</div>`
}

type Shades = {
  of(value: number): string
  readonly legend: readonly { look: string; text: (sweep: ReportSweep) => string }[]
}

/**
 * Four shades on each side of zero; where all values lie on one side, the four divide their range. The darkest is furthest
 * from zero, but where the least is sought of positive ones.
 */
function shadesOf(means: readonly number[], least: boolean): Shades {
  const low = Math.min(...means)
  const high = Math.max(...means)
  const crosses = low < 0 && high > 0
  const scale = Math.max(Math.abs(low), Math.abs(high))
  const levels = [1, 2, 3, 4]
  const range = (look: string, from: number, to: number) => ({
    look,
    text: ({ valueUnit }: ReportSweep) => `${formatValue(from, valueUnit)} to ${formatValue(to, valueUnit)}`,
  })
  if (crosses)
    return {
      of: value =>
        value === 0
          ? 'flat'
          : `${value > 0 ? 'up' : 'down'}${Math.min(4, Math.ceil((Math.abs(value) / scale) * 4))}`,
      legend: [
        ...levels
          .toReversed()
          .map(level => range(`down${level}`, (-level / 4) * scale, ((1 - level) / 4) * scale)),
        ...levels.map(level => range(`up${level}`, ((level - 1) / 4) * scale, (level / 4) * scale)),
      ],
    }
  const side = low < 0 ? 'down' : 'up'
  const [near, far] = low < 0 || least ? [high, low] : [low, high]
  const step = (far - near) / 4
  return {
    of: value =>
      step === 0 ? `${side}2` : `${side}${Math.min(4, Math.max(1, Math.ceil((value - near) / step)))}`,
    legend:
      step === 0
        ? [range(`${side}2`, near, near)]
        : levels.map(level => range(`${side}${level}`, near + (level - 1) * step, near + level * step)),
  }
}

function summary({ points, valueLabel, valueUnit }: ReportSweep, means: readonly number[]): string {
  const values = Float64Array.from(
    points.flatMap(({ value }) => (value === null || !Number.isFinite(value) ? [] : [value])),
  ).toSorted()
  const above = values.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0)
  const failed = points.length - values.length
  const averaged = means.length < values.length ? ' A cell is the mean of its points.' : ''
  return `${countText(points.length)} points. ${valueLabel}: median ${formatValue(quantile(values, 0.5), valueUnit)}, from ${formatValue(values[0] ?? null, valueUnit)} to ${formatValue(values.at(-1) ?? null, valueUnit)}; above zero in ${countText(above)}${failed === 0 ? '' : `, without a value in ${countText(failed)}`}. A single peak among poor neighbours is likely to be chance.${averaged}`
}

function writtenMap(sweep: ReportSweep, { xs, ys, cells, chosen }: SweepGrid, shades: Shades): Markup {
  const rows = ys.map((_, index) => ys.length - 1 - index)
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Sweep"><table class="map">
<caption><span>${sweep.valueLabel} by ${sweep.xLabel} (across) and ${sweep.yLabel} (down)${chosen === null ? '' : '; this run is outlined'}</span></caption>
<thead><tr><th scope="col">${sweep.yLabel} \\ ${sweep.xLabel}</th>${xs.map(x => html`<th scope="col">${x}</th>`)}</tr></thead>
<tbody>${rows.map(
    row =>
      html`<tr><th scope="row">${ys[row] ?? ''}</th>${(cells[row] ?? []).map((cell, column) =>
        mapCell(cell, sweep, shades, chosen !== null && chosen[0] === column && chosen[1] === row),
      )}</tr>`,
  )}</tbody></table></div>`
}

function mapCell(
  cell: SweepCell | null,
  { valueUnit }: ReportSweep,
  shades: Shades,
  chosen: boolean,
): Markup {
  if (cell === null) return html`<td class="flat">–</td>`
  return html`<td class="${shades.of(cell.mean)}${chosen ? ' chosen' : ''}">${formatValue(cell.mean, valueUnit)}</td>`
}

function drawnMap(sweep: ReportSweep, { xs, ys, cells, chosen }: SweepGrid, shades: Shades): Markup {
  const paths = new Map<string, string>()
  for (const [row, line] of cells.entries())
    for (const [column, cell] of line.entries()) {
      if (cell === null) continue
      const look = shades.of(cell.mean)
      // Cells below zero are smaller, so that the sign shows without colour.
      const inset = cell.mean < 0 ? 0.2 : 0.02
      const box = boxPath(
        (column + inset) / xs.length,
        (column + 1 - inset) / xs.length,
        (row + inset) / ys.length,
        (row + 1 - inset) / ys.length,
      )
      paths.set(look, (paths.get(look) ?? '') + box)
    }
  const outline =
    chosen === null
      ? EMPTY
      : html`<rect class="chosen" x="${percent(chosen[0] / xs.length)}" y="${percent(1 - (chosen[1] + 1) / ys.length)}" width="${percent(1 / xs.length)}" height="${percent(1 / ys.length)}"/>`
  return plainChart(
    {
      title: `${sweep.valueLabel} by ${sweep.xLabel} and ${sweep.yLabel}`,
      summary: `A grid of ${xs.length} by ${ys.length}; the best points are listed below`,
      size: 'tall',
      ticks: thinned(ys, 8),
      drawing: html`${[...paths].map(([look, path]) => html`<path class="shade ${look}" d="${path}"/>`)}`,
      marks: outline,
    },
    thinned(xs, 10),
    `${sweep.xLabel} across, ${sweep.yLabel} up. Small squares are below zero${chosen === null ? '' : '; the outlined one is this run'}.`,
  )
}

/** Labels at the middles of cells, few enough to be read. */
function thinned(labels: readonly string[], most: number): Tick[] {
  const step = Math.ceil(labels.length / most)
  return labels.flatMap((label, k) => (k % step === 0 ? [{ at: (k + 0.5) / labels.length, label }] : []))
}

function bestPoints({ points, xLabel, yLabel, valueLabel, valueUnit, least = false }: ReportSweep): Markup {
  const best = points
    .flatMap(({ x, y, value }) => (value === null || !Number.isFinite(value) ? [] : [{ x, y, value }]))
    .sort((a, b) => (least ? a.value - b.value : b.value - a.value))
    .slice(0, BEST_SHOWN)
  const text = (value: number | string) => (typeof value === 'number' ? numberText(value) : value)
  return html`<table class="list"><caption>The best ${best.length} points</caption>
<thead><tr><th scope="col">${xLabel}</th><th scope="col">${yLabel}</th><th scope="col" class="num">${valueLabel}</th></tr></thead>
<tbody>${best.map(
    ({ x, y, value }) =>
      html`<tr><td>${text(x)}</td><td>${text(y)}</td><td class="num">${formatValue(value, valueUnit)}</td></tr>`,
  )}</tbody></table>`
}
