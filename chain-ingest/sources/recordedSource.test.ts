import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { InvalidInputError, NotFoundError, type StoredObservation, unixMs } from '../../core/index.ts'
import { decodeRawChainRow } from '../decode/chainRow.ts'
import type { ContractSpec } from '../decode/contractSpec.ts'
import { eventDecoders } from '../decode/eventDecoders.ts'
import { derivedBlockHash } from '../decode/placeLog.ts'
import { readChainObservations } from '../history/readChainObservations.ts'
import { PAXG } from '../testing/instruments.conformance.ts'
import { createRecordedSource } from './recordedSource.ts'
import { fetchHeader } from './requestRpc.ts'

const folder = mkdtempSync(join(tmpdir(), 'recording-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
function recording(lines: readonly (object | string)[], zip = false): string {
  const file = join(folder, `${files++}.jsonl${zip ? '.gz' : ''}`)
  const text = lines.map(line => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('')
  writeFileSync(file, zip ? gzipSync(text) : text)
  return file
}

const word = (digit: string) => `0x${digit.repeat(64)}`
const TRANSFER = [eventDecoders.transfer.topic0, `0x${'1'.padStart(64, '0')}`, `0x${'2'.padStart(64, '0')}`]
const A = `0x${'a'.repeat(40)}` as const
const B = `0x${'b'.repeat(40)}` as const
const log = (block: number, logIndex: number, change: object = {}) => ({
  address: A,
  topics: [word('1'), word('2')],
  data: '0x',
  blockNumber: `0x${block.toString(16)}`,
  blockTimestamp: `0x${(1_000 + block * 12).toString(16)}`,
  blockHash: null,
  transactionHash: word('f'),
  transactionIndex: '0x0',
  logIndex: `0x${logIndex.toString(16)}`,
  removed: false,
  ...change,
})
const header = (block: number, hash: string, parentHash: string) => ({
  number: `0x${block.toString(16)}`,
  hash: word(hash),
  parentHash: word(parentHash),
  timestamp: '0x3e8',
})

const open = (lines: readonly (object | string)[], zip = false) =>
  createRecordedSource({ files: [recording(lines, zip)], chainId: 5 })

describe('answers like a node', () => {
  test('logs by range, address, topics and hash, in order, however the file has them', async () => {
    const lines = [
      log(30, 2),
      log(10, 1, { address: B }),
      log(30, 1),
      log(10, 0),
      log(20, 0, { topics: [word('3')] }),
    ]
    for (const zip of [false, true]) {
      const { client, firstBlock, chainId } = await open(lines, zip)
      const places = async (filter: object) => {
        const logs = await client.request({ method: 'eth_getLogs', params: [filter] })
        return logs.map(entry => `${Number(entry.blockNumber)}/${Number(entry.logIndex)}`)
      }
      expect([firstBlock, chainId, await client.getChainId(), await client.getBlockNumber()]).toEqual([
        10,
        5,
        5,
        30n,
      ])
      // Without a range, the latest block.
      expect(await places({})).toEqual(['30/1', '30/2'])
      expect(await places({ fromBlock: 'earliest' })).toEqual(['10/0', '10/1', '20/0', '30/1', '30/2'])
      expect(await places({ fromBlock: '0xb', toBlock: '0x1d' })).toEqual(['20/0'])
      expect(
        await places({ fromBlock: '0x0', toBlock: '0x1e', address: [B.toUpperCase().replace('X', 'x')] }),
      ).toEqual(['10/1'])
      expect(await places({ fromBlock: '0x0', topics: [word('3')] })).toEqual(['20/0'])
      expect(await places({ fromBlock: '0x0', topics: [null, [word('2')]] })).toHaveLength(4)
      expect(await places({ blockHash: derivedBlockHash(5, 30) })).toEqual(['30/1', '30/2'])
      await expect(places({ blockHash: word('9') })).rejects.toThrow('unknown block')
      await expect(client.getGasPrice()).rejects.toThrow()
    }
  })

  test('viem reads its logs and blocks', async () => {
    const { client } = await open([log(10, 0)])
    expect(await client.getLogs({ fromBlock: 0n, toBlock: 10n })).toMatchObject([
      { blockNumber: 10n, logIndex: 0 },
    ])
    expect(await client.getBlock({ blockNumber: 10n })).toMatchObject({
      hash: derivedBlockHash(5, 10),
      timestamp: 1_120n,
    })
    await expect(client.getBlock({ blockNumber: 11n })).rejects.toThrow()
  })
})

describe('headers', () => {
  test('that were not recorded are derived, marked, and link up', async () => {
    const source = await open([log(10, 0), log(12, 0, { blockHash: word('c') })])
    expect(source.estimatedFields).toEqual(['blockHash'])
    for (let number = 11; number <= 12; number++) {
      const [parent, child] = [await fetchHeader(source, number - 1), await fetchHeader(source, number)]
      expect(child?.parentHash).toBe(parent?.hash)
    }
    expect(await fetchHeader(source, 10)).toMatchObject({ estimated: ['blockHash'], timestampMs: 1_120_000 })
    // No log says when block 11 was: it is given the last time before it.
    expect(await fetchHeader(source, 11)).toMatchObject({
      estimated: ['blockHash', 'blockTime'],
      timestampMs: 1_120_000,
    })
    expect(await fetchHeader(source, 12)).toMatchObject({ hash: word('c'), estimated: [] })
  })

  test('that were recorded are given as they are', async () => {
    const source = await open([
      header(10, 'a', '9'),
      log(11, 0, { blockTimestamp: null }),
      header(11, 'b', 'a'),
    ])
    expect(source.estimatedFields).toEqual([])
    expect(await fetchHeader(source, 11)).toEqual({
      number: 11,
      hash: word('b'),
      parentHash: word('a'),
      timestampMs: 1_000_000,
      estimated: [],
    })
    // Known from its child.
    expect(await fetchHeader(source, 9)).toMatchObject({ hash: word('9') })
  })
})

test('a receipt, a list and a whole answer hold logs; a .json file is one of them over several lines', async () => {
  const whole = join(folder, 'receipt.json')
  writeFileSync(whole, JSON.stringify({ chainId: 5, receipt: { logs: [log(10, 0), log(10, 1)] } }, null, 1))
  const answers = recording([{ jsonrpc: '2.0', id: 1, result: [log(11, 0)] }, { logs: [log(12, 3)] }])
  const source = await createRecordedSource({ files: [whole, answers], chainId: 5 })
  const logs = await source.client.getLogs({ fromBlock: 0n, toBlock: 20n })
  expect(logs.map(({ blockNumber, logIndex }) => [Number(blockNumber), logIndex])).toEqual([
    [10, 0],
    [10, 1],
    [11, 0],
    [12, 3],
  ])
})

test('what only a header says is kept in the source row, so that it can be read again by itself', async () => {
  const source = await open([
    header(10, 'a', '9'),
    log(11, 0, { blockTimestamp: null, blockHash: word('b'), topics: TRANSFER, data: word('3') }),
    header(11, 'b', 'a'),
  ])
  const contracts: ContractSpec[] = [{ kind: 'erc20', address: A, instrument: PAXG }]
  const rows: StoredObservation[] = []
  for await (const batch of readChainObservations({ source, contracts, fromBlock: 10, toBlock: 11 }))
    rows.push(...batch.observations)
  expect(rows[0]?.event).toMatchObject({
    validAt: 1_000_000,
    lineage: { estimated: [], blockHash: word('b') },
  })
  expect(JSON.parse(rows[0]?.raw ?? '')).toMatchObject({
    blockTimestamp: null,
    header: { timestamp: '0x3e8', hash: null },
  })
  expect(decodeRawChainRow(rows[0]?.raw ?? '', contracts, { chainId: 5 })).toEqual(rows[0]?.event)
})

describe('refuses, naming file and line', () => {
  test.each<[string, (object | string)[], string]>([
    ['text that is not JSON', [log(10, 0), '{"address":'], 'line 2 is malformed: it is not JSON'],
    ['a log without topics', [log(10, 0), '', { address: A }], 'line 3 is malformed: topics is not a list'],
    ['odd data', [log(10, 0, { data: '0x1' })], 'line 1 is malformed: data "0x1" is not whole bytes'],
    [
      'two logs of one place',
      [log(10, 0), log(10, 0, { data: '0x11' })],
      'line 2 is malformed: block 10 has another log',
    ],
    [
      'two hashes of one block',
      [log(10, 0, { blockHash: word('a') }), log(10, 1, { blockHash: word('b') })],
      'line 2 is malformed: block 10 has two hashes',
    ],
    [
      'a header without a time',
      [{ number: '0x1', hash: word('a'), parentHash: word('b') }],
      'line 1 is malformed',
    ],
    [
      'headers of two branches',
      [header(10, 'a', '9'), header(11, 'b', 'c')],
      'does not name block 10 as its parent',
    ],
    ['nothing', [], 'holds no log and no block header'],
  ])('%s', async (_, lines, message) => {
    const file = recording(lines)
    const attempt = createRecordedSource({ files: [file], chainId: 5 })
    await expect(attempt).rejects.toThrow(InvalidInputError)
    await expect(attempt).rejects.toThrow(file)
    await expect(attempt).rejects.toThrow(message)
  })

  test('a gzip file that is cut off, and a file that is not there', async () => {
    const file = join(folder, 'cut.gz')
    const text = Array.from({ length: 2_000 }, (_, index) => JSON.stringify(log(index + 1, 0))).join('\n')
    writeFileSync(file, gzipSync(text).subarray(0, 2_000))
    await expect(createRecordedSource({ files: [file], chainId: 5 })).rejects.toThrow(
      new RegExp(`${file} cannot be read after line \\d+: the gzip stream is cut off`),
    )
    const missing = join(folder, 'missing')
    await expect(createRecordedSource({ files: [missing], chainId: 5 })).rejects.toThrow(NotFoundError)
  })

  test('times without an anchor; with one they are interpolated', async () => {
    const lines = [log(10, 0, { blockTimestamp: null })]
    await expect(open(lines)).rejects.toThrow('line 1 has no blockTimestamp')
    // Another log of the block says its time.
    expect(await open([...lines, log(10, 1)])).toMatchObject({ estimatedFields: ['blockHash'] })
    const anchor = { blockNumber: 0, timeMs: unixMs(500), blockTimeMs: 2_000 }
    const source = await createRecordedSource({ files: [recording(lines)], chainId: 5, anchor })
    expect(source.estimatedFields).toEqual(['blockHash', 'blockTime'])
    expect(await fetchHeader(source, 10)).toMatchObject({ timestampMs: 20_000 })
  })
})
