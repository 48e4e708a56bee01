import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createWalletClient, http } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatTrackRecord, renderTrackRecord, type TrackRecord } from '../backtest/index.ts'
import { revealLogAbi } from '../contracts/abi/index.ts'
import {
  type Address,
  formatInstant,
  HOUR_MS,
  type RecordedDecision,
  type UnixMs,
  unixMs,
} from '../core/index.ts'
import {
  createAnchorWorker,
  createRecorder,
  createSigner,
  deployRevealLog,
  publishSealed,
} from '../decision-log/index.ts'
import { hashOf, KEYS, sampleDecision } from '../decision-log/test/sampleDecisions.ts'
import { openTestbed, type TestAgent, type Testbed } from '../decision-log/test/testbed.ts'
import { storedDecisions, trackRecordOfFile } from './trackRecord.ts'

// An agent keeps its decisions back for an hour. Of four reveals one is in time, one late, one missing, one not due.

const SECOND = 1_000
/** Which hour after the first each decision is made in. */
const HOURS = [0, 0, 1, 2, 90, 90]

let bed: Testbed
let agent: TestAgent
let reveals: { readonly contract: Address; readonly fromBlock: number }
let rows: readonly RecordedDecision[]
let nowMs: UnixMs
let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'touchstone-record-'))
  bed = await openTestbed()
  const { address, blockNumber } = await deployRevealLog({ rpcUrl: bed.url, privateKey: KEYS[0] })
  reveals = { contract: address, fromBlock: blockNumber }
  agent = await bed.newAgent()
  const { store, signer } = agent
  const startMs = Math.ceil((await latestMs()) / HOUR_MS) * HOUR_MS - HOUR_MS + 1
  const embargo = { delayMs: HOUR_MS, periodMs: HOUR_MS }
  await createRecorder({ store, signer, domain: bed.domain, embargo }).record(
    HOURS.map((hour, sequence) => ({
      ...sampleDecision(signer.agent, sequence),
      timeMs: unixMs(startMs + hour * HOUR_MS),
    })),
    hashOf('9'),
  )
  rows = store.rows
  const worker = createAnchorWorker(agent.options)
  await worker.flush()
  await worker.stop()
  await reveal(0, 5 * SECOND)
  await reveal(2, 600 * SECOND)
  nowMs = unixMs(revealTimeOf(3) + 2 * HOUR_MS)
  await bed.rpc('evm_setNextBlockTimestamp', nowMs / SECOND)
  await bed.rpc('evm_mine')
})
afterAll(async () => {
  await bed?.stop()
  await rm(directory, { recursive: true, force: true })
})

async function latestMs(): Promise<number> {
  const block = (await bed.rpc('eth_getBlockByNumber', 'latest', false)) as { timestamp: string }
  return Number(block.timestamp) * SECOND
}

function sealOf(sequence: number) {
  const sealed = rows[sequence]?.sealed
  if (sealed === undefined) throw new Error(`decision ${sequence} is not sealed`)
  return sealed
}
const revealTimeOf = (sequence: number) => sealOf(sequence).revealAtMs

/** Posts the key of a decision so long after its time. */
async function reveal(sequence: number, lateMs: number): Promise<void> {
  const revealAtMs = revealTimeOf(sequence)
  const wallet = createWalletClient({ account: createSigner(KEYS[0]).account, transport: http(bed.url) })
  await bed.rpc('evm_setNextBlockTimestamp', (revealAtMs + lateMs) / SECOND)
  await wallet.writeContract({
    ...{ address: reveals.contract, abi: revealLogAbi, functionName: 'revealMany', chain: null },
    // Given, so that nothing tries the call at a time before its own block.
    gas: 200_000n,
    args: [
      [
        {
          agent: agent.signer.agent,
          revealAtMs: BigInt(revealAtMs),
          key: agent.signer.revealKeyFor(revealAtMs, bed.domain),
        },
      ],
    ],
  })
}

