import { plainChart } from './chartFrame.ts'
import { boxPath, segmentPath } from './chartPaths.ts'
import { histogram } from './histogram.ts'
import { html, type Markup } from './markup.ts'
import { countText, signedShare } from './reportNumbers.ts'
import { linearAxis } from './valueAxis.ts'

/**
 * Draws how many values lie in each range: losses left of zero, gains right of it. What is exactly zero (a day
 * without a position) is neither, and is counted in words.
 */
export function distribution(
  values: Float64Array,
  { title, what, empty }: { title: string; what: string; empty: string },
): Markup {
  const bins = histogram(values.filter(value => value !== 0))
  if (bins === null) return html`<h3>${title}</h3><p class="empty">${empty}</p>`
  const { from, width, counts, below, above } = bins
  const end = from + counts.length * width
  const across = linearAxis(from, end, 'share', 5)
  const most = Math.max(...counts)
  const heights = linearAxis(0, most, 'amount', 3)
  const gap = 0.08 * width
  const boxes = (side: 'up' | 'down') =>
    counts
      .map((count, k) => {
        const left = from + k * width
        if (count === 0 || left + width / 2 > 0 !== (side === 'up')) return ''
        return boxPath(across.at(left + gap), across.at(left + width - gap), 0, heights.at(count))
      })
      .join('')
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const gains = values.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0)
  const losses = values.reduce((sum, value) => sum + (value < 0 ? 1 : 0), 0)
  const beyond =
    below + above === 0
      ? ''
      : ` The outermost bars also count what lies beyond them: ${countText(below)} below, ${countText(above)} above.`
  const zeros = values.length - gains - losses
  const summary = `${countText(values.length)} ${what}: ${countText(gains)} above zero, ${countText(losses)} below, ${countText(zeros)} zero${zeros === 0 ? '' : ' (not drawn)'}; mean ${signedShare(mean)}`
  return html`<h3>${title}</h3>${plainChart(
    {
      title,
      summary,
      size: 'middle',
      ticks: wholeOnly(heights.ticks),
      drawing: html`<path class="bar down" d="${boxes('down')}"/><path class="bar up" d="${boxes('up')}"/>
<path class="line zero" d="${segmentPath(across.at(0), 0, across.at(0), 1)}"/><path class="line mean" d="${segmentPath(across.at(mean), 0, across.at(mean), 1)}"/>`,
    },
    across.ticks,
    `${summary} (dashed).${beyond}`,
  )}`
}

/** Counts have no marks between whole numbers. */
const wholeOnly = (ticks: readonly { at: number; label: string }[]) =>
  ticks.filter(({ label }) => /^[\d]+$|[kMBT]$/.test(label))
