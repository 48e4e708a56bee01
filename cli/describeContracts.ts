import { BaseError, erc20Abi, type PublicClient, parseAbi } from 'viem'
import type { ContractSpec } from '../chain-ingest/index.ts'
import { type Address, erc20InstrumentId, type Instrument, InvalidInputError } from '../core/index.ts'

const poolAbi = parseAbi([
  'function token0() view returns (address)',
  'function token1() view returns (address)',
])
const vaultAbi = parseAbi(['function asset() view returns (address)'])

/** Symbols that count as the quote currency of a pool, dollars first; otherwise token1 is. */
const QUOTE_SYMBOLS = ['USDC', 'USDC.E', 'PUSD', 'USDT', 'USDT0', 'DAI', 'USDL', 'USD']

/** Contracts to describe, by what they are. */
export type ContractAddresses = {
  readonly pools: readonly Address[]
  readonly tokens: readonly Address[]
  readonly vaults: readonly Address[]
}

/**
 * Reads from the chain what ingest must know of contracts: tokens, decimals, symbols.
 *
 * @throws InvalidInputError naming the contract that is not what it is said to be.
 */
export async function describeContracts(
  client: PublicClient,
  chainId: number,
  { pools, tokens, vaults }: ContractAddresses,
): Promise<ContractSpec[]> {
  const specs: ContractSpec[] = []
  for (const address of pools)
    specs.push(await as(address, 'Uniswap v3 pool', () => describePool(client, chainId, address)))
  for (const address of vaults)
    specs.push(
      await as(address, 'ERC-4626 vault', async () => {
        const asset = lowerCase(await client.readContract({ address, abi: vaultAbi, functionName: 'asset' }))
        const share = await describeToken(client, chainId, address, 'vaultShare')
        const { decimals: assetDecimals } = await describeToken(client, chainId, asset, 'spot')
        return { kind: 'vault', address, instrument: share, assetDecimals }
      }),
    )
  // Last: a vault is its own token too, and the first contract that recognises a log takes it.
  for (const address of tokens)
    specs.push(
      await as(address, 'ERC-20 token', async () => ({
        kind: 'erc20',
        address,
        instrument: await describeToken(client, chainId, address, 'spot'),
      })),
    )
  return specs
}

async function describePool(client: PublicClient, chainId: number, address: Address): Promise<ContractSpec> {
  const token0 = lowerCase(await client.readContract({ address, abi: poolAbi, functionName: 'token0' }))
  const token1 = lowerCase(await client.readContract({ address, abi: poolAbi, functionName: 'token1' }))
  const first = await describeToken(client, chainId, token0, 'spot')
  const second = await describeToken(client, chainId, token1, 'spot')
  const baseIsToken0 = !QUOTE_SYMBOLS.includes(first.symbol.toUpperCase())
  return {
    kind: 'pool',
    address,
    base: { ...(baseIsToken0 ? first : second), quote: (baseIsToken0 ? second : first).symbol },
    baseIsToken0,
    token0Decimals: first.decimals,
    token1Decimals: second.decimals,
  }
}

async function describeToken(
  client: PublicClient,
  chainId: number,
  address: Address,
  kind: Instrument['kind'],
): Promise<Instrument> {
  const [decimals, symbol] = await Promise.all([
    client.readContract({ address, abi: erc20Abi, functionName: 'decimals' }),
    client.readContract({ address, abi: erc20Abi, functionName: 'symbol' }),
  ])
  return { id: erc20InstrumentId(chainId, address), kind, symbol, decimals, quote: 'USD' }
}

async function as<T>(address: Address, what: string, describe: () => Promise<T>): Promise<T> {
  try {
    return await describe()
  } catch (error) {
    if (!(error instanceof BaseError)) throw error
    throw new InvalidInputError(`The contract ${address} does not answer as a ${what}.`, {
      facts: { address, what, reason: error.shortMessage },
      hint: 'Check the address and the chain, or describe the contract in a file with --contracts.',
    })
  }
}

const lowerCase = (address: Address): Address => `0x${address.slice(2).toLowerCase()}`