/** The messages of a feed for a decision: sealed first, and then revealed where that was sent. */
function messagesOf({ sealed, ...row }: RecordedDecision, isRevealed: boolean): object[] {
  if (sealed === undefined) throw new Error('not sealed')
  const message = { type: 'sealed', ...publishSealed(row, sealed) }
  return isRevealed ? [message, { type: 'revealed', ...row }] : [message]
}

async function recordOf(lines: readonly object[], revealLog?: typeof reveals): Promise<TrackRecord> {
  const file = join(directory, 'decisions.ndjson')
  await writeFile(file, lines.map(line => `${JSON.stringify(line)}\n`).join(''))
  const log = { rpcUrl: bed.url, contract: bed.contract, fromBlock: bed.deployedAt, reveals: revealLog }
  return trackRecordOfFile(agent.signer.agent, file, log, {})
}

/** Of the faults those of what is published: what the samples say of outcomes and valuations is made up. */
const faultsOf = ({ faults }: TrackRecord) =>
  faults.filter(({ kind }) => !['outcome', 'valuation', 'price'].includes(kind))

const LATE = { kind: 'reveal', first: 2, last: 2, detail: 'It was opened 600 s after its time.' }
const MISSING = {
  ...{ kind: 'reveal', first: 3, last: 3 },
  detail: 'It was to be opened 7200 s ago, and is still sealed.',
}

describe('of an agent under embargo', () => {
  test('from the feed: late and missing keys are told, a body that only the chain opens counts', async () => {
    const lines = rows.flatMap((row, sequence) => messagesOf(row, sequence < 2))
    const record = await recordOf(lines, reveals)
    expect(faultsOf(record)).toEqual([LATE, MISSING])
    expect(record.decisions).toMatchObject({ anchored: 6, proved: 3 })
    expect(record.embargo).toEqual({
      decisions: 6,
      sealed: [{ first: 4, last: 5, revealAtMs: revealTimeOf(4) }],
      revealed: { inTime: 2, late: 1, missing: 1 },
    })
    const until = `Decisions 4 to 5: sealed until ${formatInstant(revealTimeOf(4))}.`
    for (const page of [formatTrackRecord(record), renderTrackRecord(record, { software: 'a test' })]) {
      expect(page).toContain('2 of 4 sealed decisions whose time has come were opened in time.')
      expect(page).toContain(until)
    }
  })

  test('from the store, which has every body: what is not due is as sealed as for anybody', async () => {
    const stored: object[] = []
    for await (const decision of storedDecisions(agent.store, agent.signer.agent, nowMs))
      stored.push(decision)
    expect(JSON.stringify(stored)).not.toContain(JSON.stringify(rows[4]?.body).slice(1, -1))
    const record = await recordOf(stored, reveals)
    expect(faultsOf(record)).toEqual([LATE, MISSING])
    expect(record.decisions).toMatchObject({ anchored: 6, proved: 4 })
    expect(record.embargo).toMatchObject({
      sealed: [{ first: 4, last: 5, revealAtMs: revealTimeOf(4) }],
      revealed: { inTime: 2, late: 1, missing: 1 },
    })
  })

  test('without the reveal log nothing is opened, and nothing is said of when it was', async () => {
    const record = await recordOf(rows.flatMap(row => messagesOf(row, false)))
    expect(faultsOf(record)).toEqual([])
    expect(record.decisions).toMatchObject({ anchored: 6, proved: 0 })
    expect(record.embargo).toMatchObject({ decisions: 6, revealed: null })
  })

  test('what was never published at all is a gap, sealed or not', async () => {
    const record = await recordOf(
      rows.slice(0, 5).flatMap(row => messagesOf(row, true)),
      reveals,
    )
    expect(faultsOf(record)).toContainEqual(expect.objectContaining({ kind: 'gap', first: 5, last: 5 }))
  })
})
