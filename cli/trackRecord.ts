import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { createPublicClient, http } from 'viem'
import { observedInstruments } from '../agents/index.ts'
import {
  comparePrices,
  openRevealed,
  type PublishedDecision,
  parsePublished,
  proveRecords,
  type RecordFault,
  sealedPlaces,
  type TimedAnchor,
  type TrackRecord,
  trackRecordOf,
} from '../backtest/index.ts'
import {
  type Address,
  type AgentId,
  type DecisionRecord,
  type DecisionStore,
  type Hash,
  IntegrityError,
  InvalidInputError,
  type RecordedDecision,
  toError,
  UnavailableError,
  type UnixMs,
} from '../core/index.ts'
import {
  type Anchor,
  blockTimes,
  isSealedAt,
  type LogDomain,
  type PublishedSealed,
  publishSealed,
  readAnchors,
  readChainLeaves,
  readKeys,
  readReveals,
} from '../decision-log/index.ts'
import { loadAgent } from './agentCatalogue.ts'
import { agentConfig } from './deployedAgents.ts'
import { storedObservations } from './storedEvents.ts'
import { systemClock } from './systemClock.ts'
import type { Workspace } from './workspace.ts'

/** The log on a chain that a track record is read from. */
export type ReadLog = {
  readonly rpcUrl: string
  readonly contract: Address
  readonly fromBlock: number
  /** The reveal log on the same chain; without it, when keys of sealed decisions came is not told. */
  readonly reveals?: { readonly contract: Address; readonly fromBlock?: number } | undefined
}

/** What a track record covers. */
export type TrackRecordChoices = {
  readonly sinceMs?: UnixMs
  readonly untilMs?: UnixMs
  readonly lateAfterMs?: number
}

/** Rebuilds an agent's track record from the chain and a file of published decisions: no store is needed. */
export async function trackRecordOfFile(
  agent: AgentId,
  file: string,
  log: ReadLog,
  choices: TrackRecordChoices,
): Promise<TrackRecord> {
  return trackRecord(agent, publishedIn(file), log, choices)
}

/**
 * Rebuilds the track record of an agent of a project, whose store holds the bodies; prices are compared with its
 * observations too.
 *
 * @throws NotFoundError for an unknown agent.
 */
export async function trackRecordOfProject(
  workspace: Workspace,
  nameOrId: string,
  log: ReadLog,
  choices: TrackRecordChoices,
): Promise<TrackRecord> {
  const config = await agentConfig(workspace, nameOrId)
  const stored = await workspace.store.agents.find(config.name)
  if (stored === null)
    throw new InvalidInputError(`Agent "${config.name}" has not run yet: it has no record.`, {
      facts: { agent: config.name },
      hint: `Run it: touchstone run ${config.name}`,
    })
  const instruments = observedInstruments(await loadAgent(config))
  const observations = () => storedObservations(workspace.store.observations, instruments)
  return trackRecord(
    stored.id,
    storedDecisions(workspace.store.decisions, stored.id, systemClock()),
    log,
    choices,
    async records => (await comparePrices(records, observations())).faults,
  )
}

async function trackRecord(
  agent: AgentId,
  published: AsyncIterable<PublishedDecision | PublishedSealed>,
  { rpcUrl, contract, fromBlock, reveals: revealLog }: ReadLog,
  choices: TrackRecordChoices,
  pricesOf: (records: readonly DecisionRecord[]) => Promise<readonly RecordFault[]> = async () => [],
): Promise<TrackRecord> {
  const client = createPublicClient({ transport: http(rpcUrl) })
  const domain: LogDomain = { chainId: await reached(client.getChainId()), verifyingContract: contract }
  const place = { client, contract, agent, fromBlock }
  const anchors = await timed(await readAnchors(place), client)
  const keys = await readKeys(place)
  const asPublished = await proveRecords({
    agent,
    domain,
    anchors,
    keys,
    published,
    leavesOf: anchor => leavesOf(anchor, client),
  })
  const sealed = sealedPlaces(asPublished)
  const reveals = revealLog && (await readReveals({ client, agent, sealed, ...revealLog }))
  const proven = await openRevealed({ proven: asPublished, reveals: reveals ?? [], keys, domain })
  const priceFaults = await pricesOf(proven.records.map(({ record }) => record))
  return trackRecordOf({ agent, proven, keys, priceFaults, ...(reveals && { reveals }), ...choices })
}

type Client = ReturnType<typeof createPublicClient>

/** Gives each anchor the time of its block. */
async function timed(anchors: readonly Anchor[], client: Client): Promise<TimedAnchor[]> {
  const times = await blockTimes(
    client,
    anchors.map(({ blockNumber }) => blockNumber),
  )
  return anchors.map(anchor => ({ ...anchor, anchoredAtMs: times.get(anchor.blockNumber) as UnixMs }))
}

/** The leaves of a batch; null where its transaction carries none. */
async function leavesOf(anchor: Anchor, client: Client): Promise<readonly Hash[] | null> {
  try {
    return await readChainLeaves(anchor, { client })
  } catch (error) {
    if (error instanceof IntegrityError) return null
    throw error
  }
}

async function reached<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch {
    // Without the node's own text, which may quote an address that holds a key.
    throw new UnavailableError('The chain’s node did not answer.', {
      hint: 'Check that it runs and that its RPC address is right, then try again.',
    })
  }
}

/** Records read at a time. */
const PAGE_SIZE = 2_000

/** A message of the feed; what was sealed says so. */
type StoredDecision = PublishedDecision | (PublishedSealed & { readonly type: 'sealed' })

/**
 * The decisions of an agent as a store has them for anybody: those that are sealed at a time are published so, as the
 * feed does.
 */
export async function* storedDecisions(
  store: Pick<DecisionStore, 'list'>,
  agent: AgentId,
  nowMs: UnixMs,
): AsyncGenerator<StoredDecision> {
  for (let fromSequence = 0; ; ) {
    const page = await store.list({ agent, fromSequence, limit: PAGE_SIZE })
    for (const decision of page) yield publishedAt(decision, nowMs)
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE_SIZE) return
    fromSequence = last.sequence + 1
  }
}

function publishedAt(decision: RecordedDecision, nowMs: UnixMs): StoredDecision {
  const { agent, sequence, body, signature, sealed } = decision
  if (sealed === undefined || !isSealedAt(decision, nowMs)) return { agent, sequence, body, signature }
  return { type: 'sealed', ...publishSealed(decision, sealed) }
}

/** The decisions of a file, a line at a time. */
async function* publishedIn(file: string): AsyncGenerator<PublishedDecision | PublishedSealed> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })
  let number = 0
  try {
    for await (const line of lines) {
      const decision = parsePublished(line, ++number)
      if (decision !== null) yield decision
    }
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    throw new InvalidInputError(`${file} cannot be read: ${toError(error).message}`, {
      facts: { file },
      hint: 'Name a file of decisions, as `touchstone export decisions` writes them.',
      cause: error,
    })
  }
}
