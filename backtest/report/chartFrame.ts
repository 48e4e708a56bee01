import { percent, VIEW_BOX } from './chartPaths.ts'
import { type Content, EMPTY, html, jsonBlock, type Markup } from './markup.ts'
import { minuteText } from './reportNumbers.ts'
import type { TimeAxis } from './timeAxis.ts'
import type { Tick } from './valueAxis.ts'

/** What a legend shows beside a name: the colour and the shape that it has in the chart. */
export type Swatch = 'main' | 'benchmark' | 'drawdown' | 'price' | 'long' | 'short' | 'none'

/** One box of curves; several may stand above each other over one horizontal axis. */
export type Panel = {
  /** What it shows, for those who do not see it. */
  readonly title: string
  readonly summary: string
  readonly size: 'tall' | 'middle' | 'low'
  readonly ticks: readonly Tick[]
  /** Stretched to the width of the page. */
  readonly drawing: Markup
  /** Not stretched; positions in per cent. */
  readonly marks?: Markup
  /** Positions of vertical lines. */
  readonly verticals?: readonly Tick[]
}

/** A value that the read-out shows at each of its points. */
export type ReadOut = {
  readonly swatch: Swatch
  readonly label: string
  readonly values: readonly string[]
}

/** A chart over time whose read-out follows the pointer; without a script it shows the last point. */
export function timeChart(options: {
  readonly axis: TimeAxis
  readonly panels: readonly Panel[]
  /** Points of the read-out, ascending. */
  readonly timeMs: ArrayLike<number>
  readonly readOuts: readonly ReadOut[]
  readonly note?: Content
  /** Stands between the read-out and the curves. */
  readonly legend?: Markup
}): Markup {
  const { axis, panels, timeMs, readOuts, note, legend = EMPTY } = options
  const last = timeMs.length - 1
  const data = {
    from: axis.fromMs,
    to: axis.toMs,
    t: Array.from(timeMs, time => Math.floor(time / 1000)),
    v: readOuts.map(({ values }) => values),
  }
  return html`<figure class="chart" data-chart>
<p class="readout"><time data-time>${minuteText(timeMs[last] ?? axis.toMs)}</time>${readOuts.map(
    ({ swatch, label, values }) =>
      html`<span class="key">${swatchOf(swatch)}${label} <b data-value style="min-width:${longest(values)}ch">${values[last] ?? ''}</b></span>`,
  )}</p>${legend}
${panels.map(panel => panelOf(panel, axis.ticks))}
${horizontalAxis(axis.ticks)}
${note === undefined ? EMPTY : html`<figcaption>${note}</figcaption>`}
<script type="application/json">${jsonBlock(data)}</script>
</figure>`
}

/** Keeps the read-out still while its values change. */
const longest = (values: readonly string[]): number =>
  values.reduce((most, { length }) => Math.max(most, length), 0)

/** A chart of one box that is not over time: a distribution, a map. */
export const plainChart = (
  panel: Panel,
  ticks: readonly Tick[],
  note: Content,
  legend: Content = '',
): Markup =>
  html`<figure class="chart">${legend}${panelOf(panel, panel.verticals ?? [])}
${horizontalAxis(ticks)}
<figcaption>${note}</figcaption></figure>`

function panelOf({ title, summary, size, ticks, drawing, marks = EMPTY }: Panel, verticals: readonly Tick[]) {
  return html`<div class="panel ${size}"><div class="y" aria-hidden="true">${ticks.map(
    ({ at, label }) => html`<span style="bottom:${percent(at)}">${label}</span>`,
  )}</div><div class="plot"><svg role="img" aria-label="${title}. ${summary}"><title>${title}</title><desc>${summary}</desc>
<g class="grid">${ticks.map(
    ({ at }) => html`<line x1="0" x2="100%" y1="${percent(1 - at)}" y2="${percent(1 - at)}"/>`,
  )}${verticals.map(({ at }) => html`<line x1="${percent(at)}" x2="${percent(at)}" y1="0" y2="100%"/>`)}</g>
<svg viewBox="${VIEW_BOX}" preserveAspectRatio="none" width="100%" height="100%">${drawing}</svg>${marks}</svg></div></div>`
}

/** Labels below a chart; every second one gives way on a narrow page, and those at the ends stay inside. */
function horizontalAxis(ticks: readonly Tick[]): Markup {
  // Zero is not the one to give way.
  const kept = Math.max(
    0,
    ticks.findIndex(({ label }) => /^0(\.0+)?( |$)/.test(label)),
  )
  return html`<div class="x" aria-hidden="true">${ticks.map(({ at, label }, index) => {
    const end = at < 0.04 ? ' first' : at > 0.96 ? ' last' : ''
    const minor = ticks.length > 3 && (index - kept) % 2 !== 0 ? ' minor' : ''
    return html`<span class="tick${end}${minor}" style="left:${percent(at)}">${label}</span>`
  })}</div>`
}

/** A small drawing of how something looks in a chart. */
export function swatchOf(swatch: Swatch): Markup {
  if (swatch === 'none') return EMPTY
  const shape =
    swatch === 'main' || swatch === 'price' || swatch === 'benchmark'
      ? html`<path class="line ${swatch}" d="M0 6H18"/>`
      : html`<path class="area ${swatch}" d="M1 2H17V10H1Z"/>`
  return html`<svg class="swatch" width="18" height="12" aria-hidden="true">${shape}</svg>`
}
