import { CONTENT_SECURITY_POLICY } from '../report/contentSecurityPolicy.ts'
import { equityChart } from '../report/equityChart.ts'
import { equityColumns } from '../report/equityColumns.ts'
import { figuresSection } from '../report/figuresSection.ts'
import { EMPTY, html, type Markup, trusted } from '../report/markup.ts'
import { monthlyReturns } from '../report/monthlyReturns.ts'
import { monthlySection } from '../report/monthlySection.ts'
import { countText, formatValue, shortHash, signedShare } from '../report/reportNumbers.ts'
import { REPORT_SCRIPT } from '../report/reportScript.ts'
import { REPORT_STYLE } from '../report/reportStyle.ts'
import { timeAxis } from '../report/timeAxis.ts'
import { describeStatistics } from '../statisticsDescription.ts'
import { countFaults } from './recordFault.ts'
import {
  anchoringSection,
  eventsSection,
  faultsSection,
  periodText,
  signalsSection,
} from './recordSections.ts'
import { shortSpan } from './shortSpan.ts'
import type { TrackRecord } from './trackRecord.ts'
import { type Verdict, verdictOf } from './verdict.ts'

const OWN_STYLE = `
.verdict{margin:1rem 0 0;padding:.7rem 1rem;background:var(--card);border:1px solid var(--line);border-left:4px solid rgb(var(--up));border-radius:.4rem}
.verdict.faulty{border-left-color:rgb(var(--down))}
.top .verdict h2{margin:.6rem 0 .2rem}.top .verdict h2:first-child{margin:0 0 .2rem}
.verdict ul{margin:.2rem 0;padding-left:1.1rem}.verdict li{margin:.25rem 0}
.badge{display:inline-block;margin:.8rem .5rem 0 0;padding:.15rem .7rem;border:1px solid rgb(var(--up));border-radius:1rem;color:rgb(var(--up));font-weight:600;font-size:.9rem}
.badge.faulty{border-color:rgb(var(--down));color:rgb(var(--down))}
h1 code{font-size:.62em}
.wide div{grid-template-columns:22rem 1fr}
pre{margin:.4rem 0;padding:.7rem .9rem;background:var(--card);border:1px solid var(--line);border-radius:.4rem;white-space:pre-wrap}
.keys code,.signals .num{white-space:normal}
.badge.late{border-color:var(--gold);color:var(--gold)}
@media screen and (max-width:46rem){.wide div{grid-template-columns:1fr}}
`

/** What `renderTrackRecord` says of itself. */
export type TrackRecordPage = {
  /** Name and version of the program. */
  readonly software: string
  /** Quote currency, as it is written after an amount; USD unless given. */
  readonly currency?: string
}

/** Writes a track record as one HTML file that needs nothing else. The same record gives the same file. */
export function renderTrackRecord(
  record: TrackRecord,
  { software, currency = 'USD' }: TrackRecordPage,
): string {
  const verdict = verdictOf(record)
  const sections = sectionsOf(record, currency)
  return `${
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">
<meta name="generator" content="${software}">
<title>Track record of ${record.agent}</title>
<style>${trusted(REPORT_STYLE + OWN_STYLE)}</style>
</head>
<body>
<main>
<header>
<p class="brand">Track record, rebuilt from the chain</p>
<h1>Agent <code title="${record.agent}">${record.agent}</code></h1>
<p class="details">${periodText(record)} · ${currency}</p>
<div class="top"><div>${badges(verdict, record)}
<p class="lead">${performanceOf(record)}</p>
<p>${verdict.lead}</p>
<p class="details">${luckOf(record)}</p></div>
<div class="verdict${verdict.isSound ? '' : ' faulty'}"><h2>What is proved</h2><ul>${verdict.proved.map(bullet)}</ul><h2>What is not</h2><ul>${verdict.unproved.map(bullet)}</ul></div></div>
${tilesOf(record)}
<nav aria-label="Sections"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
</header>
${sections.map(
  ({ id, title, body }) => html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${body}</section>`,
)}
<footer>Nothing on this page was taken from the agent’s operator: it follows from the chain and from bodies that hash to what the chain holds. Past results say nothing certain about the future. Times are UTC. Written by ${software}.</footer>
</main>
<script>${trusted(REPORT_SCRIPT)}</script>
</body>
</html>`.text
  }\n`
}

/** A point of a list; what stands between backticks is code. */
const bullet = (text: string): Markup =>
  html`<li>${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}</li>`

function badges({ isSound }: Verdict, { anchoring, decisions }: TrackRecord): Markup {
  const sound = isSound ? '✓ Sound: nothing is missing or changed' : '✕ Faults were found'
  const { late, lateAfterMs } = anchoring
  return html`<p><span class="badge${isSound ? '' : ' faulty'}">${sound}</span>${
    late === 0
      ? EMPTY
      : html` <span class="badge late">${formatValue(late / decisions.proved, 'share')} on the chain later than ${shortSpan(lateAfterMs)}</span>`
  }</p>`
}

