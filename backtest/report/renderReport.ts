import { InvalidInputError } from '../../core/index.ts'
import { periodReturns } from '../statisticsPeriods.ts'
import { assumptionsSection, provenanceSection } from './assumptionsSection.ts'
import { CONTENT_SECURITY_POLICY } from './contentSecurityPolicy.ts'
import { distribution } from './distributionSection.ts'
import { equityChart } from './equityChart.ts'
import { equityColumns } from './equityColumns.ts'
import { exposureChart } from './exposureChart.ts'
import { exposureColumns, givenExposure } from './exposureColumns.ts'
import { figuresSection } from './figuresSection.ts'
import { headline } from './headline.ts'
import { marketTrades, tradeReturn } from './marketTrades.ts'
import { type Content, EMPTY, html, type Markup, trusted } from './markup.ts'
import { monthlyReturns } from './monthlyReturns.ts'
import { monthlySection } from './monthlySection.ts'
import { MARK_SHAPES, priceChart } from './priceChart.ts'
import type { ReportInput, ReportMarket } from './reportInput.ts'
import { countText, dayText } from './reportNumbers.ts'
import { REPORT_SCRIPT } from './reportScript.ts'
import { REPORT_STYLE } from './reportStyle.ts'
import { wasPriced } from './rwaRequest.ts'
import { rwaRequestsSection } from './rwaRequestsSection.ts'
import { sweepSection } from './sweepSection.ts'
import { tiles } from './tiles.ts'
import { timeAxis } from './timeAxis.ts'
import { tradesSection } from './tradesSection.ts'
import { trialsSection } from './trialsSection.ts'

/** Points of the price line, shared by all instruments, and instruments that have a chart. */
const PRICE_POINTS = 2_400
const MOST_PRICE_CHARTS = 12

/** Keeps dates and shares of a sentence on one line. */
const unbroken = (sentence: string): Content =>
  sentence
    .split(/(\d{4}-\d{2}-\d{2}|-?[\d,.]+ %)/)
    .map((part, index) => (index % 2 === 1 ? html`<span class="whole">${part}</span>` : part))

type Section = { readonly id: string; readonly title: string; readonly body: Markup }

/**
 * Writes the report of a backtest as one HTML file that needs nothing else: no network, no font, no library, and
 * no script for what it says. The same input gives the same file.
 *
 * @throws InvalidInputError when there is no equity, or a series is ragged, not finite or goes back in time.
 */
export function renderReport(input: ReportInput): string {
  if (input.equity.timeMs.length === 0)
    throw new InvalidInputError(`The run of "${input.agent}" has no equity to report.`, {
      facts: { agent: input.agent },
      hint: 'Run the backtest over at least one event that prices the instrument.',
    })
  const sections = sectionsOf(input)
  const { lead, details, costs, luck } = headline(input)
  const instruments = input.markets.map(({ instrument }) => instrument).join(', ')
  return `${
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">
<meta name="generator" content="${input.software}">
<title>${input.agent}: backtest ${periodOf(input)}</title>
<style>${trusted(REPORT_STYLE)}</style>
</head>
<body>
${MARK_SHAPES}
<main>
<header>
<p class="brand">Backtest report</p>
<h1><bdi>${input.agent}</bdi></h1>
<p class="details"><bdi>${instruments}</bdi> · ${periodOf(input)} · ${input.currency}</p>
<div class="top"><div><p class="lead">${unbroken(lead)}</p>
<p class="details">${unbroken(details.join(' '))}</p>${
      costs.length === 0
        ? EMPTY
        : html`
<h2>After these costs</h2><ul class="costs">${costs.map(({ label, value }) => html`<li><b>${label}</b>: ${value}</li>`)}</ul>`
    }</div>
<div class="luck"><h2>How much may be luck</h2>${luck.map(sentence => html`<p>${unbroken(sentence)}</p>`)}</div></div>
${tiles(input.statistics, input.luck)}
<nav aria-label="Sections"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
</header>
${sections.map(
  ({ id, title, body }) => html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${body}</section>`,
)}
<footer>A backtest is a simulation on past data: it fills orders by rules, not in a market, and says nothing certain about the future. Times are UTC. Written by ${input.software}.</footer>
</main>
<script>${trusted(REPORT_SCRIPT)}</script>
</body>
</html>`.text
  }\n`
}

