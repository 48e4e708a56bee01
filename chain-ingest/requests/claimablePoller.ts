import {
  type Address,
  type Hash,
  InvalidInputError,
  type MarketEvent,
  positionOf,
  type StoredObservation,
  toStoredObservation,
  UnavailableError,
} from '../../core/index.ts'
import type { AsyncVaultSpec, ContractSpec } from '../decode/contractSpec.ts'
import { mapInOrder } from '../history/inOrder.ts'
import { changedBlock, RPC_CONCURRENCY } from '../history/logReader.ts'
import type { ChainSource } from '../sources/chainSource.ts'
import { fetchCall, fetchHeader, type SourceHeader } from '../sources/requestRpc.ts'
import { isUnknownBlock } from '../sources/rpcError.ts'
import {
  type ClaimableAnswer,
  claimableCall,
  claimablePlace,
  claimableRow,
  FIRST_ASKED_INDEX,
  readClaimable,
} from './claimableRow.ts'
import { createRequestTracker, type OpenRequests, type RequestTracker } from './requestTracker.ts'

export type ClaimablePollerOptions = {
  readonly source: ChainSource
  readonly contracts: readonly ContractSpec[]
  readonly finalityDelayMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** Blocks in order, with what their logs say. */
export type PolledBlocks = {
  readonly fromBlock: number
  readonly toBlock: number
  readonly observations: readonly StoredObservation[]
}

/** Asks asynchronous vaults what can be claimed, since ERC-7540 has no event for it. */
export type ClaimablePoller = {
  /** Last block taken in; null before the first, and after a failure, when it must be restored. */
  readonly throughBlock: () => number | null
  /** Takes in what is known of the blocks up to one: standing events, in the order of the chain. */
  restore(events: Iterable<MarketEvent>, throughBlock: number): void
  /**
   * Takes in the blocks that follow, and returns their observations with the vaults' answers among them: at each
   * block whose number `pollBlocks` divides, of every controller with something pending, where more can be claimed
   * than the events before told. The same blocks give the same observations, however they are cut into batches.
   *
   * @param headerOf Header of a block, where it is at hand; the source is asked otherwise.
   * @throws UnavailableError when the node does not answer for a block, as one without old states does not.
   */
  extend(
    blocks: PolledBlocks,
    headerOf?: (block: number) => SourceHeader | null,
  ): Promise<readonly StoredObservation[]>
}

/**
 * Prepares to ask the vaults whose specification says so; null when none does.
 *
 * @throws InvalidInputError when the source is a recording, which cannot be asked.
 */
export function createClaimablePoller(options: ClaimablePollerOptions): ClaimablePoller | null {
  const { source, contracts, finalityDelayMs = 0, signal } = options
  const vaults = polledVaults(contracts)
  const [first] = vaults.keys()
  if (first === undefined) return null
  if (source.kind === 'recorded') throw recordingCannotBeAsked(first)
  const trackers = new Map<Address, RequestTracker>()
  let through: number | null = null

  const reset = () => {
    for (const vault of vaults.keys()) trackers.set(vault, createRequestTracker())
  }
  reset()

  function take({ lineage, value }: MarketEvent): void {
    if (lineage.kind === 'chain') trackers.get(lineage.address)?.apply(value)
  }

  /** The vaults to ask at a block, and what is open there. */
  function dueAt(block: number) {
    return [...vaults].flatMap(([vault, pollBlocks]) =>
      block % pollBlocks !== 0
        ? []
        : (trackers.get(vault)?.open() ?? [])
            .filter(({ pending, requestIds }) => pending > 0n && requestIds.length > 0)
            .map(open => ({ vault, open })),
    )
  }

  async function askAll(
    block: number,
    headerOf: (block: number) => SourceHeader | null,
    hash: Hash | null,
  ): Promise<StoredObservation[]> {
    const due = dueAt(block)
    if (due.length === 0) return []
    const header = headerOf(block) ?? (await fetchHeader(source, block, signal))
    if (header === null) throw noSuchBlock(source, block)
    if (hash !== null && hash !== header.hash) throw changedBlock(source, header)
    const answers = await mapInOrder(due, RPC_CONCURRENCY, ({ vault, open }) => ask(vault, open, header))
    const taken = new Set<number>()
    const observations: StoredObservation[] = []
    for (const answer of answers) {
      let { logIndex } = answer
      // Two of a billion places that are one: the later one moves on.
      while (taken.has(logIndex)) logIndex = logIndex + 1 < 2 ** 31 ? logIndex + 1 : FIRST_ASKED_INDEX
      const placed = { ...answer, logIndex }
      const event = readClaimable(placed, contracts, { chainId: source.chainId, finalityDelayMs })
      if (event === null) continue
      taken.add(logIndex)
      take(event)
      observations.push(toStoredObservation(event, claimableRow(placed)))
    }
    return observations.sort((a, b) => positionOf(a.event).logIndex - positionOf(b.event).logIndex)
  }

  async function ask(vault: Address, open: OpenRequests, header: SourceHeader): Promise<ClaimableAnswer> {
    const { controller, direction, claimable: known } = open
    const answers: { requestId: bigint; result: Hash }[] = []
    for (const requestId of open.requestIds) {
      const call = { to: vault, data: claimableCall(direction, requestId, controller) }
      try {
        answers.push({ requestId, result: await fetchCall(source, call, header.hash, signal) })
      } catch (error) {
        // The block was replaced meanwhile: who follows the chain reads it again.
        if (isUnknownBlock(error)) throw error
        if (error instanceof UnavailableError) throw noAnswer(source, vault, header.number, error)
        throw error
      }
    }
    const { number, hash, timestampMs } = header
    const logIndex = claimablePlace(vault, direction, controller)
    return { vault, block: { number, hash, timestampMs }, logIndex, controller, direction, known, answers }
  }

  return {
    throughBlock: () => through,
    restore(events, throughBlock) {
      reset()
      for (const event of events) take(event)
      through = throughBlock
    },
    async extend({ fromBlock, toBlock, observations }, headerOf = () => null) {
      // Until all is taken in, it is nobody's state.
      through = null
      const extended: StoredObservation[] = []
      const polled = [...new Set(vaults.values())]
      const nextPolled = (block: number) =>
        Math.min(...polled.map(blocks => Math.ceil(block / blocks) * blocks))
      let index = 0
      for (let block = nextPolled(fromBlock); block <= toBlock; block = nextPolled(block + 1)) {
        let hash: Hash | null = null
        for (; index < observations.length; index++) {
          const observation = observations[index] as StoredObservation
          const { lineage } = observation.event
          if (positionOf(observation.event).block > block) break
          if (lineage.kind === 'chain' && lineage.blockNumber === block) hash = lineage.blockHash
          take(observation.event)
          extended.push(observation)
        }
        extended.push(...(await askAll(block, headerOf, hash)))
      }
      for (; index < observations.length; index++) {
        const observation = observations[index] as StoredObservation
        take(observation.event)
        extended.push(observation)
      }
      through = toBlock
      return extended
    },
  }
}

/** Addresses of the vaults to ask, and how often; of two specifications of one vault, the first counts. */
function polledVaults(contracts: readonly ContractSpec[]): ReadonlyMap<Address, number> {
  const vaults = new Map<Address, number>()
  const seen = new Set<string>()
  for (const spec of contracts.filter((one): one is AsyncVaultSpec => one.kind === 'asyncVault')) {
    const address = spec.address.toLowerCase() as Address
    if (!seen.has(address) && spec.pollBlocks !== null) vaults.set(address, spec.pollBlocks)
    seen.add(address)
  }
  return vaults
}

function recordingCannotBeAsked(vault: Address): InvalidInputError {
  return new InvalidInputError(
    `A recording cannot be asked what can be claimed (pollBlocks of asyncVault ${vault}).`,
    {
      facts: { field: 'pollBlocks', address: vault },
      hint: 'Set pollBlocks to null, or read the vault from a node.',
    },
  )
}

function noAnswer(
  source: ChainSource,
  vault: Address,
  block: number,
  cause: UnavailableError,
): UnavailableError {
  return new UnavailableError(
    `The vault ${vault} gave no answer at block ${block} about what can be claimed: ${cause.message}`,
    {
      facts: { endpoint: source.endpoint, address: vault, block },
      hint: 'Old blocks need a node that keeps their states (an archive); a vault without claimableRedeemRequest and claimableDepositRequest needs pollBlocks null.',
      cause,
    },
  )
}

function noSuchBlock(source: ChainSource, block: number): UnavailableError {
  return new UnavailableError(`${source.endpoint} has no block ${block} (yet).`, {
    facts: { endpoint: source.endpoint, block },
    hint: 'Wait until the node has synchronised.',
  })
}
