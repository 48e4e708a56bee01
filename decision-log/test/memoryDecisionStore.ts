import {
  type AgentEpoch,
  type AgentId,
  type AnchorBatch,
  type DecisionStore,
  IntegrityError,
  type RecordedDecision,
  TakenOverError,
} from '../../core/index.ts'

/** A decision store in memory, with a way to change what was stored behind the log's back. */
export type MemoryDecisionStore = DecisionStore & {
  readonly rows: RecordedDecision[]
  readonly saved: Map<string, AnchorBatch>
  readonly epochs: Map<AgentId, AgentEpoch>
}

export function createMemoryDecisionStore(): MemoryDecisionStore {
  const rows: RecordedDecision[] = []
  const saved = new Map<string, AnchorBatch>()
  const epochs = new Map<AgentId, AgentEpoch>()
  const next = (agent: AgentId) => rows.filter(row => row.agent === agent).length
  const batches = (agent: AgentId, from = 0) =>
    [...saved.values()]
      .filter(batch => batch.agent === agent && batch.firstSequence + batch.count > from)
      .sort((a, b) => a.firstSequence - b.firstSequence)
  return {
    rows,
    saved,
    epochs,
    async append(decisions, host) {
      const added: RecordedDecision[] = []
      for (const decision of decisions) {
        const holder = epochs.get(decision.agent)?.host ?? host
        if (host !== undefined && holder !== host)
          throw new TakenOverError('Another host records.', { hint: '' })
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
    epochOf: async agent => epochs.get(agent) ?? null,
    async resign(agent, sequence, signature) {
      const index = rows.findIndex(row => row.agent === agent && row.sequence === sequence)
      const row = rows[index]
      if (row !== undefined) rows[index] = { ...row, signature }
    },
    async saveEpoch(epoch) {
      epochs.set(epoch.agent, epoch)
    },
  }
}
