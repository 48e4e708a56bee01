import { type Address, type AgentId, type Hash, IntegrityError, type UnixMs } from '../core/index.ts'
import { blockTimes } from './blockTime.ts'
import { type ChainAccess, clientOf, latestBlock } from './logChain.ts'
import { type PostedKey, readRevealedKeys } from './readRevealedKeys.ts'
import { keyHashOf, sealedSaltOf } from './revealKeys.ts'

/** A decision that was sealed, and what its key must fit: its envelope's hash, or its record's salt. */
export type SealedPlace = {
  readonly sequence: number
  readonly revealAtMs: UnixMs
} & (
  | {
      /** From the signed envelope, which is public at once. */
      readonly keyHash: Hash
    }
  | {
      /** From the record, which the anchored leaf binds: what remains when no envelope was kept. */
      readonly salt: Hash
    }
)

/** When the key of some decisions was made public. */
export type Reveal = {
  readonly revealAtMs: UnixMs
  /** Decisions that the key opens, ascending. */
  readonly sequences: readonly number[]
  /** keccak256 of the key; null where it is missing and only records say what it must fit. */
  readonly keyHash: Hash | null
  /** Null while it is missing. */
  readonly key: Hash | null
  /** Time of the block that holds it; null while it is missing. */
  readonly revealedAtMs: UnixMs | null
  /**
   * How long after its time it came, or, missing, is due by now by the chain's latest block; 0 for one that is not due
   * yet. Blocks are seconds apart: a few seconds are no delay of the agent's.
   */
  readonly lateMs: number
  readonly blockNumber: number | null
  readonly transactionHash: Hash | null
}

/**
 * Tells for each reveal time of an agent when its key came on chain. Of what was posted in the agent's name, only the
 * keys that fit the decisions count, and of the same key the first time: what others post changes nothing.
 *
 * @param contract The RevealLog.
 * @param sealed Every decision that was sealed: from checked envelopes (`verifyEnvelope`) or records.
 * @param fromBlock Block of the contract's deployment; default 0.
 * @throws UnavailableError when the node fails.
 */
export async function readReveals(
  options: ChainAccess & {
    readonly contract: Address
    readonly agent: AgentId
    readonly sealed: readonly SealedPlace[]
    readonly fromBlock?: number
  },
): Promise<Reveal[]> {
  const { contract, agent, sealed, fromBlock = 0 } = options
  const client = clientOf(options)
  const { number: latest } = await latestBlock(client)
  const posted = await readRevealedKeys(client, { contract, agent, fromBlock, toBlock: latest })
  const found = new Map<string, Found>()
  for (const place of sealed) {
    const { revealAtMs, sequence } = place
    const match = posted.find(each => each.revealAtMs === revealAtMs && fits(place, each.key)) ?? null
    const keyHash = match !== null ? keyHashOf(match.key) : 'keyHash' in place ? place.keyHash : null
    const name = `${revealAtMs}/${keyHash}`
    const group = found.get(name) ?? { revealAtMs, keyHash, match, sequences: [] }
    found.set(name, group)
    group.sequences.push(sequence)
  }
  const holding = [...found.values()].flatMap(({ match }) => (match === null ? [] : [match.blockNumber]))
  const times = await blockTimes(client, [latest, ...holding])
  return [...found.values()]
    .map(each => toReveal(each, times, latest))
    .sort((a, b) => a.revealAtMs - b.revealAtMs || (a.sequences[0] ?? 0) - (b.sequences[0] ?? 0))
}

type Found = {
  readonly revealAtMs: UnixMs
  readonly keyHash: Hash | null
  readonly match: PostedKey | null
  readonly sequences: number[]
}

function fits(place: SealedPlace, key: Hash): boolean {
  return 'keyHash' in place
    ? keyHashOf(key) === place.keyHash
    : sealedSaltOf(key, place.sequence) === place.salt
}

function toReveal(
  { revealAtMs, keyHash, match, sequences }: Found,
  times: ReadonlyMap<number, UnixMs>,
  latest: number,
): Reveal {
  const timeOf = (blockNumber: number) => times.get(blockNumber) ?? unread(blockNumber)
  const revealedAtMs = match === null ? null : timeOf(match.blockNumber)
  return {
    revealAtMs,
    sequences: sequences.sort((a, b) => a - b),
    keyHash,
    key: match?.key ?? null,
    revealedAtMs,
    lateMs: Math.max(0, (revealedAtMs ?? timeOf(latest)) - revealAtMs),
    blockNumber: match?.blockNumber ?? null,
    transactionHash: match?.transactionHash ?? null,
  }
}

function unread(blockNumber: number): never {
  throw new IntegrityError(`The time of block ${blockNumber} was not read.`, {
    facts: { blockNumber },
    hint: 'Read again.',
  })
}
