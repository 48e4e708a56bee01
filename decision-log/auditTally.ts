import type { AgentId } from '../core/index.ts'
import type { AuditedDecision, AuditReport, AuditStep, StepCount, StepResult } from './auditReport.ts'
import type { Anchor } from './readAnchors.ts'

/** Counts what an audit finds, decision by decision. */
export type AuditTally = {
  add(sequence: number, steps: readonly StepResult[]): void
  /** Decisions added. */
  checked(): number
  /** Notes a batch whose root alone is on chain; once, however often it is added. */
  addRootOnly(anchor: Anchor): void
  report(): AuditReport
}

/** Starts the count for an agent. */
export function createAuditTally(agent: AgentId): AuditTally {
  const decisions: AuditedDecision[] = []
  const count = (): StepCount => ({ equal: 0, different: 0, skipped: 0 })
  const steps: Record<AuditStep, StepCount> = {
    anchor: count(),
    body: count(),
    proof: count(),
    signature: count(),
    data: count(),
    features: count(),
    model: count(),
    strategy: count(),
  }
  let checked = 0
  const rootOnly = new Set<Anchor>()
  return {
    addRootOnly: anchor => void rootOnly.add(anchor),
    add(sequence, results) {
      checked += 1
      for (const { step, result } of results)
        steps[step] = { ...steps[step], [result]: steps[step][result] + 1 }
      if (results.some(({ result }) => result === 'different')) decisions.push({ sequence, steps: results })
    },
    checked: () => checked,
    report: () => ({
      agent,
      checked,
      equal: checked - decisions.length,
      different: decisions.length,
      decisions,
      rootOnly: [...rootOnly].map(({ firstSequence, count }) => ({ firstSequence, count })),
      steps,
    }),
  }
}
