import {
  chainSource,
  deliveredEvent,
  type EventPosition,
  type MarketEvent,
  type ObservationStore,
  positionOf,
  type StoredObservation,
} from '../../core/index.ts'
import type { AsyncVaultSpec, ContractSpec } from '../decode/contractSpec.ts'
import type { SourceHeader } from '../sources/requestRpc.ts'
import { isUnknownBlock } from '../sources/rpcError.ts'
import {
  type ClaimablePoller,
  type ClaimablePollerOptions,
  createClaimablePoller,
  type PolledBlocks,
} from './claimablePoller.ts'
import { standingEvents } from './trackRequests.ts'

/** Rows of one read. */
const PAGE_ROWS = 10_000

/** A poller that always stands where a store stands. */
export type StoredPoller = {
  /** The poller, having taken in what is stored below a block; null when no vault is asked. */
  at(block: number): Promise<ClaimablePoller | null>
  /** `ClaimablePoller.extend` from there; null when a block was replaced meanwhile. */
  extend(blocks: PolledBlocks, headers: readonly SourceHeader[]): Promise<readonly StoredObservation[] | null>
}

/** Prepares to ask vaults what can be claimed, and to go on where a store stands. */
export function createStoredPoller({
  store,
  ...options
}: ClaimablePollerOptions & { readonly store: ObservationStore }): StoredPoller {
  const { source, contracts } = options
  const poller = createClaimablePoller(options)

  async function at(block: number): Promise<ClaimablePoller | null> {
    if (poller !== null && poller.throughBlock() !== block - 1)
      poller.restore(await storedRequests(store, source.chainId, contracts, block - 1), block - 1)
    return poller
  }

  return {
    at,
    async extend(blocks, headers) {
      const asks = await at(blocks.fromBlock)
      if (asks === null) return blocks.observations
      try {
        return await asks.extend(blocks, number => headers[number - blocks.fromBlock] ?? null)
      } catch (error) {
        if (isUnknownBlock(error)) return null
        throw error
      }
    },
  }
}

/** The requests and flows of asked vaults that a store holds and that stand, up to a block, in the order of the chain. */
async function storedRequests(
  store: ObservationStore,
  chainId: number,
  contracts: readonly ContractSpec[],
  throughBlock: number,
): Promise<MarketEvent[]> {
  const vaults = contracts.filter(
    (spec): spec is AsyncVaultSpec => spec.kind === 'asyncVault' && spec.pollBlocks !== null,
  )
  const instruments = [...new Set(vaults.map(({ instrument }) => instrument.id))]
  const source = chainSource(chainId)
  const events: MarketEvent[] = []
  let after: EventPosition | undefined
  for (;;) {
    const query = { instruments, limit: PAGE_ROWS }
    const page = await store.read(after === undefined ? query : { ...query, after })
    for (const observation of page) {
      const event = deliveredEvent(observation)
      after = positionOf(event)
      const { type } = event.value
      if (
        type === 'withdrawal' ||
        ((type === 'vaultRequest' || type === 'vaultFlow') && after.source === source)
      )
        events.push(event)
    }
    if (page.length < PAGE_ROWS) break
  }
  const addresses = [...new Set(vaults.map(({ address }) => address.toLowerCase()))]
  return standingEvents(addresses, events).filter(event => positionOf(event).block <= throughBlock)
}
