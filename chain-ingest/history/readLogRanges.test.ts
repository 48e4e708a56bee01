import { afterAll, beforeAll, expect, test } from 'vitest'
import { UnavailableError } from '../../core/index.ts'
import { createRpcSource } from '../sources/rpcSource.ts'
import { type EmitterChain, startEmitterChain } from '../testing/emitterChain.conformance.ts'
import { type ProxiedCall, startFaultProxy } from '../testing/faultProxy.conformance.ts'
import { readLogRanges } from './readLogRanges.ts'

/** Blocks of the chain; each third one holds a log. */
const BLOCKS = 240
let chain: EmitterChain
let head: number
beforeAll(async () => {
  chain = await startEmitterChain()
  for (let block = 0; block < BLOCKS / 3; block++) {
    await chain.mine([BigInt(block)])
    await chain.client.mine({ blocks: 2 })
  }
  head = Number(await chain.client.getBlockNumber({ cacheTime: 0 }))
})
afterAll(() => chain?.anvil.stop())

type Asked = { readonly from: number; readonly to: number }

/** Reads the chain from a node that refuses ranges; says what it was asked for, and whether all came in order. */
async function readFrom(refusal: (asked: Asked) => string | null) {
  const asked: (Asked & { readonly refused: boolean })[] = []
  const proxy = await startFaultProxy(chain.anvil.url, ({ method, params: [filter] }: ProxiedCall) => {
    if (method !== 'eth_getLogs') return 'pass'
    const [from, to] = [Number(filter?.fromBlock), Number(filter?.toBlock)]
    const message = refusal({ from, to })
    asked.push({ from, to, refused: message !== null })
    return message === null ? 'pass' : { answer: { error: { code: -32_602, message } } }
  })
  const source = await createRpcSource({ url: proxy.url })
  try {
    const blocks: number[] = []
    let logs = 0
    for await (const range of readLogRanges({
      source,
      addresses: [chain.address],
      fromBlock: 0,
      toBlock: head,
    })) {
      expect(range.fromBlock).toBe(blocks.length === 0 ? 0 : (blocks.at(-1) ?? 0) + 1)
      blocks.push(range.toBlock)
      logs += range.logs.length
    }
    expect(blocks.at(-1)).toBe(head)
    expect(logs).toBe(BLOCKS / 3)
    return asked
  } finally {
    await source.close()
    await proxy.close()
  }
}

const blocksOf = ({ from, to }: Asked): number => to - from + 1
const hex = (value: number): string => `0x${value.toString(16)}`

test('the range that a node suggests is the next that it is asked for', async () => {
  const asked = await readFrom(({ from, to }) =>
    to - from + 1 > 7
      ? `You can make eth_getLogs requests with up to a 7 block range. Based on your parameters, this block range should work: [${hex(from)}, ${hex(from + 6)}]`
      : null,
  )
  // The first four are asked for at once; each is then read in the parts that were suggested.
  const refused = asked.filter(each => each.refused)
  expect(refused.filter(({ from }) => from === 0).map(blocksOf)).toEqual([25])
  expect(asked).toContainEqual({ from: 0, to: 6, refused: false })
  expect(asked).toContainEqual({ from: 7, to: 13, refused: false })
  expect(asked.filter(each => !each.refused).every(each => blocksOf(each) <= 7)).toBe(true)
})

test('a limit that a node states is kept; one that only refuses is found by halves', async () => {
  const stated = await readFrom(asked => (blocksOf(asked) > 5 ? 'query exceeds max block range 5' : null))
  expect(stated.filter(each => !each.refused).some(each => blocksOf(each) === 5)).toBe(true)
  const silent = await readFrom(asked => (blocksOf(asked) > 5 ? 'block range is too wide' : null))
  expect(silent.filter(each => !each.refused).some(each => blocksOf(each) === 4)).toBe(true)
  expect(stated.filter(each => each.refused).length).toBeLessThan(silent.filter(each => each.refused).length)
})

test('a suggestion that is refused in its turn is halved, down to a clear end', async () => {
  const lying = await readFrom(({ from, to }) =>
    to - from + 1 > 3 ? `Try with this block range [${hex(from)}, ${hex(Math.max(from, to - 1))}].` : null,
  )
  // Each is refused as a whole, and as the one suggested; then by halves.
  expect(lying.filter(({ from, refused }) => refused && from === 0).map(blocksOf)).toEqual([25, 24, 12, 6])
  const attempt = readFrom(() => 'query returned more than 10000 results')
  await expect(attempt).rejects.toThrow(UnavailableError)
  await expect(attempt).rejects.toThrow(/refuses the logs of block \d+ alone/)
})
