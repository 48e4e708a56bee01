import {
  type AgentId,
  type AnchorBatch,
  type DecisionStore,
  IntegrityError,
  type RecordedDecision,
} from '../../core/index.ts'

/** A decision store in memory, with a way to change what was stored behind the log's back. */
export type MemoryDecisionStore = DecisionStore & {
  readonly rows: RecordedDecision[]
  readonly saved: Map<string, AnchorBatch>
}

export function createMemoryDecisionStore(): MemoryDecisionStore {
  const rows: RecordedDecision[] = []
  const saved = new Map<string, AnchorBatch>()
  const next = (agent: AgentId) => rows.filter(row => row.agent === agent).length
  const batches = (agent: AgentId, from = 0) =>
    [...saved.values()]
      .filter(batch => batch.agent === agent && batch.firstSequence + batch.count > from)
      .sort((a, b) => a.firstSequence - b.firstSequence)
  return {
    rows,
    saved,
    async append(decisions) {
      const added: RecordedDecision[] = []
      for (const decision of decisions) {
        const expected = next(decision.agent) + added.filter(({ agent }) => agent === decision.agent).length
        if (decision.sequence !== expected)
          throw new IntegrityError(`Decision ${decision.sequence} is not the next, ${expected}.`, {
            hint: '',
          })
        added.push({ ...decision, feedSequence: rows.length + added.length })
      }
      rows.push(...added)
      return added
    },
    nextSequence: async agent => next(agent),
    nextFeedSequence: async () => rows.length,
    find: async (agent, sequence) =>
      rows.find(row => row.agent === agent && row.sequence === sequence) ?? null,
    list: async ({ agent, fromSequence = 0, limit }) =>
      rows
        .filter(row => (agent === undefined || row.agent === agent) && row.sequence >= fromSequence)
        .slice(0, limit),
    async saveBatch(batch) {
      saved.set(`${batch.agent}/${batch.firstSequence}`, batch)
    },
    async dropBatch(agent, firstSequence) {
      saved.delete(`${agent}/${firstSequence}`)
    },
    batches: async (agent, from) => batches(agent, from),
    batchOf: async (agent, sequence) =>
      batches(agent, sequence).find(({ firstSequence }) => firstSequence <= sequence) ?? null,
  }
}
