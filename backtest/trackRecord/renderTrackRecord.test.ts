import { beforeAll, expect, test } from 'vitest'
import { type Hash, HOUR_MS } from '../../core/index.ts'
import { agentKeys } from '../../decision-log/index.ts'
import { goldTrend } from '../../examples/goldTrend.ts'
import { GOLD, randomBars } from '../../execution/test/syntheticMarket.ts'
import { formatTrackRecord } from './formatTrackRecord.ts'
import { type ProvenRecords, proveRecords } from './proveRecords.ts'
import { anchorsOf, DOMAIN, recordedRun, SIGNER } from './recordedRun.fixture.ts'
import { renderTrackRecord } from './renderTrackRecord.ts'
import { trackRecordOf } from './trackRecord.ts'
import { verdictOf } from './verdict.ts'

const { agent } = SIGNER
const keys = agentKeys(agent, [])
const software = 'touchstone 1.2.3'
let proven: ProvenRecords
beforeAll(async () => {
  const definition = goldTrend({ instrument: GOLD, periodMs: 6 * HOUR_MS })
  const { rows } = await recordedRun(definition, null, randomBars(200, 6 * HOUR_MS, 3))
  const leavesOf = async (): Promise<Hash[] | null> => null
  proven = await proveRecords({
    agent,
    domain: DOMAIN,
    anchors: anchorsOf(rows, 1),
    keys,
    published: rows,
    leavesOf,
  })
})

test('a sound record says so, with its figures, and needs nothing but itself', () => {
  const record = trackRecordOf({ agent, proven, keys })
  const page = renderTrackRecord(record, { software })
  expect(verdictOf(record).isSound).toBe(true)
  expect(page).toContain('Sound: nothing is missing or changed')
  expect(page).toContain('content="default-src &#39;none&#39;')
  expect(page).not.toMatch(/(?:src|href)="(?!#)/)
  expect(page).toContain(agent)
  expect(renderTrackRecord(record, { software })).toBe(page)
  const text = formatTrackRecord(record)
  expect(text).toContain(verdictOf(record).lead)
  expect(text).toMatch(/over 5 days: [\d.]+ % of \d+ right/)
})

test('faults are listed, and what they quote cannot become markup', () => {
  const detail = 'It says 1 smallest units of <script>alert(1)</script>, and the fills leave 0.'
  const faults = [{ kind: 'valuation', first: 3, last: 5, detail }] as const
  const record = trackRecordOf({ agent, proven: { ...proven, faults }, keys })
  const page = renderTrackRecord(record, { software })
  expect(page).toContain('Faults were found')
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  expect(page).not.toContain('<script>alert')
  expect(page).toContain('3 to 5')
  expect(formatTrackRecord(record)).toContain(`valuation at 3 to 5: ${detail}`)
})

test('an agent that the chain does not know has a page that says so', () => {
  const none: ProvenRecords = {
    records: [],
    sealed: [],
    anchored: 0,
    batches: 0,
    unanchored: 0,
    unprovable: 0,
    faults: [],
  }
  const record = trackRecordOf({ agent, proven: none, keys })
  expect(renderTrackRecord(record, { software })).toContain('The chain holds no decision of this agent.')
  expect(verdictOf(record).isSound).toBe(false)
  expect(formatTrackRecord(record)).toContain('The chain holds no decision of this agent.')
})

test('a period chosen shows its own performance, and what is proved stays that of all', () => {
  const all = trackRecordOf({ agent, proven, keys })
  const sinceMs = all.account.equity.timeMs.at(-5)!
  const later = trackRecordOf({ agent, proven, keys, sinceMs })
  expect(later.statistics?.startMs).toBe(sinceMs)
  expect(later.decisions).toEqual(all.decisions)
  expect(later.signals.settled).toBeLessThan(all.signals.settled)
})
