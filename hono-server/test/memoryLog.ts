import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  type AgentId,
  type AnchorBatch,
  type DecisionKind,
  type DecisionQuery,
  type DecisionStore,
  IntegrityError,
  instrumentId,
  type RecordedDecision,
  sha256,
  unixMs,
  ZERO_ADDRESS,
} from '../../core/index.ts'
import { batchRoot } from '../../decision-log/index.ts'
import { createProofOf, type ProofOf } from '../createProofOf.ts'

/** An agent id from a digit. */
export const agentOf = (digit: number): AgentId => `0x${String(digit).repeat(40)}`

/** The log that test decisions are anchored in. */
export const TEST_DOMAIN = { chainId: 31_337, verifyingContract: ZERO_ADDRESS } as const

/** A decision log in memory, with shorthands that write to it as recorder and anchor worker do. */
export type MemoryLog = {
  readonly store: DecisionStore
  readonly proofOf: ProofOf
  readonly rows: readonly RecordedDecision[]
  /** Records decisions of an agent. */
  record(
    agent: AgentId,
    count: number,
    kind?: DecisionKind,
    bodyBytes?: number,
    note?: string,
  ): Promise<RecordedDecision[]>
  /** Anchors all that is not anchored of an agent, in one batch. */
  anchor(agent: AgentId): Promise<void>
  /** Takes the last batch of an agent off the chain. */
  reorg(agent: AgentId): Promise<void>
}

const isSealedFor = ({ sealed }: RecordedDecision, { sealedAfterMs }: DecisionQuery) =>
  sealed !== undefined && sealedAfterMs !== undefined && sealed.revealAtMs > sealedAfterMs

/** Creates an empty log; `delay` runs before every read, to interleave readers and writers. */
export function createMemoryLog(delay: () => Promise<unknown> = nextTurn): MemoryLog {
  const rows: RecordedDecision[] = []
  const anchors = new Map<AgentId, AnchorBatch[]>()
  const countOf = (agent: AgentId) => rows.filter(row => row.agent === agent).length
  const matches = (row: RecordedDecision, query: DecisionQuery) =>
    (query.agent === undefined || row.agent === query.agent) &&
    (isSealedFor(row, query) ||
      ((query.kinds?.includes(row.kind) ?? true) && (query.instruments?.includes(row.instrument) ?? true))) &&
    row.feedSequence >= (query.fromFeedSequence ?? 0) &&
    row.sequence >= (query.fromSequence ?? 0)

  const store: DecisionStore = {
    async append(decisions) {
      const added = decisions.map((decision, index) => ({ ...decision, feedSequence: rows.length + index }))
      for (const { agent, sequence } of added.slice(0, 1))
        if (sequence !== countOf(agent)) throw new IntegrityError('Not the next sequence.', { hint: '' })
      rows.push(...added)
      return added
    },
    async nextSequence(agent) {
      await delay()
      return countOf(agent)
    },
    async nextFeedSequence() {
      await delay()
      return rows.length
    },
    async find(agent, sequence) {
      await delay()
      return rows.find(row => row.agent === agent && row.sequence === sequence) ?? null
    },
    async list(query) {
      await delay()
      const found = rows.filter(row => matches(row, query))
      return (query.newestFirst === true ? found.reverse() : found).slice(0, query.limit)
    },
    async saveBatch(batch) {
      const others = (anchors.get(batch.agent) ?? []).filter(b => b.firstSequence !== batch.firstSequence)
      anchors.set(batch.agent, [...others, batch])
    },
    async dropBatch(agent, firstSequence) {
      anchors.set(
        agent,
        (anchors.get(agent) ?? []).filter(b => b.firstSequence !== firstSequence),
      )
    },
    async batches(agent, from = 0) {
      await delay()
      return (anchors.get(agent) ?? []).filter(b => b.firstSequence + b.count > from)
    },
    async batchOf(agent, sequence) {
      await delay()
      return (
        (anchors.get(agent) ?? []).find(
          b => b.firstSequence <= sequence && sequence < b.firstSequence + b.count,
        ) ?? null
      )
    },
    epochOf: async () => null,
    saveEpoch: async () => {},
    resign: async () => {},
  }

  return {
    store,
    proofOf: createProofOf(store, TEST_DOMAIN),
    rows,
    record: (agent, count, kind = 'signal', bodyBytes = 10, note = '') => {
      const first = countOf(agent)
      return store.append(
        Array.from({ length: count }, (_, index) => ({
          agent,
          sequence: first + index,
          kind,
          instrument: instrumentId(`test:${agent.slice(2, 4)}`),
          timeMs: unixMs(1_700_000_000_000 + first + index),
          body: JSON.stringify({ note, filler: 'x'.repeat(bodyBytes) }),
          leaf: sha256(`${agent}/${first + index}`),
          signature: `0x${'00'.repeat(65)}`,
        })),
      )
    },
    async anchor(agent) {
      const leaves = rows.filter(row => row.agent === agent).map(({ leaf }) => leaf)
      const firstSequence = (anchors.get(agent) ?? []).reduce((sum, { count }) => sum + count, 0)
      const pending = leaves.slice(firstSequence)
      if (pending.length === 0) return
      await store.saveBatch({
        agent,
        firstSequence,
        count: pending.length,
        root: batchRoot(pending),
        status: 'anchored',
        transactionHash: sha256(`transaction ${agent}/${firstSequence}`),
        nonce: 0,
        maxFeePerGas: 1n,
        maxPriorityFeePerGas: 1n,
        blockNumber: 7,
        blockHash: sha256('block'),
        gasUsed: 21_000,
      })
    },
    async reorg(agent) {
      const last = anchors.get(agent)?.at(-1)
      if (last !== undefined) await store.dropBatch(agent, last.firstSequence)
    },
  }
}
