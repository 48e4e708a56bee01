import {
  type Address,
  type AgentId,
  comparePositions,
  type DecisionRecord,
  type DecisionStore,
  IntegrityError,
  InvalidInputError,
  type RecordedDecision,
} from '../core/index.ts'
import { type AnchoredLeaf, createLeafReader } from './anchoredLeaf.ts'
import { AUDIT_STEPS, type AuditReport, type AuditStep, type StepResult } from './auditReport.ts'
import { type AuditTally, createAuditTally } from './auditTally.ts'
import {
  type CheckModel,
  checkModelAlone,
  compareReplay,
  difference,
  type ReplayedDecision,
  toStep,
} from './compareReplay.ts'
import type { LogDomain } from './decisionTypes.ts'
import { hashRecord } from './hashRecord.ts'
import { loadFastKeccak } from './loadFastKeccak.ts'
import { type ChainAccess, chainFailure, clientOf } from './logChain.ts'
import { verifyProof } from './merkle.ts'
import { decisionPosition } from './orphanedBy.ts'
import { readAnchors } from './readAnchors.ts'
import { readKeys } from './readKeys.ts'
import { parseBody } from './recordBody.ts'
import { createSignerFinder, type SignerFinder } from './recoverSigners.ts'
import { createReplayReader, type ReplayOutcome, type ReplayReader } from './replayReader.ts'
import { selectDecisions } from './selectDecisions.ts'
import { createSignedRows } from './signedRows.ts'
import type { AuditSample } from './spotAudit.ts'
import { storedLeaves } from './storedLeaves.ts'

export type AuditOptions = {
  readonly agent: AgentId
  readonly decisions: DecisionStore
  readonly chain: ChainAccess & {
    readonly contract: Address
    /** Block of the contract's deployment, or any before the agent's first commit; default 0. */
    readonly fromBlock?: number
  }
  readonly domain: LogDomain
  /** One decision, or the first and the last of a range; absent for all. */
  readonly sequences?: number | { readonly first: number; readonly last: number }
  /** Checks so many decisions, drawn at random, instead of all. */
  readonly sample?: AuditSample
  /** Makes the agent's decisions again from the recorded observations, from the first on; null for no replay. */
  readonly replay: () => AsyncIterable<ReplayedDecision> | null
  /** Checks a model's artifact; called once per model. */
  readonly model?: CheckModel
  /** Recovers who signed, for audits that share its threads; one of the audit's own unless given. */
  readonly signers?: SignerFinder
  readonly onProgress?: (checked: number, total: number) => void
}

/**
 * Checks an agent's decisions from the chain back to the data, every step of `AUDIT_STEPS`, and counts them: a
 * decision that the replay makes and the chain lacks, or the other way round, differs.
 *
 * @throws IntegrityError when the chain's own events contradict its state, which concerns no single decision.
 * @throws NotFoundError when a sequence is asked for that does not exist.
 * @throws UnavailableError when the node fails.
 */
export async function auditAgent(options: AuditOptions): Promise<AuditReport> {
  const { agent, decisions, chain, domain, model, onProgress } = options
  await loadFastKeccak()
  await checkDomain(chain, domain)
  const client = clientOf(chain)
  const { contract, fromBlock = 0 } = chain
  const anchors = await readAnchors({ client, contract, agent, fromBlock })
  const keys = await readKeys({ client, contract, agent, fromBlock })
  const lastAnchor = anchors.at(-1)
  const chainEnd = lastAnchor === undefined ? 0 : lastAnchor.firstSequence + lastAnchor.count
  const end = Math.max(chainEnd, await decisions.nextSequence(agent))
  const selection = selectDecisions(options, end)

  const leafOf = createLeafReader(anchors, { client }, (from, count) =>
    storedLeaves(decisions, agent, from, count),
  )
  const signers = options.signers ?? createSignerFinder(domain)
  const rows = createSignedRows({ decisions, agent, selection, signers })
  const replay = createReplayReader(options.replay())
  const tally = createAuditTally(agent)
  const checkModel = model === undefined ? undefined : memoised(model)
  try {
    for (let sequence = 0; sequence <= selection.last; sequence++) {
      const replayed = await replay.next()
      if (!selection.has(sequence)) continue
      const leaf = await leafOf(sequence)
      const row = await rows.rowAt(sequence)
      if ('anchor' in leaf && leaf.rootOnly) tally.addRootOnly(leaf.anchor)
      tally.add(sequence, await auditDecision({ sequence, leaf, row, replayed }))
      onProgress?.(tally.checked(), selection.size)
    }
    if (selection.last === end - 1 && end > 0)
      await findLeftOut(replay, end, await rows.rowAt(end - 1), tally)
  } finally {
    await rows.close()
    if (options.signers === undefined) await signers.close()
    await replay.close()
  }
  const report = tally.report()
  return options.sample === undefined
    ? report
    : { ...report, sample: { population: end, seed: options.sample.seed } }

  async function auditDecision(found: {
    sequence: number
    leaf: AnchoredLeaf
    row: RecordedDecision | null
    replayed: ReplayOutcome
  }): Promise<StepResult[]> {
    const { leaf, row } = found
    const { record, fault } = readBody(row)
    return [
      toStep('anchor', 'fault' in leaf ? leaf.fault : null),
      toStep('body', fault ?? bodyDifference(found.sequence, leaf, row, record, domain)),
      proofStep(found.sequence, leaf),
      await signatureStep(found.sequence, leaf, row),
      ...(await replaySteps(record, found.replayed, checkModel)),
    ]
  }

  async function signatureStep(
    sequence: number,
    found: AnchoredLeaf,
    row: RecordedDecision | null,
  ): Promise<StepResult> {
    if (row === null) return { step: 'signature', result: 'skipped', detail: 'no stored decision' }
    const leaf = 'fault' in found ? row.leaf : found.leaf
    const signer = await rows.signerOf(row, leaf)
    return toStep('signature', difference('signer', keys.keyAt(sequence), signer ?? 'not a signature'))
  }
}

