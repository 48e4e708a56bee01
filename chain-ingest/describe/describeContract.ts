import type { PublicClient } from 'viem'
import { type Address, type Instrument, InvalidInputError, instrumentId } from '../../core/index.ts'
import type { AsyncVaultSpec, ContractSpec, OracleSpec, VaultSpec } from '../decode/contractSpec.ts'
import { agreedDecimals, completeInstrument, missingField, requireContract } from './completeInstrument.ts'
import { type ContractReader, openContract } from './contractReader.ts'
import type { ContractRequest, InstrumentRequest } from './contractRequest.ts'
import { describePool } from './describePool.ts'
import { pinChain } from './pinnedChain.ts'

export type DescribeOptions = {
  readonly chainId: number
  /** The chain to ask; null for a recording, where everything must be given. */
  readonly client: PublicClient | null
  /** Block that the contract is described at; the latest unless given. */
  readonly blockNumber?: bigint | undefined
  /** What an error calls the node: its host, never its whole URL. */
  readonly endpoint?: string | undefined
}

/** What a contract of a kind is called in an error. */
const NAMES: Readonly<Record<ContractRequest['kind'], string>> = {
  pool: 'a Uniswap v3 pool',
  erc20: 'an ERC-20 token',
  permissionedToken: 'an ERC-3643 token',
  distributor: 'a token that distributes yield',
  vault: 'an ERC-4626 vault',
  asyncVault: 'an ERC-7540 vault',
  accountant: 'a BoringVault accountant',
  oracle: 'a Chainlink aggregator',
  events: 'a contract',
}

/** What the description of one contract asks through. */
export type Description = {
  readonly chainId: number
  readonly address: Address
  /** The contract; null where there is nothing to ask. */
  readonly contract: ContractReader | null
  /** Opens a token of the chain; null where there is nothing to ask. */
  readonly open: (token: Address) => Promise<ContractReader | null>
}

/**
 * Completes what is said of a contract by asking it, all at one block: tokens, decimals, symbols. That there is a
 * contract at the address, that it answers as its kind does, and that decimals given are its own, is always checked.
 *
 * @throws NotFoundError when there is no contract at the address; InvalidInputError when it is not of the kind, or
 * a field is missing and cannot be asked for; UnavailableError when the node does not answer.
 */
export async function describeContract(
  request: ContractRequest,
  { chainId, client, blockNumber, endpoint }: DescribeOptions,
): Promise<ContractSpec> {
  const address = lowerCase(request.address)
  const chain = client === null ? null : await pinChain(client, { blockNumber, endpoint })
  const contract = chain === null ? null : await openContract(chain, address, NAMES[request.kind])
  const description: Description = {
    chainId,
    address,
    contract,
    open: async token => {
      if (chain === null) return null
      // Any contract may have events; to be what they are about, it must be a token.
      const isOpen = token === address && request.kind !== 'events'
      return isOpen ? contract : openContract(chain, token, NAMES.erc20)
    },
  }
  switch (request.kind) {
    case 'pool':
      return describePool(request, description)
    case 'erc20':
      await contract?.prove('totalSupply')
      return { kind: 'erc20', address, instrument: await ownToken(request.instrument, 'spot', description) }
    case 'permissionedToken': {
      await contract?.prove('totalSupply', 'paused', 'identityRegistry', 'compliance')
      const instrument = await ownToken(request.instrument, 'navToken', description)
      return { kind: 'permissionedToken', address, instrument }
    }
    case 'distributor': {
      const instrument = await ownToken(request.instrument, 'spot', description)
      return { kind: 'distributor', address, instrument }
    }
    case 'vault':
    case 'asyncVault':
      return describeVault(request, description)
    case 'accountant': {
      await contract?.prove('getRate')
      const instrument = await completeInstrument(request.instrument ?? {}, {
        ...description,
        kind: 'vaultShare',
        token: () => requireContract(contract, 'instrument.id').addressOf('vault'),
        field: 'instrument',
      })
      const rateDecimals = await agreedDecimals(request.rateDecimals, contract, 'rateDecimals')
      return { kind: 'accountant', address, instrument, rateDecimals }
    }
    case 'oracle':
      return describeOracle(request, description)
    case 'events': {
      const { events } = request
      const instrument = await ownToken(request.instrument, 'spot', description)
      return { kind: 'events', address, instrument, events }
    }
  }
}

/** The instrument given, or the contract's own token. */
function ownToken(
  given: InstrumentRequest | undefined,
  kind: Instrument['kind'],
  description: Description,
): Promise<Instrument> {
  const token = async () => description.address
  return completeInstrument(given ?? {}, { ...description, kind, token, field: 'instrument' })
}

async function describeVault(
  request: Extract<ContractRequest, { kind: 'vault' | 'asyncVault' }>,
  description: Description,
): Promise<VaultSpec | AsyncVaultSpec> {
  const { address, contract, open } = description
  await contract?.prove('asset', 'totalAssets')
  if (request.kind === 'asyncVault') {
    await contract?.proveOne('pendingDepositRequest', 'pendingRedeemRequest')
    if (typeof request.pollBlocks === 'number')
      await contract?.proveOne('claimableDepositRequest', 'claimableRedeemRequest')
  }
  const instrument = await completeInstrument(request.instrument ?? {}, {
    ...description,
    kind: 'vaultShare',
    // An ERC-7575 vault's share is a token of its own; of an older one the vault is.
    token: async () => (await contract?.optionalAddressOf('share')) ?? address,
    field: 'instrument',
  })
  const asset = contract === null ? null : await open(await contract.addressOf('asset'))
  const assetDecimals = await agreedDecimals(request.assetDecimals, asset, 'assetDecimals')
  return request.kind === 'vault'
    ? { kind: 'vault', address, instrument, assetDecimals }
    : { kind: 'asyncVault', address, instrument, assetDecimals, pollBlocks: request.pollBlocks ?? null }
}

/** How a feed names what it prices: `PAXG / USD`. */
const PAIR = /^\s*(\S+)\s*\/\s*(\S+)\s*$/

async function describeOracle(
  request: Extract<ContractRequest, { kind: 'oracle' }>,
  description: Description,
): Promise<OracleSpec> {
  const { chainId, address, contract } = description
  const aggregator = await contract?.optionalAddressOf('aggregator')
  if (aggregator !== undefined && aggregator !== null)
    throw new InvalidInputError(`${address} is a proxy of a Chainlink aggregator: it emits no events.`, {
      facts: { address, aggregator },
      hint: `Read its present aggregator, ${aggregator}.`,
    })
  await contract?.proveOne('latestRound', 'latestRoundData')
  const decimals = await agreedDecimals(request.decimals, contract, 'decimals')
  const given = request.instrument ?? {}
  if (given.id !== undefined) {
    const token = async () => address
    const instrument = await completeInstrument(given, {
      ...description,
      kind: 'spot',
      token,
      field: 'instrument',
    })
    return { kind: 'oracle', address, instrument, decimals }
  }
  const text = (await requireContract(contract, 'instrument.id').description()) ?? ''
  const [, base, quote] = PAIR.exec(text) ?? []
  const symbol = given.symbol ?? base
  if (symbol === undefined) throw missingField('instrument.symbol')
  const instrument: Instrument = {
    id: instrumentId(`oracle:${chainId}/${address}`),
    kind: given.kind ?? 'index',
    symbol,
    decimals: given.decimals ?? decimals,
    quote: given.quote ?? quote ?? 'USD',
  }
  return { kind: 'oracle', address, instrument, decimals }
}

const lowerCase = (address: Address): Address => `0x${address.slice(2).toLowerCase()}`
