import { beforeAll, describe, expect, test } from 'vitest'
import { HOUR_MS, unixMs } from '../../core/index.ts'
import {
  agentKeys,
  encodeBody,
  hashRecord,
  type PublishedSealed,
  publishSealed,
} from '../../decision-log/index.ts'
import { sealDecision } from '../../decision-log/sealDecision.ts'
import { goldTrend } from '../../examples/goldTrend.ts'
import { GOLD, randomBars } from '../../execution/test/syntheticMarket.ts'
import { proveRecords } from './proveRecords.ts'
import { anchorsOf, DOMAIN, type RecordedRun, recordedRun, SIGNER } from './recordedRun.fixture.ts'
import { trackRecordOf } from './trackRecord.ts'

const events = randomBars(320, 6 * HOUR_MS, 3)
const { agent } = SIGNER
const keys = agentKeys(agent, [])
const REVEAL_AT = unixMs(4_000_000_000_000)

describe('what was published is held against the chain', () => {
  let run: RecordedRun
  let rows: RecordedRun['rows']
  beforeAll(async () => {
    run = await recordedRun(goldTrend({ instrument: GOLD, periodMs: 6 * HOUR_MS }), null, events)
    rows = run.rows.slice(0, 250)
  })
  const prove = (changes: Partial<Parameters<typeof proveRecords>[0]> = {}) =>
    proveRecords({
      agent,
      domain: DOMAIN,
      anchors: anchorsOf(rows, 100),
      keys,
      published: rows,
      leavesOf: async ({ firstSequence, count }) =>
        rows.slice(firstSequence, firstSequence + count).map(({ leaf }) => leaf),
      ...changes,
    })

  /** A decision as the feed sends it sealed. */
  async function sealedAs(sequence: number, leaf = rows[sequence]?.leaf): Promise<PublishedSealed> {
    const row = rows[sequence]
    if (row === undefined || leaf === undefined) throw new Error('no such decision')
    const key = SIGNER.revealKeyFor(REVEAL_AT, DOMAIN)
    const sealed = await sealDecision({
      ...{ signer: SIGNER, domain: DOMAIN, key, sequence, leaf, body: row.body },
      revealAtMs: REVEAL_AT,
    })
    return publishSealed({ ...row, leaf }, sealed)
  }

  test('by roots alone where all is there, in any order', async () => {
    const found = await prove({
      published: rows.toReversed(),
      leavesOf: () => Promise.reject(new Error('No leaf is needed.')),
    })
    expect(found).toMatchObject({ anchored: rows.length, unanchored: 0, unprovable: 0, faults: [] })
    expect(found.records.map(({ record }) => record)).toEqual(run.records.slice(0, rows.length))
  })

  test('a batch whose leaves are not on chain proves nothing unless it is whole', async () => {
    const found = await prove({ published: rows.toSpliced(150, 1), leavesOf: async () => null })
    expect(found.records.length).toBe(rows.length - 100)
    expect(found.unprovable).toBe(99)
    expect(found.faults.map(({ kind, first, last }) => [kind, first, last])).toEqual([
      ['body', 100, 149],
      ['gap', 150, 150],
      ['body', 151, 199],
    ])
  })

  test('what is sealed is no gap; what is not on chain counts for nothing', async () => {
    const found = await prove({
      anchors: anchorsOf(rows.slice(0, 200), 100),
      published: [...rows.toSpliced(150, 1), await sealedAs(150)],
      leavesOf: () => Promise.reject(new Error('No leaf is needed.')),
    })
    expect(found).toMatchObject({ faults: [], anchored: 200, unanchored: rows.length - 200 })
    expect(found.records.length).toBe(199)
    expect(found.sealed.map(({ sealed: { sequence, revealAtMs } }) => [sequence, revealAtMs])).toEqual([
      [150, REVEAL_AT],
    ])
    const { embargo } = trackRecordOf({ agent, proven: found, keys })
    const span = { first: 150, last: 150, revealAtMs: REVEAL_AT }
    expect(embargo).toEqual({ decisions: 1, sealed: [span], revealed: null })
  })

  test('of one that is there sealed and open, the body counts, in any order', async () => {
    const sealed = await sealedAs(150)
    for (const published of [
      [...rows, sealed],
      [sealed, ...rows],
    ]) {
      const found = await prove({ published })
      expect(found).toMatchObject({ faults: [], sealed: [] })
      expect(found.records.length).toBe(rows.length)
    }
  })

  test('an envelope of another leaf is told, and one that the key in force did not sign', async () => {
    const without = rows.toSpliced(150, 1)
    const [sealed, other] = [await sealedAs(150), await sealedAs(150, rows[151]?.leaf)]
    expect((await prove({ published: [...without, other] })).faults).toMatchObject([
      { kind: 'body', first: 150, last: 150, detail: expect.stringMatching(/^It was published sealed as/) },
    ])
    const later = { ...sealed, revealAtMs: unixMs(REVEAL_AT + HOUR_MS) }
    const found = await prove({ published: [...without, later] })
    expect(found.sealed).toEqual([])
    expect(found.faults).toEqual([
      { kind: 'signature', first: 150, last: 150, detail: 'The key in force did not sign its envelope.' },
    ])
  })

  test('another body of the same sequence is told, whichever comes first', async () => {
    const record = { ...run.records[7]!, salt: rows[8]!.leaf }
    const other = { ...rows[7]!, body: encodeBody(record), leaf: hashRecord(record, DOMAIN) }
    for (const published of [
      [other, ...rows],
      [...rows, other],
    ])
      expect((await prove({ published })).faults).toMatchObject([{ kind: 'twice', first: 7, last: 7 }])
  })

  test('the key in force is asked for: the first signs no more after another took over', async () => {
    const zero = `0x${'0'.repeat(64)}` as const
    const place = { blockNumber: 1, blockHash: zero, transactionHash: zero }
    const key = `0x${'ab'.repeat(20)}` as const
    const taken = agentKeys(agent, [{ epoch: 1, key, firstSequence: rows.length - 2, ...place }])
    expect((await prove({ keys: taken })).faults).toMatchObject([
      { kind: 'signature', first: rows.length - 2, last: rows.length - 1 },
    ])
  })

  test('late and missing reveals are faults, early ones and those not due are none', async () => {
    const all = await prove()
    const reveal = (sequences: number[], revealedAtMs: number | null, lateMs: number) => ({
      revealAtMs: unixMs(1_000_000),
      sequences,
      revealedAtMs: revealedAtMs === null ? null : unixMs(revealedAtMs),
      lateMs,
    })
    const { faults } = trackRecordOf({
      agent,
      proven: all,
      keys,
      reveals: [
        reveal([1, 2], 1_000_500, 500),
        reveal([3, 4], 4_600_000, 3_600_000),
        reveal([9], null, 120_000),
        reveal([12], null, 0),
      ],
    })
    expect(faults).toEqual([
      { kind: 'reveal', first: 3, last: 4, detail: 'It was opened 3600 s after its time.' },
      { kind: 'reveal', first: 9, last: 9, detail: 'It was to be opened 120 s ago, and is still sealed.' },
    ])
  })
})
