import type { Figure } from '../statisticsFigure.ts'
import { plainChart } from './chartFrame.ts'
import { linePath, percent, segmentPath } from './chartPaths.ts'
import { EMPTY, html, type Markup } from './markup.ts'
import type { ReportTrial } from './reportInput.ts'
import { countText, formatValue, shortHash } from './reportNumbers.ts'
import { timeCell } from './timeCell.ts'
import { countAxis, linearAxis } from './valueAxis.ts'

/** Trials drawn as dots; of more, every second, third … is. */
const MOST_DOTS = 4_000
const BEST_SHOWN = 10

type Ranked = { readonly number: number; readonly sharpe: number; readonly trial: ReportTrial }

/** Draws the Sharpe ratios of all trials in their order, and lists the best. */
export function trialsSection(
  trials: readonly ReportTrial[],
  thisConfiguration: string,
  luck: readonly Figure[],
): Markup {
  const configurations = new Set(trials.map(({ configurationHash }) => configurationHash)).size
  const ranked = trials.flatMap((trial, index): Ranked[] =>
    trial.sharpe === null || !Number.isFinite(trial.sharpe)
      ? []
      : [{ number: index + 1, sharpe: trial.sharpe, trial }],
  )
  // Of several runs of one configuration the last is the one that is reported.
  const own = trials.findLastIndex(({ configurationHash }) => configurationHash === thisConfiguration)
  const counted = Number(luck.find(({ name }) => name === 'trials')?.value ?? trials.length)
  const repeats =
    counted === trials.length
      ? ''
      : ` A configuration that was run again on the same data and period is one trial, which makes ${countText(counted)}.`
  const count = `The ledger holds ${countText(trials.length)} ${trials.length === 1 ? 'run' : 'runs'} of ${countText(configurations)} ${configurations === 1 ? 'configuration' : 'configurations'}.${repeats}`
  if (ranked.length === 0) return html`<p>${count} None has a Sharpe ratio.</p>`
  const byLuck = Number(luck.find(({ name }) => name === 'expectedMaximumSharpe')?.value ?? Number.NaN)
  const isThis = ({ number }: Ranked) => number === own + 1
  return html`<p>${count} Choosing the best of many makes even worthless strategies look good; the deflated Sharpe ratio takes their number into account.</p>
${ranked.length < 2 ? EMPTY : dots(ranked, trials.length, byLuck, ranked.find(isThis))}
${bestTrials(ranked, isThis)}`
}

function dots(ranked: readonly Ranked[], count: number, byLuck: number, thisRun: Ranked | undefined): Markup {
  const values = ranked.map(({ sharpe }) => sharpe)
  const bounds = Number.isFinite(byLuck) ? [...values, byLuck, 0] : [...values, 0]
  const low = bounds.reduce((a, b) => Math.min(a, b))
  const high = bounds.reduce((a, b) => Math.max(a, b))
  const up = linearAxis(low, high, 'amount', 5)
  const across = countAxis(count)
  const stride = Math.ceil(ranked.length / MOST_DOTS)
  const drawn = ranked.filter((_, index) => index % stride === 0)
  const path = drawn
    .map(
      ({ number, sharpe }) =>
        `${segmentPath(across.at(number), up.at(sharpe), across.at(number), up.at(sharpe))}`,
    )
    .join('')
  const best = runningBest(ranked)
  const steps = best.flatMap((point, index) => {
    const before = best[index - 1]
    return before === undefined ? [point] : [{ number: point.number, sharpe: before.sharpe }, point]
  })
  const last = best.at(-1)
  if (last !== undefined) steps.push({ number: count, sharpe: last.sharpe })
  const line = linePath({
    count: steps.length,
    x: k => across.at(steps[k]?.number ?? 0),
    y: k => up.at(steps[k]?.sharpe ?? 0),
  })
  const luckLine = Number.isFinite(byLuck)
    ? html`<path class="line luck" d="${segmentPath(0, up.at(byLuck), 1, up.at(byLuck))}"/>`
    : EMPTY
  const legend = html`<p class="legend"><span class="key"><svg class="swatch" width="14" height="12" aria-hidden="true"><path class="dots" d="M7 6h0"/></svg>trial</span><span class="key"><svg class="swatch" width="18" height="12" aria-hidden="true"><path class="line best" d="M0 6H18"/></svg>best so far</span>${
    Number.isFinite(byLuck)
      ? html`<span class="key"><svg class="swatch" width="18" height="12" aria-hidden="true"><path class="line luck" d="M0 6H18"/></svg>expected of the best by luck alone: ${formatValue(byLuck, 'ratio')}</span>`
      : ''
  }${thisRun === undefined ? '' : html`<span class="key"><svg class="swatch" width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true"><path class="mark this" d="M0 -6 6 0 0 6 -6 0Z"/></svg>this run</span>`}</p>`
  return plainChart(
    {
      title: 'Sharpe ratios of all trials',
      summary: `${countText(ranked.length)} trials, from ${formatValue(low, 'ratio')} to ${formatValue(high, 'ratio')}`,
      size: 'middle',
      ticks: up.ticks,
      drawing: html`<path class="${drawn.length > 500 ? 'dots many' : 'dots'}" d="${path}"/><path class="line best" d="${line}"/>${luckLine}`,
      marks:
        thisRun === undefined
          ? EMPTY
          : html`<svg class="at" x="${percent(across.at(thisRun.number))}" y="${percent(1 - up.at(thisRun.sharpe))}"><path class="mark this" d="M0 -6 6 0 0 6 -6 0Z"/></svg>`,
    },
    across.ticks,
    'Annualised Sharpe ratio of each trial, in the order in which they were run.',
    legend,
  )
}

function runningBest(ranked: readonly Ranked[]): { number: number; sharpe: number }[] {
  const found: { number: number; sharpe: number }[] = []
  let best = Number.NEGATIVE_INFINITY
  for (const { number, sharpe } of ranked)
    if (sharpe > best) {
      best = sharpe
      found.push({ number, sharpe })
    }
  return found
}

function bestTrials(ranked: readonly Ranked[], isThis: (trial: Ranked) => boolean): Markup {
  const sorted = ranked.toSorted((a, b) => b.sharpe - a.sharpe)
  const shown = sorted.slice(0, BEST_SHOWN)
  const own = sorted.findIndex(isThis)
  if (own >= BEST_SHOWN) shown.push(...sorted.slice(own, own + 1))
  return html`<table class="list"><caption>${shown.length === ranked.length ? 'All runs' : `The best ${BEST_SHOWN} of ${countText(ranked.length)} runs${own >= BEST_SHOWN ? ', and this run' : ''}`}, by Sharpe ratio</caption>
<thead><tr><th scope="col">Rank</th><th scope="col">Configuration</th><th scope="col">Run at (UTC)</th><th scope="col" class="num">Sharpe</th></tr></thead>
<tbody>${shown.map(
    entry =>
      html`<tr${isThis(entry) ? html` class="this"` : EMPTY}><td>${countText(sorted.indexOf(entry) + 1)}</td><td><code title="${entry.trial.configurationHash}">${shortHash(entry.trial.configurationHash)}</code>${isThis(entry) ? html` <span class="whole">◆ this run</span>` : ''}</td>${timeCell(entry.trial.timeMs)}<td class="num">${formatValue(entry.sharpe, 'ratio')}</td></tr>`,
  )}</tbody></table>`
}
