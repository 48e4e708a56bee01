import { type Hex, numberToHex, pad, toEventSelector } from 'viem'
import type { EmitterChain } from '../chain-ingest/testing/emitterChain.conformance.ts'
import type { SourceConfig } from '../cli/projectSchema.ts'

// A pool on a real node, as far as an agent is concerned: a contract that says what it is told to, and the source of a
// project that reads it.

const SWAP = toEventSelector('Swap(address,address,int256,int256,uint160,uint128,int24)')

/** Mines a block with a swap that leaves the pool at a price. */
export async function trade({ client, address }: EmitterChain, price: number): Promise<void> {
  const [account] = await client.getAddresses()
  if (account === undefined) throw new Error('anvil has no account')
  const word = (value: bigint) => numberToHex(value, { size: 32, signed: true })
  const sqrtPriceX96 = BigInt(Math.round(Math.sqrt(price) * 2 ** 48)) << 48n
  const data = [SWAP, pad('0x1'), pad('0x2'), word(-(10n ** 18n)), word(BigInt(price) * 10n ** 18n)]
  const words = [...data, word(sqrtPriceX96), word(10n ** 20n), word(80_000n)].map(each => each.slice(2))
  await client.sendTransaction({ account, to: address, data: `0x${words.join('')}` as Hex, gas: 100_000n })
  await client.mine({ blocks: 1 })
}

/** The source of a project that reads the pool. */
export function poolSource(
  { anvil, address, instrument }: EmitterChain,
  url: string | string[],
): SourceConfig {
  return {
    kind: 'rpc',
    name: 'pool',
    url,
    requestsPerSecond: null,
    finality: 64,
    chainId: anvil.chainId,
    contracts: [
      {
        kind: 'pool',
        address,
        base: instrument,
        baseIsToken0: true,
        token0Decimals: 18,
        token1Decimals: 18,
      },
    ],
    fromBlock: 0,
    toBlock: null,
    finalityDelayMs: 0,
    confirmations: 0,
  }
}
