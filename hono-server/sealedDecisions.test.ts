import { beforeAll, describe, expect, test } from 'vitest'
import { type DecisionKind, instrumentId, unixMs, ZERO_HASH } from '../core/index.ts'
import { createRecorder, createSigner } from '../decision-log/index.ts'
import { hashOf, KEYS, OUTPUTS, sampleDecision } from '../decision-log/test/sampleDecisions.ts'
import { createMetrics } from './createMetrics.ts'
import { createServer } from './createServer.ts'
import type { DecisionView } from './decisionView.ts'
import type { ReadPorts } from './readPorts.ts'
import { createMemoryLog, TEST_DOMAIN } from './test/memoryLog.ts'

const START = 1_700_000_000_000
const HOUR = 3_600_000
const signer = createSigner(KEYS[0])
const { agent } = signer
const log = createMemoryLog()
const clock = { nowMs: unixMs(START) }
const ports: ReadPorts = {
  agents: { list: async () => [stored], find: async () => stored },
  decisions: log.store,
  proofOf: log.proofOf,
  // A reorg that withdrew everything that the agent had seen.
  withdrawalsOf: async () => [
    {
      source: 'oanda:XAUUSD',
      instrument: instrumentId('oanda:XAUUSD'),
      forkBlock: 0,
      throughBlock: 9_000,
      observations: 1,
      firstWithdrawn: { knownAt: unixMs(0), source: 'oanda:XAUUSD', block: 1, logIndex: 0 },
      visibleAt: unixMs(START + 100 * HOUR),
      ordinal: 0,
    },
  ],
  decimalsOf: () => 18,
  modelHealthOf: () => null,
  domain: TEST_DOMAIN,
  readiness: () => ({ ready: true, reasons: [] }),
  metrics: createMetrics({ processMetrics: false }),
  now: () => clock.nowMs,
}
const stored = {
  id: agent,
  name: 'sealed',
  version: 1,
  instrument: instrumentId('oanda:XAUUSD'),
  observes: [instrumentId('oanda:XAUUSD')],
  definition: hashOf('d'),
  model: ZERO_HASH,
  activeFromMs: unixMs(START),
  status: 'active' as const,
}

const get = async (path: string, changes: Partial<ReadPorts> = {}) => {
  const answer = await createServer({ ...ports, ...changes }).request(path)
  expect(answer.status, path).toBe(200)
  return answer.text()
}
const page = async (path: string): Promise<DecisionView[]> => JSON.parse(await get(path)).decisions
const sequences = (views: readonly DecisionView[]) => views.map(({ sequence }) => sequence)

beforeAll(async () => {
  const domain = TEST_DOMAIN
  const open = createRecorder({ store: log.store, signer, domain })
  const sealing = createRecorder({
    store: log.store,
    signer,
    domain,
    embargo: { delayMs: HOUR, periodMs: HOUR },
  })
  const record = async (recorder: typeof open, ...kinds: readonly DecisionKind[]) => {
    const first = await log.store.nextSequence(agent)
    await recorder.record(
      kinds.map((kind, index) => ({
        ...sampleDecision(
          agent,
          first + index,
          OUTPUTS.find(output => output.kind === kind),
        ),
        timeMs: unixMs(START + (first + index) * 1_000),
      })),
      hashOf('9'),
    )
  }
  await record(open, 'signal', 'order')
  await record(sealing, 'signal', 'order', 'fill')
  await log.anchor(agent)
})

describe('decisions that are sealed', () => {
  test('are shown by what their envelope tells, and by nothing else', async () => {
    clock.nowMs = unixMs(START + HOUR)
    const row = log.rows[2]
    const { anchor, ...view } = JSON.parse(await get(`/v1/decisions/${agent}/2`))
    expect(view).toEqual({
      id: `${agent}/2`,
      feedSequence: 2,
      agent,
      sequence: 2,
      kind: null,
      instrument: null,
      timeMs: null,
      time: null,
      state: 'anchored',
      orphaned: null,
      record: null,
      body: null,
      sealed: {
        revealAtMs: row?.sealed?.revealAtMs,
        revealAt: new Date(row?.sealed?.revealAtMs ?? 0).toISOString().replace('.000', ''),
        revealed: false,
        keyHash: row?.sealed?.keyHash,
        ciphertext: row?.sealed?.ciphertext,
        signature: row?.sealed?.signature,
      },
      leaf: row?.leaf,
      signature: row?.signature,
    })
    expect(anchor).toMatchObject({ index: 2, firstSequence: 0, count: 5 })
  })

  test('are on every page, whatever kind and instrument is asked for: none tells them apart', async () => {
    clock.nowMs = unixMs(START + HOUR)
    for (const [query, opened] of [
      ['/v1/decisions', [0, 1]],
      ['/v1/signals', [0]],
      ['/v1/decisions?kind=order', [1]],
      ['/v1/decisions?kind=halt', []],
      ['/v1/decisions?instrument=test:OTHER', []],
    ] as const)
      expect(sequences(await page(query)), query).toEqual([...opened, 2, 3, 4])
    const shapes = (await page('/v1/decisions')).slice(2).map(
      // The path in a signature's batch tells its place in it, which is public.
      ({ signature: _signature, ...view }) => JSON.stringify(view).length,
    )
    expect(new Set(shapes).size).toBe(1)
  })

  test('are told in nothing that is served', async () => {
    clock.nowMs = unixMs(START + HOUR)
    const served = await Promise.all(
      ['/', '/metrics', '/v1/agents', `/v1/agents/${agent}`, '/v1/decisions', '/v1/signals'].map(path =>
        get(path),
      ),
    )
    const text = served.join('\n')
    for (const { body, sealed, timeMs } of log.rows.slice(2)) {
      const { salt } = JSON.parse(body)
      expect(text).not.toContain(salt)
      expect(text).not.toContain(String(timeMs))
      expect(text).not.toContain(signer.revealKeyFor(sealed?.revealAtMs ?? unixMs(0), TEST_DOMAIN).slice(2))
    }
    expect(text).not.toMatch(/"fill"|<\/a> fill/)
    expect(text.match(/sealed until 2023-11-15/g)?.length).toBe(3)
    expect(text.match(/✕ orphaned/g)?.length).toBe(2)
  })

  test('are shown like any other when their time has come, with what sealed them', async () => {
    clock.nowMs = unixMs(START + 3 * HOUR)
    expect(sequences(await page('/v1/signals'))).toEqual([0, 2])
    expect(sequences(await page('/v1/decisions?kind=order'))).toEqual([1, 3])
    const [, , view] = await page('/v1/decisions')
    const row = log.rows[2]
    expect(view).toMatchObject({
      kind: 'signal',
      instrument: 'oanda:XAUUSD',
      timeMs: row?.timeMs,
      body: row?.body,
      sealed: { revealed: true, ciphertext: row?.sealed?.ciphertext },
      orphaned: { throughBlock: 9_000 },
    })
    expect(await get('/')).not.toContain('sealed until')
  })

  test('stay sealed on a server without a clock', async () => {
    const text = await get('/v1/decisions', { now: undefined as never })
    expect(sequences(JSON.parse(text).decisions)).toEqual([0, 1, 2, 3, 4])
    expect(JSON.parse(text).decisions.map(({ kind }: DecisionView) => kind)).toEqual([
      'signal',
      'order',
      null,
      null,
      null,
    ])
  })
})
