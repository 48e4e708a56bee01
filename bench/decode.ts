import { decodeEventLog, encodeAbiParameters, encodeEventTopics, parseAbi } from 'viem'
import { eventDecoders } from '../chain-ingest/index.ts'
import { type BenchmarkResult, nanosecondsPerCall } from './benchmark.ts'

const CALLS = 2_000

/** Decoding one Uniswap v3 Swap log: a decoder compiled once, beside viem's decodeEventLog. */
export async function decode(): Promise<BenchmarkResult> {
  const abi = parseAbi([
    'event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)',
  ])
  const address = `0x${'5a'.repeat(20)}` as const
  const topics = encodeEventTopics({ abi, eventName: 'Swap', args: { sender: address, recipient: address } })
  const data = encodeAbiParameters(
    [{ type: 'int256' }, { type: 'int256' }, { type: 'uint160' }, { type: 'uint128' }, { type: 'int24' }],
    [
      -22_686_110n,
      10n ** 16n,
      1_662_995_104_975_155_420_368_771_254_341_874n,
      12_453_647_101_533_358_277n,
      199_045,
    ],
  )
  const words = topics.filter(topic => typeof topic === 'string') as [`0x${string}`, ...`0x${string}`[]]
  const log = { topics: words, data }
  const expected = decodeEventLog({ abi, ...log }).args
  const decoded = eventDecoders.swap.decode(log)
  if (decoded === null || decoded.amount0 !== expected.amount0 || decoded.tick !== expected.tick)
    throw new Error('the two decoders disagree')
  return {
    name: 'decode',
    unit: 'ns/log',
    ours: nanosecondsPerCall(() => void eventDecoders.swap.decode(log), CALLS),
    peers: { viem: nanosecondsPerCall(() => void decodeEventLog({ abi, ...log }), CALLS) },
    limit: null,
  }
}
