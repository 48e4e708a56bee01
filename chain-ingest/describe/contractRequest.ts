import type { Address, Instrument } from '../../core/index.ts'

/** What is known of an instrument beforehand; the contract is asked for the rest. */
export type InstrumentRequest = {
  readonly id?: string | undefined
  readonly kind?: Instrument['kind'] | undefined
  readonly symbol?: string | undefined
  readonly decimals?: number | undefined
  /** Currency that prices are quoted in; USD unless given, and of a pool its other token. */
  readonly quote?: string | undefined
}

/**
 * A contract to read, by what it is and where. Everything else is asked of it, unless given: a recording cannot be
 * asked.
 */
export type ContractRequest =
  | {
      /** A Uniswap v3 pool. */
      readonly kind: 'pool'
      readonly address: Address
      readonly base?: InstrumentRequest | undefined
      /** Which of its tokens is traded for the other; unless given, the one that is no dollar. */
      readonly baseIsToken0?: boolean | undefined
      /** The other of its tokens, by its address, instead of `baseIsToken0`. */
      readonly quoteToken?: Address | undefined
      readonly token0Decimals?: number | undefined
      readonly token1Decimals?: number | undefined
    }
  | {
      /** An ERC-20 token, an ERC-3643 one, or one whose holders are paid yield (Plume Arc). */
      readonly kind: 'erc20' | 'permissionedToken' | 'distributor'
      readonly address: Address
      readonly instrument?: InstrumentRequest | undefined
    }
  | {
      /** An ERC-4626 vault. */
      readonly kind: 'vault'
      readonly address: Address
      /** The share token. */
      readonly instrument?: InstrumentRequest | undefined
      readonly assetDecimals?: number | undefined
    }
  | {
      /** An ERC-7540 vault with requests. */
      readonly kind: 'asyncVault'
      readonly address: Address
      /** The share token. */
      readonly instrument?: InstrumentRequest | undefined
      readonly assetDecimals?: number | undefined
      /** Blocks between two looks at what can be claimed; none unless given: the vault's own events say it. */
      readonly pollBlocks?: number | null | undefined
    }
  | {
      /** A BoringVault accountant. */
      readonly kind: 'accountant'
      readonly address: Address
      /** The share token. */
      readonly instrument?: InstrumentRequest | undefined
      readonly rateDecimals?: number | undefined
    }
  | {
      /** A Chainlink aggregator. */
      readonly kind: 'oracle'
      readonly address: Address
      /** What it prices; an index of its own, named by its description, unless given. */
      readonly instrument?: InstrumentRequest | undefined
      readonly decimals?: number | undefined
    }
  | {
      /** Any contract, by the events that are named. */
      readonly kind: 'events'
      readonly address: Address
      /** What the events are about; the contract's own token unless given. */
      readonly instrument?: InstrumentRequest | undefined
      readonly events: readonly string[]
    }
