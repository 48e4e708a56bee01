import { observedInstruments } from '../agents/index.ts'
import { mapInOrder } from '../chain-ingest/index.ts'
import {
  type Hash,
  IntegrityError,
  InvalidInputError,
  NotFoundError,
  type StoredAgent,
  UnavailableError,
  type UnixMs,
  type Withdrawal,
  ZERO_HASH,
} from '../core/index.ts'
import {
  type AuditReport,
  type AuditSample,
  auditAgent,
  clientOf,
  createSignerFinder,
  findOrphaned,
  latestBlock,
  recordOrphanedBy,
} from '../decision-log/index.ts'
import { replayDecisions } from '../execution/index.ts'
import { createInference, type Inference, parseSealedModel } from '../models/index.ts'
import { loadAgent } from './agentCatalogue.ts'
import { laterModels } from './agentModels.ts'
import { agentConfig } from './deployedAgents.ts'
import type { SourceConfig } from './projectSchema.ts'
import { requireLog } from './requireLog.ts'
import { checkedAgainstSources, readSourceAgain, type SourceRow } from './sourceCheck.ts'
import { instrumentsOf } from './sourceInstruments.ts'
import { retainedBlocks, storedObservations } from './storedEvents.ts'
import type { Workspace } from './workspace.ts'

/** Agents audited beside each other: while one waits for a node or the store, another's decisions are made again. */
const AUDITS_AT_ONCE = 4

export type AuditProjectOptions = {
  /** Names or ids; all deployed agents when absent. */
  readonly agents?: readonly string[]
  /** One decision of the one agent named. */
  readonly sequence?: number
  /** Checks so many of each agent's decisions, drawn at random, instead of all. */
  readonly sample?: SampleRequest
  readonly onProgress?: (agent: string, checked: number, total: number) => void
}

/** A sample to draw; by the hash of the latest block of the log's chain, which nobody chose, unless a seed is named. */
export type SampleRequest = { readonly size: number; readonly seed: Hash | null }

/** What an audit found of one agent. */
export type AgentAudit = {
  readonly name: string
  readonly report: AuditReport
  /** Sources that could not be read again, each with its reason: their data was checked against the record alone. */
  readonly unreachable: readonly string[]
  /** Of the decisions that were checked, those that a reorg has since deprived of what they were made from. */
  readonly orphaned: readonly OrphanedNote[]
}

/** A decision made from blocks that a reorg has since replaced. It is no difference: it was made as recorded. */
export type OrphanedNote = {
  readonly sequence: number
  readonly source: string
  /** Last block that stayed, and last that was replaced. */
  readonly forkBlock: number
  readonly throughBlock: number
  /** When agents saw it. */
  readonly withdrawnAtMs: UnixMs
}

/**
 * Audits agents from the chain back to the data: every stored observation is compared with its source, read
 * again; then the decisions are made again from the observations and compared with what the chain holds.
 * Several agents are audited beside each other.
 *
 * @returns The audits in the order of the agents.
 * @throws NotFoundError for an unknown agent or decision; UnavailableError when the log's chain is down.
 */
export async function auditProject(
  workspace: Workspace,
  options: AuditProjectOptions = {},
): Promise<AgentAudit[]> {
  const log = await requireLog(workspace, { lacking: 'nothing to audit' })
  const names = options.agents ?? (await workspace.store.agents.list()).map(({ name }) => name)
  const sample = options.sample === undefined ? null : await seeded(options.sample, log)
  const chain = { rpcUrl: log.rpcUrl, contract: log.contract, fromBlock: log.fromBlock }
  const domain = { chainId: log.chainId, verifyingContract: log.contract }
  const signers = createSignerFinder(domain)
  const readOnce = createSourceReader(workspace)
  const started: Promise<AgentAudit>[] = []
  try {
    return await mapInOrder(names, AUDITS_AT_ONCE, name => {
      const audit = auditOne(name)
      started.push(audit)
      return audit
    })
  } finally {
    // Where one failed, the others still read the store, which the caller closes next.
    await Promise.allSettled(started)
    await signers.close()
  }

  async function auditOne(nameOrId: string): Promise<AgentAudit> {
    const config = await agentConfig(workspace, nameOrId)
    const definition = await loadAgent(config)
    const stored = await deployedAgent(workspace, config.name)
    const instruments = observedInstruments(definition)
    const inference = await inferenceAsStored(workspace, stored.model)
    const { models: later } = await laterModels(workspace.store, stored, async hash => {
      const found = await inferenceAsStored(workspace, hash)
      return found === 'unreadable' ? null : found
    })
    const rows: SourceRow[][] = []
    const unreachable: string[] = []
    for (const source of workspace.project.sources) {
      if (!instrumentsOf(source).some(({ id }) => instruments.includes(id))) continue
      const found = await readOnce(source)
      if (found instanceof UnavailableError) unreachable.push(`${source.name}: ${found.message}`)
      else rows.push(found.filter(({ instrument }) => instruments.includes(instrument)))
    }
    const withdrawals = await workspace.store.observations.withdrawals(instruments)
    const observations = checkedAgainstSources(
      storedObservations(workspace.store.observations, instruments),
      unreachable.length > 0 ? null : rows.flat(),
      withdrawals,
    )
    const report = await auditAgent({
      agent: stored.id,
      decisions: workspace.store.decisions,
      chain,
      domain,
      signers,
      ...(options.sequence === undefined ? {} : { sequences: options.sequence }),
      ...(sample === null ? {} : { sample }),
      replay: () =>
        inference === 'unreadable'
          ? null
          : replayDecisions({
              agent: stored.id,
              definition,
              inference,
              laterModels: later,
              activeFromMs: stored.activeFromMs,
              observations,
              retainBlocks: retainedBlocks(withdrawals),
            }),
      model: hash => checkModel(workspace, hash),
      onProgress: (checked, total) => options.onProgress?.(config.name, checked, total),
    })
    const orphaned = await orphanedNotes(workspace, stored, withdrawals, options.sequence)
    return { name: config.name, report, unreachable, orphaned }
  }
}

