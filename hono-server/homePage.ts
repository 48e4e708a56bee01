import { createHash } from 'node:crypto'
import type { OpenAPIHono } from '@hono/zod-openapi'
import { html, raw } from 'hono/html'
import { type AgentId, formatInstant, type RecordedDecision, type UnixMs } from '../core/index.ts'
import { isSealedAt } from '../decision-log/index.ts'
import { type AgentView, viewAgent } from './agentView.ts'
import { type DecisionView, viewDecisions } from './decisionView.ts'
import { describeDecision } from './describeDecision.ts'
import { HOME_PAGE_STYLE } from './homePageStyle.ts'
import type { ModelHealth } from './modelHealth.ts'
import type { OrphanedView } from './orphanedView.ts'
import { readableTime } from './readableTime.ts'
import { BEFORE_ALL_REVEALS, type DecimalsOf, type Readiness, type ReadPorts } from './readPorts.ts'

/** Decisions that the page shows. */
const DECISIONS_SHOWN = 25

// The page needs nothing but its own style, so everything else is forbidden, whatever a name contains.
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(HOME_PAGE_STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

type Html = ReturnType<typeof html>
type Row = { readonly view: DecisionView; readonly agentName: string; readonly says: string }

/** Mounts the page for people at `/`: agents and the last decisions, rendered here, without scripts. */
export function mountHomePage(app: OpenAPIHono, ports: ReadPorts): void {
  app.get('/', async c => {
    const { agents, decisions, domain, withdrawalsOf, decimalsOf, modelHealthOf } = ports
    const nowMs = (ports.now ?? BEFORE_ALL_REVEALS)()
    const [stored, latest, readiness] = await Promise.all([
      agents.list(),
      decisions.list({ newestFirst: true, limit: DECISIONS_SHOWN }),
      ports.readiness(),
    ])
    const views = await Promise.all(
      stored.map(async agent =>
        viewAgent(agent, await decisions.nextSequence(agent.id), modelHealthOf(agent.id)),
      ),
    )
    const names = new Map<AgentId, string>(stored.map(({ id, name }) => [id, name]))
    const rows = (await viewDecisions(decisions, withdrawalsOf, latest, nowMs)).map((view, index): Row => {
      const decision: RecordedDecision | undefined = latest[index]
      return {
        view,
        agentName: decision === undefined ? '' : (names.get(decision.agent) ?? decision.agent),
        says: decision === undefined ? '' : describe(decision, nowMs, decimalsOf),
      }
    })
    c.header('content-security-policy', CONTENT_SECURITY_POLICY)
    return c.html(page(views, rows, readiness, domain))
  })
}

/** Of a sealed decision, when it is revealed; of every other, what it concluded. */
function describe(decision: RecordedDecision, nowMs: UnixMs, decimalsOf: DecimalsOf): string {
  const { sealed } = decision
  return sealed !== undefined && isSealedAt(decision, nowMs)
    ? `sealed until ${readableTime(formatInstant(sealed.revealAtMs))}`
    : describeDecision(decision, decimalsOf)
}

function page(
  agents: readonly AgentView[],
  rows: readonly Row[],
  { ready, reasons }: Readiness,
  { chainId, verifyingContract }: ReadPorts['domain'],
): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Touchstone</title>
<style>${raw(HOME_PAGE_STYLE)}</style>
</head>
<body>
<main>
<header>
<h1>Touch<span>stone</span></h1>
<p>Every decision is signed and committed before its outcome is known. Chain ${chainId}, log <code>${verifyingContract}</code>.</p>
<p>${ready ? html`<span class="badge ok">● Ready</span>` : html`<span class="badge bad">● Not ready</span>`}</p>
${reasons.length === 0 ? '' : html`<ul>${reasons.map(reason => html`<li>${reason}</li>`)}</ul>`}
</header>
<h2>Agents</h2>
${agents.length === 0 ? html`<p class="empty">No agent is deployed.</p>` : html`<div class="cards">${agents.map(agentCard)}</div>`}
<h2>Last decisions</h2>
${rows.length === 0 ? html`<p class="empty">Nothing is decided yet.</p>` : decisionTable(rows)}
<h2>Programs</h2>
<ul>
<li><a href="/openapi.json">OpenAPI description</a></li>
<li><a href="/v1/agents">Agents</a>, <a href="/v1/signals?order=newest">signals</a>, <a href="/v1/decisions?order=newest">decisions</a>, <a href="/v1/domain">domain</a></li>
<li><a href="/healthz">Health</a>, <a href="/metrics">metrics</a></li>
<li>WebSocket feed at <code>/v1/feed</code>: send <code>{"type":"subscribe","from":0}</code></li>
</ul>
</main>
</body>
</html>`
}

function agentCard(agent: AgentView): Html {
  const { id, name, version, instrument, activeFrom, status, decisions, modelHealth } = agent
  return html`<article class="card">
<h3><a href="/v1/agents/${encodeURIComponent(id)}">${name}</a><span class="badge ${status === 'active' ? 'ok' : 'bad'}">${status}</span></h3>
<dl>
<dt>Trades</dt><dd><code>${instrument}</code></dd>
<dt>Decisions</dt><dd class="num">${decisions}</dd>
<dt>Version</dt><dd class="num">${version}</dd>
<dt>Since</dt><dd class="num">${activeFrom.slice(0, 10)}</dd>
${modelHealth === null ? '' : modelRows(modelHealth)}
</dl>
</article>`
}

function modelRows({ serving, challenger, contest, drift, decay }: ModelHealth): Html {
  const short = (hash: string) => html`<code title="${hash}">${hash.slice(0, 10)}…</code>`
  const drifts = drift?.level === 'significant'
  return html`<dt>Model</dt><dd>${short(serving)}</dd>
${challenger === null ? '' : html`<dt>Challenger</dt><dd>${short(challenger)}${contest === null ? '' : `, ${contest.outcomes} outcomes`}</dd>`}
${drift?.level == null ? '' : html`<dt>Drift</dt><dd><span class="badge ${drifts ? 'bad' : 'ok'}">${drift.level}</span>${drift.level === 'stable' ? '' : ` ${drift.feature}`}</dd>`}
${decay === null ? '' : html`<dt>Losses</dt><dd><span class="badge ${decay.alarm ? 'bad' : 'ok'}">${decay.alarm ? 'above the usual' : 'as usual'}</span></dd>`}`
}

function decisionTable(rows: readonly Row[]): Html {
  return html`<div class="table"><table>
<thead><tr><th scope="col">Decision</th><th scope="col">On chain</th><th scope="col">Conclusion</th><th scope="col">Time (UTC)</th></tr></thead>
<tbody>${rows.map(decisionRow)}</tbody>
</table></div>`
}

const STATE_BADGE = {
  recorded: { look: 'wait', label: '○ recorded' },
  sent: { look: 'wait', label: '◔ sent' },
  anchored: { look: 'ok', label: '● anchored' },
} as const

function decisionRow({ view, agentName, says }: Row): Html {
  const { look, label } = STATE_BADGE[view.state]
  const block = view.anchor === null ? '' : ` in block ${view.anchor.blockNumber}`
  return html`<tr>
<td><a href="/v1/decisions/${view.agent}/${view.sequence}">${agentName} / ${view.sequence}</a> ${view.kind ?? 'sealed'}</td>
<td><span class="badge ${look}" title="${label}${block}">${label}</span></td>
<td class="wide">${says}${view.orphaned === null ? '' : orphanedNote(view.orphaned)}</td>
<td class="wide num">${view.time === null ? '' : readableTime(view.time)}</td>
</tr>`
}

function orphanedNote({ source, forkBlock, throughBlock, withdrawnAt }: OrphanedView): Html {
  const blocks =
    throughBlock === forkBlock + 1 ? `block ${throughBlock}` : `blocks ${forkBlock + 1} to ${throughBlock}`
  return html`<p class="note"><span class="badge bad">✕ orphaned</span> A reorg replaced ${blocks} of ${source}; seen ${readableTime(withdrawnAt)}.</p>`
}
