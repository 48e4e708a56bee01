import type { AgentDefinition } from '../../agents/index.ts'
import { type DecisionRecord, type MarketEvent, type RecordedDecision, unixMs } from '../../core/index.ts'
import {
  batchTree,
  createRecorder,
  createSigner,
  type LogDomain,
  parseBody,
} from '../../decision-log/index.ts'
import { createKernel, runLive } from '../../execution/index.ts'
import {
  asDecisionStore,
  memoryDecisions,
  storedObservations,
  streamOf,
} from '../../execution/test/memoryStore.ts'
import { START_MS } from '../../execution/test/syntheticMarket.ts'
import type { Inference } from '../../models/index.ts'
import type { TimedAnchor } from './proveRecords.ts'

/** The first well-known key of every local test chain. */
export const SIGNER = createSigner('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')
export const DOMAIN: LogDomain = {
  chainId: 31_337,
  verifyingContract: '0x5fbdb2315678afecb367f032d93f642f64180aa3',
}

/** What an agent recorded. */
export type RecordedRun = {
  readonly rows: readonly RecordedDecision[]
  readonly records: readonly DecisionRecord[]
}

/** Runs an agent live over events, recording what it decides. */
export async function recordedRun(
  definition: AgentDefinition,
  inference: Inference | null,
  events: readonly MarketEvent[],
  domain: LogDomain = DOMAIN,
): Promise<RecordedRun> {
  const memory = memoryDecisions()
  await runLive({
    kernel: createKernel({ agent: SIGNER.agent, definition, inference, activeFromMs: unixMs(START_MS) }),
    recorder: createRecorder({ store: asDecisionStore(memory), signer: SIGNER, domain }),
    events: streamOf(storedObservations(events)),
    history: memory,
  })
  return { rows: memory.rows, records: memory.rows.map(({ body }) => parseBody(body)) }
}

/** Anchors of the rows in batches, as a chain would hold them that mines each `delayMs` after its last decision. */
export function anchorsOf(rows: readonly RecordedDecision[], size: number, delayMs = 1_000): TimedAnchor[] {
  const anchors: TimedAnchor[] = []
  for (let first = 0; first < rows.length; first += size) {
    const batch = rows.slice(first, first + size)
    const { root } = batchTree(batch.map(({ leaf }) => leaf))
    anchors.push({
      agent: SIGNER.agent,
      contract: DOMAIN.verifyingContract,
      firstSequence: first,
      count: batch.length,
      root,
      head: '0x',
      blockNumber: anchors.length,
      blockHash: root,
      transactionHash: root,
      anchoredAtMs: unixMs((batch.at(-1)?.timeMs ?? 0) + delayMs),
    })
  }
  return anchors
}
