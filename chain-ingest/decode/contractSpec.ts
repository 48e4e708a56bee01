import { type Address, digestOf, type Instrument, InvalidInputError } from '../../core/index.ts'
import { compileContractEvents } from './contractEventDecoder.ts'

/** A Uniswap v3 pool; its events become swaps, liquidity changes and collections of the base instrument. */
export type PoolSpec = {
  readonly kind: 'pool'
  readonly address: Address
  /** The traded instrument; the pool's other token is the quote currency. */
  readonly base: Instrument
  readonly baseIsToken0: boolean
  readonly token0Decimals: number
  readonly token1Decimals: number
}

/** An ERC-20 token; its transfers become transfers of the instrument. */
export type Erc20Spec = { readonly kind: 'erc20'; readonly address: Address; readonly instrument: Instrument }

/** An ERC-3643 permissioned token; its transfers, and what its issuer does to it or to a wallet. */
export type PermissionedTokenSpec = {
  readonly kind: 'permissionedToken'
  readonly address: Address
  readonly instrument: Instrument
}

/** Pays yield to the holders of a token beside its price (Plume Arc); distributions of the instrument. */
export type DistributorSpec = {
  readonly kind: 'distributor'
  readonly address: Address
  /** The token whose holders are paid. */
  readonly instrument: Instrument
}

/** Any contract, read by the events that are named; each becomes a contract event of the instrument. */
export type EventsSpec = {
  readonly kind: 'events'
  readonly address: Address
  /** The instrument that the events are about. */
  readonly instrument: Instrument
  /** Signatures as Solidity writes them: `Supply(address indexed reserve, address user, uint256 amount)`. */
  readonly events: readonly string[]
}

/** An ERC-4626 or ERC-7540 vault; deposits, withdrawals, requests and fulfilments of the share token. */
export type VaultSpec = {
  readonly kind: 'vault'
  readonly address: Address
  /** The share token. */
  readonly instrument: Instrument
  readonly assetDecimals: number
}

/**
 * An ERC-7540 vault with requests; what a `vault` gives, and whose request a deposit or a withdrawal claims. Events
 * of Nest and Centrifuge say when a request can be claimed; other vaults are asked.
 */
export type AsyncVaultSpec = {
  readonly kind: 'asyncVault'
  readonly address: Address
  /** The share token. */
  readonly instrument: Instrument
  readonly assetDecimals: number
  /**
   * Blocks between two looks at what can be claimed, since ERC-7540 has no event for it: the vault is asked at
   * each block whose number this divides. Null for a vault that emits an event of its own.
   */
  readonly pollBlocks: number | null
}

/** A BoringVault accountant; every published rate becomes a NAV of the instrument. */
export type AccountantSpec = {
  readonly kind: 'accountant'
  readonly address: Address
  readonly instrument: Instrument
  /** Decimals of the rate, which are those of the asset that the vault counts in. */
  readonly rateDecimals: number
}

/** A Chainlink aggregator; every answer becomes a NAV of the instrument. */
export type OracleSpec = {
  readonly kind: 'oracle'
  readonly address: Address
  readonly instrument: Instrument
  readonly decimals: number
}

/** What a contract is, and so how its logs are read. */
export type ContractSpec =
  | PoolSpec
  | Erc20Spec
  | PermissionedTokenSpec
  | DistributorSpec
  | VaultSpec
  | AsyncVaultSpec
  | AccountantSpec
  | OracleSpec
  | EventsSpec

/** The instrument that a contract's events are about. */
export function instrumentOf(spec: ContractSpec): Instrument {
  return spec.kind === 'pool' ? spec.base : spec.instrument
}

/** The addresses of contracts, lower-case, each once, in the order given. */
export function addressesOf(contracts: readonly ContractSpec[]): Address[] {
  return [...new Set(contracts.map(spec => lowerCase(spec.address)))]
}

/**
 * Names what is read from a chain, for the cursor: a hash of the contracts. Other contracts, or the same ones
 * read otherwise, make another stream, which starts from its first block.
 */
export function streamOf(contracts: readonly ContractSpec[]): string {
  return digestOf(contracts.map(spec => ({ ...spec, address: lowerCase(spec.address) })))
}

/**
 * Checks contracts before anything is read.
 *
 * @throws InvalidInputError naming the field when there is no contract, an address, the signature of an event or a
 * number is malformed, or decimals contradict each other.
 */
export function checkContracts(contracts: readonly ContractSpec[]): void {
  if (contracts.length === 0)
    throw new InvalidInputError('There is no contract to read.', { hint: 'Name at least one contract.' })
  for (const spec of contracts) {
    const { address, kind } = spec
    if (!/^0x[0-9a-fA-F]{40}$/.test(address))
      throw new InvalidInputError(`"${address}" is not an address of a contract (${kind}).`, {
        facts: { address, kind },
        hint: 'Write 0x and 40 hexadecimal digits.',
      })
    for (const [field, decimals] of Object.entries(decimalsOf(spec)))
      if (!Number.isInteger(decimals) || decimals < 0 || decimals > 77)
        throw new InvalidInputError(
          `${decimals} is not a number of decimals (${field} of ${kind} ${address}).`,
          {
            facts: { field, decimals, address, kind },
            hint: 'Read decimals() of the token; it is a whole number, mostly 6, 8 or 18.',
          },
        )
    if (spec.kind === 'events') compileContractEvents(spec.events)
    if (spec.kind === 'asyncVault') checkPollBlocks(spec)
    if (spec.kind !== 'pool') continue
    const decimals = spec.baseIsToken0 ? spec.token0Decimals : spec.token1Decimals
    if (decimals !== spec.base.decimals)
      throw new InvalidInputError(
        `${spec.base.symbol} has ${spec.base.decimals} decimals, but the pool ${address} counts it with ${decimals}.`,
        {
          facts: { instrument: spec.base.id, decimals: spec.base.decimals, poolDecimals: decimals, address },
          hint: 'Check baseIsToken0 and the decimals of both tokens.',
        },
      )
  }
}

function checkPollBlocks({ address, pollBlocks }: AsyncVaultSpec): void {
  if (pollBlocks === null || (Number.isSafeInteger(pollBlocks) && pollBlocks > 0)) return
  throw new InvalidInputError(`${pollBlocks} is no number of blocks (pollBlocks of asyncVault ${address}).`, {
    facts: { field: 'pollBlocks', pollBlocks, address },
    hint: 'Give a whole number above 0, or null where the vault emits an event when a request can be claimed.',
  })
}

const lowerCase = (address: Address): Address => `0x${address.slice(2).toLowerCase()}`

/** Every number of decimals that a specification gives, by its field. */
function decimalsOf(spec: ContractSpec): Record<string, number> {
  const own = {
    [spec.kind === 'pool' ? 'base.decimals' : 'instrument.decimals']: instrumentOf(spec).decimals,
  }
  switch (spec.kind) {
    case 'pool':
      return { token0Decimals: spec.token0Decimals, token1Decimals: spec.token1Decimals, ...own }
    case 'vault':
    case 'asyncVault':
      return { ...own, assetDecimals: spec.assetDecimals }
    case 'accountant':
      return { ...own, rateDecimals: spec.rateDecimals }
    case 'oracle':
      return { ...own, decimals: spec.decimals }
    case 'erc20':
    case 'permissionedToken':
    case 'distributor':
    case 'events':
      return own
  }
}