async function seeded({ size, seed }: SampleRequest, { rpcUrl }: { rpcUrl: string }): Promise<AuditSample> {
  return { size, seed: seed ?? (await latestBlock(clientOf({ rpcUrl }))).hash }
}

async function orphanedNotes(
  { store: { decisions } }: Workspace,
  { id: agent }: StoredAgent,
  withdrawals: readonly Withdrawal[],
  sequence: number | undefined,
): Promise<OrphanedNote[]> {
  const notes: OrphanedNote[] = []
  if (sequence !== undefined) {
    const decision = await decisions.find(agent, sequence)
    const withdrawal = decision === null ? null : recordOrphanedBy(decision, withdrawals)
    if (withdrawal !== null) notes.push(noteOf(sequence, withdrawal))
    return notes
  }
  for await (const { decision, withdrawal } of findOrphaned({ decisions, agent, withdrawals }))
    notes.push(noteOf(decision.sequence, withdrawal))
  return notes
}

function noteOf(sequence: number, { source, forkBlock, throughBlock, visibleAt }: Withdrawal): OrphanedNote {
  return { sequence, source, forkBlock, throughBlock, withdrawnAtMs: visibleAt }
}

/** Reads each source at most once, however many agents observe it. */
function createSourceReader(workspace: Workspace) {
  const read = new Map<string, Promise<SourceRow[] | UnavailableError>>()
  return (config: SourceConfig): Promise<SourceRow[] | UnavailableError> => {
    const rows =
      read.get(config.name) ??
      readSourceAgain(workspace, config).catch((error: unknown) => {
        if (error instanceof UnavailableError) return error
        throw error
      })
    read.set(config.name, rows)
    return rows
  }
}

async function deployedAgent(workspace: Workspace, name: string): Promise<StoredAgent> {
  const stored = await workspace.store.agents.find(name)
  if (stored !== null) return stored
  throw new NotFoundError(`Agent "${name}" has not run yet: it has no decisions to audit.`, {
    facts: { agent: name },
    hint: `Run it: touchstone run ${name}`,
  })
}

/**
 * The model as the store has it now, changed or not: the audit runs it and then says whether it is the one
 * that the record names. `unreadable` when it no longer is a model at all.
 */
async function inferenceAsStored(workspace: Workspace, hash: Hash): Promise<Inference | null | 'unreadable'> {
  if (hash === ZERO_HASH) return null
  const stored = await workspace.store.models.find(hash)
  if (stored === null) return 'unreadable'
  try {
    return createInference(parseSealedModel(stored.artifact))
  } catch (error) {
    if (error instanceof InvalidInputError || error instanceof IntegrityError) return 'unreadable'
    throw error
  }
}

async function checkModel(
  workspace: Workspace,
  hash: Hash,
): Promise<'equal' | { readonly difference: string }> {
  const stored = await workspace.store.models.find(hash)
  if (stored === null) return { difference: `the store has no model ${hash}` }
  try {
    parseSealedModel(stored.artifact, hash)
    return 'equal'
  } catch (error) {
    if (error instanceof InvalidInputError || error instanceof IntegrityError)
      return { difference: error.message }
    throw error
  }
}