function readBody(row: RecordedDecision | null): { record: DecisionRecord | null; fault: string | null } {
  if (row === null) return { record: null, fault: 'the store has no such decision' }
  try {
    return { record: parseBody(row.body), fault: null }
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error
    return { record: null, fault: error.message }
  }
}

function bodyDifference(
  sequence: number,
  leaf: AnchoredLeaf,
  row: RecordedDecision | null,
  record: DecisionRecord | null,
  domain: LogDomain,
): string | null {
  if (row === null || record === null) return null
  const onChain = 'fault' in leaf ? row.leaf : leaf.leaf
  return (
    difference('hash of the body', onChain, hashRecord(record, domain)) ??
    difference('stored leaf', onChain, row.leaf) ??
    difference('sequence', sequence, record.sequence) ??
    difference('stored agent', record.agent, row.agent) ??
    difference('stored kind', record.output.kind, row.kind) ??
    difference('stored instrument', record.instrument, row.instrument) ??
    difference('stored time', record.timeMs, row.timeMs)
  )
}

function proofStep(sequence: number, leaf: AnchoredLeaf): StepResult {
  if ('fault' in leaf) return { step: 'proof', result: 'skipped', detail: 'not anchored' }
  const { root, firstSequence, count } = leaf.anchor
  const holds = verifyProof(root, leaf.leaf, { count, index: sequence - firstSequence, proof: leaf.proof })
  return toStep('proof', holds ? null : `root: expected ${leaf.anchor.root}, found another`)
}

async function replaySteps(
  record: DecisionRecord | null,
  outcome: ReplayOutcome,
  checkModel: CheckModel | undefined,
): Promise<StepResult[]> {
  const all = (result: 'different' | 'skipped', detail: string): StepResult[] =>
    REPLAY_STEPS.map(step => ({ step, result, detail }))
  if (outcome.kind === 'failed') return all('different', outcome.detail)
  if (outcome.kind === 'end')
    return all('skipped', 'the replay made no such decision').map(step =>
      step.step === 'strategy' ? { ...step, result: 'different' } : step,
    )
  if (record === null) return all('skipped', 'no readable record to compare with')
  if (outcome.kind === 'decision') return compareReplay(record, outcome.replayed, checkModel)
  const model = await checkModelAlone(record, checkModel)
  return all('skipped', 'no replay to compare with').map(step => (step.step === 'model' ? model : step))
}

const REPLAY_STEPS = ['data', 'features', 'model', 'strategy'] as const satisfies readonly AuditStep[]

/** Adds what the replay decided no later than the last record, and neither the chain nor the store holds. */
async function findLeftOut(
  replay: ReplayReader,
  end: number,
  lastRow: RecordedDecision | null,
  tally: AuditTally,
): Promise<void> {
  const { record } = readBody(lastRow)
  if (record === null) return
  const until = decisionPosition(record)
  for (let sequence = end; ; sequence++) {
    const outcome = await replay.next()
    // Later ones may simply not be decided yet: data can be ahead of the agent.
    if (
      outcome.kind !== 'decision' ||
      comparePositions(decisionPosition(outcome.replayed.decision), until) > 0
    )
      return
    const { output, timeMs } = outcome.replayed.decision
    const detail = `the replay makes a decision of kind ${output.kind} at ${timeMs}, and the chain holds none`
    tally.add(
      sequence,
      AUDIT_STEPS.map(step =>
        step === 'anchor' ? toStep(step, detail) : { step, result: 'skipped', detail: 'not recorded' },
      ),
    )
  }
}

function memoised(check: CheckModel): CheckModel {
  const results = new Map<string, ReturnType<CheckModel>>()
  return model => {
    const result = results.get(model) ?? check(model)
    results.set(model, result)
    return result
  }
}

async function checkDomain(chain: AuditOptions['chain'], domain: LogDomain): Promise<void> {
  const chainId = await clientOf(chain)
    .getChainId()
    .catch((error: unknown) => {
      throw chainFailure(error, 'tell its chain id')
    })
  if (chainId === domain.chainId && chain.contract === domain.verifyingContract) return
  throw new InvalidInputError(
    `The records are for the log ${domain.verifyingContract} on chain ${domain.chainId}, not ${chain.contract} on chain ${chainId}.`,
    {
      facts: {
        expectedChain: domain.chainId,
        chainId,
        expectedContract: domain.verifyingContract,
        contract: chain.contract,
      },
      hint: 'Pass the RPC address and the contract that the agent anchors in.',
    },
  )
}