const periodOf = ({ equity: { timeMs } }: ReportInput): string =>
  `${dayText(timeMs[0] ?? 0)} to ${dayText(timeMs[timeMs.length - 1] ?? 0)}`

function sectionsOf(input: ReportInput): Section[] {
  const { currency, markets, statistics, luck } = input
  const columns = equityColumns(input)
  const { timeMs, equityE8 } = columns
  const axis = timeAxis(timeMs[0] ?? 0, timeMs.at(-1) ?? 0)
  const exposure =
    input.exposure === undefined ? exposureColumns(markets, timeMs, equityE8) : givenExposure(input.exposure)
  const sections: Section[] = [
    {
      id: 'equity',
      title: 'Equity and drawdown',
      body: equityChart(columns, axis, { currency, benchmark: input.benchmark?.label ?? null }),
    },
    { id: 'prices', title: 'Price and trades', body: priceCharts(input, axis) },
    { id: 'months', title: 'Monthly returns', body: monthlySection(monthlyReturns(timeMs, equityE8)) },
    { id: 'exposure', title: 'Exposure', body: html`${exposureChart(exposure, axis)}${unseenShares(input)}` },
    { id: 'distribution', title: 'Distribution', body: distributions(input, timeMs, equityE8) },
    { id: 'figures', title: 'All figures', body: figuresSection(statistics, luck) },
    { id: 'trades', title: 'Trades', body: tradesSection(markets, currency) },
  ]
  if (input.rwaRequests !== undefined)
    sections.push({
      id: 'requests',
      title: 'Subscriptions and redemptions',
      body: rwaRequestsSection(input.rwaRequests, currency),
    })
  if (input.sweep !== null) sections.push({ id: 'sweep', title: 'Sweep', body: sweepSection(input.sweep) })
  if (input.trials !== null)
    sections.push({
      id: 'trials',
      title: 'Trial ledger',
      body: trialsSection(input.trials, input.hashes.configuration, luck),
    })
  sections.push(
    { id: 'assumptions', title: 'Assumptions', body: assumptionsSection(input) },
    { id: 'provenance', title: 'What was run', body: provenanceSection(input) },
  )
  return sections
}

/** Says what an exposure that was computed from fills cannot know. */
const unseenShares = ({ exposure, rwaRequests = [] }: ReportInput): Markup =>
  exposure === undefined && rwaRequests.some(wasPriced)
    ? html`<p class="note">Computed from the fills: shares that were subscribed or redeemed are not in it.</p>`
    : EMPTY

function priceCharts(input: ReportInput, axis: ReturnType<typeof timeAxis>): Markup {
  const { markets, rwaRequests = [] } = input
  // Of many instruments those that were traded most.
  const shown = new Set(
    markets.toSorted((a, b) => b.fills.length - a.fills.length).slice(0, MOST_PRICE_CHARTS),
  )
  const points = Math.max(100, Math.floor(Math.min(900, PRICE_POINTS / shown.size)))
  const left = markets.length - shown.size
  const heading = (market: ReportMarket): Content =>
    markets.length > 1 ? html`<h3><bdi>${market.instrument}</bdi></h3>` : EMPTY
  return html`${markets
    .filter(market => shown.has(market))
    .map(market => [
      heading(market),
      // Shares that came by subscription are in no fill.
      priceChart(market, axis, {
        points,
        position: rwaRequests.some(wasPriced) ? 'Bought less sold' : 'Position',
      }),
    ])}${left === 0 ? EMPTY : html`<p class="note">${countText(left)} instruments that were traded less have no chart.</p>`}`
}

function distributions(
  { conventions = {}, markets }: ReportInput,
  timeMs: Float64Array,
  equityE8: Float64Array,
): Markup {
  const { returns } = periodReturns(timeMs, equityE8, conventions)
  const daily = conventions.returns !== 'bar'
  const trades = Float64Array.from(
    marketTrades(markets).flatMap(trade => {
      const value = tradeReturn(trade)
      return value === null ? [] : [value]
    }),
  )
  return html`<div class="two"><div>${distribution(returns, {
    title: daily ? 'Daily returns' : 'Returns of bars',
    what: daily ? 'daily returns' : 'returns',
    empty: 'No return differs from zero.',
  })}</div><div>${distribution(trades, {
    title: 'Returns of trades',
    what: 'closed trades, profit after fees / value at entry',
    empty: 'No trade was closed with a profit or a loss.',
  })}</div></div>`
}
