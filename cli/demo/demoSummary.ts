import Table from 'cli-table3'
import type { BacktestStatistics } from '../../backtest/index.ts'
import { type DecisionKind, formatDecimal, formatInstant, type Hash } from '../../core/index.ts'
import type { Evaluation, MetricEvidence } from '../../models/index.ts'
import type { AuditTotals } from '../auditReport.ts'
import type { IngestSummary } from '../ingestSource.ts'
import { TABLE } from '../tableStyle.ts'
import type { Terminal } from '../terminal.ts'
import { evaluationTable } from '../trainingReport.ts'

/** What the demo did, as `--json` prints it. */
export type DemoSummary = {
  readonly scenario: string
  /** Source of the traded pool. */
  readonly poolSource: string
  readonly ingested: {
    /** Logs of the traded pool's source, recognised or not. */
    readonly logs: number
    readonly swaps: number
    readonly transfers: number
    readonly bars: number
    /** Observations of all sources. */
    readonly observations: number
    readonly sources: readonly IngestSummary[]
  }
  readonly features: {
    readonly rows: number
    readonly matrices: readonly { readonly name: string; readonly rows: number; readonly columns: number }[]
  }
  readonly model: {
    readonly name: string
    readonly hash: Hash
    /** `cpu`, or the name of the GPU that trained. */
    readonly device: string
    readonly trainingRows: number
    readonly testRows: number
    /** Out of sample, on one split: the model and its baselines. */
    readonly evaluation: Evaluation
    readonly evidence: MetricEvidence
  }
  readonly backtest: readonly ({ readonly agent: string; readonly about: string } & BacktestStatistics)[]
  readonly decisions: {
    readonly recorded: number
    readonly anchored: number
    readonly byKind: Readonly<Record<DecisionKind, number>>
    /** Decisions of the live run that a backtest over the same observations made again, to the last number. */
    readonly equalInBacktest: number
  }
  readonly audit: AuditTotals
  readonly gasPerDecision: number | null
  readonly url: string
  readonly feed: string
  /** Where decisions are anchored: what a subscriber needs to check them by itself. */
  readonly chain: { readonly rpcUrl: string; readonly chainId: number; readonly contract: string }
  readonly directory: string
  readonly seconds: number
}

/** Ratios over fewer daily returns than this are left out of the table: two days make no Sharpe ratio. */
const LEAST_PERIODS = 20

/** Writes the summary for a person. */
export function formatDemoSummary(summary: DemoSummary, terminal: Terminal): string {
  const { ingested, features, model, backtest, decisions, audit } = summary
  const { bold, dim, good, bad } = terminal
  const count = (value: number) => value.toLocaleString('en-US')
  const figures = (values: Readonly<Record<string, number>>) =>
    Object.entries(values)
      .filter(([, value]) => value > 0)
      .map(([name, value]) => `${count(value)} ${name}`)
      .join(', ')
  const lines = [
    '',
    `${bold('Touchstone demo')}  ${dim(summary.scenario)}`,
    '',
    `${bold('Ingested')}   ${figures({ [`logs of ${summary.poolSource}`]: ingested.logs, swaps: ingested.swaps, transfers: ingested.transfers, bars: ingested.bars })}`,
    `           ${count(ingested.observations)} observations of ${ingested.sources.length} ${ingested.sources.length === 1 ? 'source' : 'sources'}`,
    `${bold('Features')}   ${count(features.rows)} rows: ${features.matrices.map(({ name, rows, columns }) => `${name} ${count(rows)} × ${columns}`).join(', ')}`,
    `${bold('Model')}      ${model.name} ${dim(model.hash)}`,
    `           ${count(model.trainingRows)} rows to train, ${count(model.testRows)} later ones to test, on ${model.device}`,
    '',
    indent(evaluationTable(model.evaluation, model.evidence)),
    '',
    `${bold('Backtest')}   ${dim(backtest.map(({ agent, about }) => `${agent}: ${about}`).join('; '))}`,
    indent(backtestTable(backtest)),
    ...[...new Set(backtest.map(({ convention }) => convention))].map(text => `  ${dim(text)}`),
    '',
    `${bold('Decisions')}  ${count(decisions.recorded)} recorded (${figures(decisions.byKind)})`,
    `           ${count(decisions.anchored)} anchored on chain, ${summary.gasPerDecision === null ? 'no gas' : `${count(Math.round(summary.gasPerDecision))} gas each`}`,
    `           ${decisions.equalInBacktest === decisions.recorded ? good(`${count(decisions.equalInBacktest)} made again by a backtest, to the last number`) : bad(`${count(decisions.equalInBacktest)} of ${count(decisions.recorded)} made again by a backtest`)}`,
    `${bold('Audit')}      ${audit.different === 0 ? good(`${count(audit.equal)} equal, 0 different`) : bad(`${count(audit.equal)} equal, ${count(audit.different)} different`)}  ${dim('from the chain back to the data')}`,
    '',
    `${bold('API')}        ${summary.url}`,
    `${bold('Feed')}       ${summary.feed}`,
    `${bold('Chain')}      ${summary.chain.rpcUrl}  ${dim(`log ${summary.chain.contract}`)}`,
    `${bold('Project')}    ${summary.directory}  ${dim(`${summary.seconds.toFixed(1)} s`)}`,
  ]
  return lines.join('\n')
}

function backtestTable(runs: DemoSummary['backtest']): string {
  const table = new Table({ head: ['', ...runs.map(({ agent }) => agent)], ...TABLE })
  const percent = (value: number | null) => (value === null ? 'n/a' : `${(value * 100).toFixed(2)} %`)
  const ratio = (value: number | null) => (value === null ? 'n/a' : value.toFixed(2))
  const row = (name: string, value: (run: DemoSummary['backtest'][number]) => string) =>
    table.push([name, ...runs.map(value)])
  row('from', run => formatInstant(run.startMs))
  row('to', run => formatInstant(run.endMs))
  row('return', run => percent(run.totalReturn))
  row('annualised return', run => percent(run.annualisedReturn))
  row('annualised volatility', run => percent(enough(run) ? run.annualisedVolatility : null))
  row('Sharpe', run => ratio(enough(run) ? run.sharpe : null))
  row('Sortino', run => ratio(enough(run) ? run.sortino : null))
  row('max drawdown', run => percent(run.maxDrawdown))
  row('trades', run => String(run.trades))
  row('win rate', run => percent(run.winRate))
  row('profit factor', run => ratio(run.profitFactor))
  row('exposure', run => percent(run.exposure))
  row('final equity', run => formatDecimal(run.finalEquityE8, 8, 2))
  return table.toString()
}

const enough = ({ periods }: DemoSummary['backtest'][number]) => periods >= LEAST_PERIODS

const indent = (text: string) => text.replace(/^/gm, '  ')