function performanceOf({ statistics }: TrackRecord): string {
  if (statistics?.totalReturn === null || statistics?.totalReturn === undefined)
    return 'A return cannot be told from this record.'
  const { totalReturn, maxDrawdown } = statistics
  const size = formatValue(Math.abs(totalReturn), 'share')
  const depth = Math.abs(maxDrawdown ?? 0)
  const what = /[1-9]/.test(size)
    ? `The agent ${totalReturn > 0 ? 'gained' : 'lost'} ${size}`
    : 'The agent ended where it began'
  return `${what}; ${depth === 0 ? 'no valuation stood below an earlier one' : `at worst it stood ${formatValue(depth, 'share')} below its peak`}.`
}

function luckOf({ statistics, luck, models }: TrackRecord): string {
  const value = (name: string) => luck.find(figure => figure.name === name)?.value ?? null
  const deflated = value('deflatedSharpe')
  if (statistics === null) return ''
  const shown =
    models === 0
      ? 'The record shows no model.'
      : `The record shows ${countText(models)} ${models === 1 ? 'model' : 'models'}.`
  if ((statistics.totalReturn ?? 0) <= 0) return `There is no gain that luck would have to explain. ${shown}`
  if (deflated === null)
    return `Daily returns: ${countText(statistics.periods)}, too few, or too alike, to tell skill from luck. ${shown}`
  return `${shown} The probability that its true Sharpe ratio is above what luck gives the best of as many is ${formatValue(Number(deflated), 'share')}.`
}

function tilesOf({ statistics, signals, luck, faults, decisions }: TrackRecord): Markup {
  const share = (value: number | null | undefined) => formatValue(value ?? null, 'share')
  const directed = signals.horizons.reduce((sum, each) => sum + each.directed, 0)
  const hits = signals.horizons.reduce((sum, each) => sum + each.hits, 0)
  const deflated = luck.find(({ name }) => name === 'deflatedSharpe')?.value ?? null
  const tiles: readonly (readonly [string, string, string])[] = [
    [
      'Total return',
      signedShare(statistics?.totalReturn ?? null),
      `volatility ${share(statistics?.annualisedVolatility)}`,
    ],
    [
      'Sharpe ratio',
      formatValue(statistics?.sharpe ?? null, 'ratio'),
      `daily returns: ${countText(statistics?.periods ?? 0)}`,
    ],
    ['Deflated Sharpe', share(deflated === null ? null : Number(deflated)), 'by models on record'],
    ['Max drawdown', share(statistics?.maxDrawdown), 'at the valuations'],
    ['Signals right', share(directed === 0 ? null : hits / directed), `of ${countText(directed)} settled`],
    [
      'Faults',
      countText(countFaults(faults)),
      `${countText(decisions.proved)} of ${countText(decisions.anchored)} proved`,
    ],
  ]
  return html`<dl class="tiles">${tiles.map(
    ([label, value, aside]) =>
      html`<div><dt>${label}</dt><dd class="value">${value}</dd><dd class="aside">${aside}</dd></div>`,
  )}</dl>`
}

type Section = { readonly id: string; readonly title: string; readonly body: Markup }

function sectionsOf(record: TrackRecord, currency: string): Section[] {
  const { account, statistics, luck } = record
  const sections: Section[] = [{ id: 'faults', title: 'Faults', body: faultsSection(record) }]
  if (account.equity.timeMs.length > 0) {
    const columns = equityColumns({ equity: account.equity, benchmark: null })
    const { timeMs, equityE8 } = columns
    const axis = timeAxis(timeMs[0] ?? 0, timeMs.at(-1) ?? 0)
    sections.push(
      {
        id: 'equity',
        title: 'Equity and drawdown',
        body: html`${equityChart(columns, axis, { currency, benchmark: null })}<p class="note">A point for each valuation, at the end of a UTC day or, of an agent that decides often, of an hour: the cash that the fills leave and the positions at the last price known. What happened between is not in it.</p>`,
      },
      { id: 'months', title: 'Monthly returns', body: monthlySection(monthlyReturns(timeMs, equityE8)) },
    )
  }
  sections.push(
    { id: 'signals', title: 'What came of the signals', body: signalsSection(record) },
    { id: 'anchoring', title: 'Anchoring', body: anchoringSection(record) },
    { id: 'events', title: 'Halts, models and keys', body: eventsSection(record) },
  )
  if (statistics !== null)
    sections.push({
      id: 'figures',
      title: 'All figures',
      body: figuresSection(describeStatistics(statistics), luck),
    })
  sections.push({ id: 'check', title: 'Check it yourself', body: checkSection(record) })
  return sections
}

const checkSection = ({ agent }: TrackRecord): Markup =>
  html`<p>With a node of the chain and the bodies, from the feed, the API or a file, this page can be made again by anybody:</p>
<pre><code>touchstone track-record ${shortHash(agent)} --decisions decisions.ndjson --rpc &lt;node&gt; --contract &lt;log&gt; --html record.html</code></pre>
<p>With the observations and the models too, <code>touchstone audit</code> makes each decision again and compares it with its record.</p>${EMPTY}`
