import { formatInstant } from '../core/index.ts'
import { AUDIT_STEPS, type AuditReport, wrongAtMost } from '../decision-log/index.ts'
import type { AgentAudit, OrphanedNote } from './auditProject.ts'
import type { Terminal } from './terminal.ts'

/** Decisions that differ and are printed one by one; the rest are counted. */
const SHOWN = 10

/** The audits of a project in sum. */
export type AuditTotals = { readonly checked: number; readonly equal: number; readonly different: number }

/** Adds up audits. */
export function auditTotals(audits: readonly AgentAudit[]): AuditTotals {
  const sum = (pick: (audit: AgentAudit) => number) => audits.reduce((total, audit) => total + pick(audit), 0)
  return {
    checked: sum(({ report }) => report.checked),
    equal: sum(({ report }) => report.equal),
    different: sum(({ report }) => report.different),
  }
}

/** Writes an audit for people: a line per agent, each decision that differs with its first differing step. */
export function formatAudits(audits: readonly AgentAudit[], terminal: Terminal, confidence = 0.95): string {
  const lines: string[] = []
  for (const { name, report, unreachable, orphaned } of audits) {
    const verdict =
      report.different === 0
        ? terminal.good(`all ${report.equal} equal`)
        : terminal.bad(`${report.different} different, ${report.equal} equal`)
    lines.push(
      `${terminal.bold(name)} ${terminal.dim(report.agent)}`,
      `  ${report.checked} decisions: ${verdict}`,
    )
    if (report.sample !== undefined) lines.push(...sampleLines(report, report.sample, confidence))
    for (const step of AUDIT_STEPS) {
      const { equal, different, skipped } = report.steps[step]
      const counts = [
        `${equal} equal`,
        `${different} different`,
        ...(skipped > 0 ? [`${skipped} skipped`] : []),
      ]
      lines.push(`    ${step.padEnd(10)} ${counts.join(', ')}`)
    }
    for (const { sequence, steps } of report.decisions.slice(0, SHOWN)) {
      const first = steps.find(({ result }) => result === 'different')
      lines.push(
        terminal.bad(`  decision ${report.agent}/${sequence} differs at ${first?.step}`),
        `    ${first?.detail ?? ''}`,
      )
    }
    if (report.decisions.length > SHOWN)
      lines.push(`  … and ${report.decisions.length - SHOWN} more (--json has all)`)
    lines.push(...rootOnlyLines(report), ...orphanedLines(orphaned))
    for (const reason of unreachable) lines.push(`  source not read again: ${reason}`)
  }
  return lines.join('\n')
}

/** What a sample says of the decisions that were not drawn. */
function sampleLines(
  { checked, different: wrong }: AuditReport,
  { population, seed }: NonNullable<AuditReport['sample']>,
  confidence: number,
): string[] {
  const most = wrongAtMost({ population, checked, wrong, confidence })
  const share = population === 0 ? 0 : most / population
  return [
    `    ${checked} of ${population} drawn by ${seed}:`,
    `    with ${percent(confidence)} confidence at most ${most} of all (${percent(share)}) are wrong`,
  ]
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`

/** Which decisions only their publisher can show, because the chain holds no leaves of theirs. */
function rootOnlyLines({ rootOnly }: AuditReport): string[] {
  if (rootOnly.length === 0) return []
  const ranges = rootOnly.map(
    ({ firstSequence, count }) => `${firstSequence} to ${firstSequence + count - 1}`,
  )
  const more = ranges.length > SHOWN ? ` and ${ranges.length - SHOWN} batches more (--json has all)` : ''
  return [
    `  note: root only on chain, the leaves are in the store alone: decisions ${ranges.slice(0, SHOWN).join(', ')}${more}`,
  ]
}

/** A line for each reorg, with the decisions that were made from what it replaced. */
function orphanedLines(orphaned: readonly OrphanedNote[]): string[] {
  const byReorg = new Map<string, OrphanedNote[]>()
  for (const note of orphaned) {
    const reorg = `${note.source}/${note.withdrawnAtMs}`
    byReorg.set(reorg, [...(byReorg.get(reorg) ?? []), note])
  }
  return [...byReorg.values()].flatMap(notes => {
    const [first] = notes
    if (first === undefined) return []
    const { source, forkBlock, throughBlock, withdrawnAtMs } = first
    const blocks =
      throughBlock === forkBlock + 1 ? `block ${throughBlock}` : `blocks ${forkBlock + 1} to ${throughBlock}`
    const shown = notes.slice(0, SHOWN).map(({ sequence }) => sequence)
    const rest = notes.length > SHOWN ? ` and ${notes.length - SHOWN} more (--json has all)` : ''
    return [
      `  note: a reorg replaced ${blocks} of ${source}, seen ${formatInstant(withdrawnAtMs)};`,
      `    ${notes.length === 1 ? 'one decision was' : `${notes.length} decisions were`} made from them before: ${shown.join(', ')}${rest}`,
    ]
  })
}
