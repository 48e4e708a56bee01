import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  formatInstant,
  InvalidInputError,
  instrumentId,
  type Store,
  UnavailableError,
  unixMs,
  type Withdrawal,
  ZERO_HASH,
} from '../core/index.ts'
import { batchRoot, createRecorder, createSigner, proveDecision, verifyProof } from '../decision-log/index.ts'
import { hashOf, KEYS, sampleDecision } from '../decision-log/test/sampleDecisions.ts'
import { onEachStore } from '../test/eachStore.ts'
import type { AgentView } from './agentView.ts'
import { createMetrics } from './createMetrics.ts'
import { createProofOf } from './createProofOf.ts'
import { createServer } from './createServer.ts'
import { createWithdrawalsOf } from './createWithdrawalsOf.ts'
import type { DecisionView } from './decisionView.ts'
import type { ModelHealth } from './modelHealth.ts'
import type { ReadPorts } from './readPorts.ts'
import { TEST_DOMAIN } from './test/memoryLog.ts'

const signer = createSigner(KEYS[1])
const { agent } = signer
const TOKEN = 'a-token-of-more-than-thirty-two-characters'
const HEALTH: ModelHealth = {
  serving: hashOf('1'),
  challenger: hashOf('2'),
  contest: { outcomes: 12, meanAdvantage: 0.25, tStatistic: 1.5 },
  drift: { rows: 600, level: 'significant', feature: 'return_1h', stabilityIndex: 0.5 },
  decay: { outcomes: 40, excessLoss: 0.125, cusum: 5.25, alarm: true },
}
const EVIL = '<script>alert("x")</script>'

onEachStore(({ open }) => {
  let store: Store
  let ports: ReadPorts
  const audits: unknown[] = []

  beforeAll(async () => {
    store = await open()
    await store.agents.save({
      id: agent,
      name: `gold ${EVIL}`,
      version: 3,
      instrument: instrumentId('oanda:XAUUSD'),
      observes: [instrumentId('oanda:XAUUSD')],
      definition: hashOf('d'),
      model: ZERO_HASH,
      activeFromMs: unixMs(1_700_000_000_000),
      status: 'active',
    })
    const recorder = createRecorder({ store: store.decisions, signer, domain: TEST_DOMAIN })
    await recorder.record(
      Array.from({ length: 12 }, (_, sequence) => sampleDecision(agent, sequence)),
      hashOf('e'),
    )
    const rows = await store.decisions.list({ agent, limit: 100 })
    const batch = (firstSequence: number, count: number, status: 'sent' | 'anchored') =>
      store.decisions.saveBatch({
        agent,
        firstSequence,
        count,
        root: batchRoot(rows.slice(firstSequence, firstSequence + count).map(({ leaf }) => leaf)),
        status,
        transactionHash: hashOf(String(firstSequence)),
        nonce: firstSequence,
        maxFeePerGas: 2n,
        maxPriorityFeePerGas: 1n,
        blockNumber: status === 'anchored' ? 99 : null,
        blockHash: status === 'anchored' ? hashOf('9') : null,
        gasUsed: null,
      })
    await batch(0, 7, 'anchored')
    await batch(7, 3, 'sent')
    const metrics = createMetrics({ processMetrics: false })
    metrics.decisionsRecorded.inc({ agent }, 12)
    ports = {
      agents: store.agents,
      decisions: store.decisions,
      proofOf: createProofOf(store.decisions, TEST_DOMAIN),
      withdrawalsOf: createWithdrawalsOf(store),
      decimalsOf: instrument => (instrument === 'oanda:XAUUSD' ? 18 : null),
      modelHealthOf: () => null,
      domain: TEST_DOMAIN,
      readiness: () => ({ ready: true, reasons: [] }),
      metrics,
      operator: {
        token: TOKEN,
        audit: async request => {
          audits.push(request)
          return { equal: 12n, different: 0 }
        },
      },
    }
  })
  afterAll(() => store.close())

  const get = async (path: string, overrides: Partial<ReadPorts> = {}) => {
    const response = await createServer({ ...ports, ...overrides }).request(path)
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') === true
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson ? JSON.parse(text) : null,
    }
  }

  describe('agents', () => {
    test('are listed and found by name and by id in any case', async () => {
      const { json } = await get('/v1/agents')
      expect(json.agents).toEqual([
        {
          id: agent,
          name: `gold ${EVIL}`,
          version: 3,
          instrument: 'oanda:XAUUSD',
          definition: hashOf('d'),
          model: null,
          activeFromMs: 1_700_000_000_000,
          activeFrom: '2023-11-14T22:13:20Z',
          status: 'active',
          decisions: 12,
          modelHealth: null,
        },
      ])
      for (const name of [agent, `0x${agent.slice(2).toUpperCase()}`, encodeURIComponent(`gold ${EVIL}`)])
        expect((await get(`/v1/agents/${name}`)).json).toMatchObject({
          id: agent,
          decisions: 12,
          anchored: 7,
        })
    })

    test('show how their models are doing where they run here', async () => {
      const overrides = { modelHealthOf: (asked: string) => (asked === agent ? HEALTH : null) }
      const { json } = await get('/v1/agents', overrides)
      expect(json.agents.map((each: AgentView) => each.modelHealth)).toEqual([HEALTH])
      expect((await get(`/v1/agents/${agent}`, overrides)).json.modelHealth).toEqual(HEALTH)
      const { components } = (await get('/openapi.json')).json
      expect(Object.keys(components.schemas.ModelHealth.properties)).toEqual(Object.keys(HEALTH))
      const page = (await get('/', overrides)).text
      expect(page).toContain(`<code title="${HEALTH.serving}">`)
      expect(page).toContain('…</code>, 12 outcomes')
      expect(page).toContain('<span class="badge bad">significant</span> return_1h')
      expect(page).toContain('<span class="badge bad">above the usual</span>')
      expect((await get('/')).text).not.toContain('Challenger')
    })

    test('an unknown one is a problem that names it', async () => {
      const { status, headers, json } = await get('/v1/agents/silver')
      expect([status, headers.get('content-type')]).toEqual([404, 'application/problem+json'])
      expect(json).toEqual({
        type: 'about:blank',
        title: 'Not Found',
        status: 404,
        detail: 'There is no agent "silver".',
        hint: 'List the agents at /v1/agents.',
        facts: { agent: 'silver' },
      })
    })
  })

  describe('decisions', () => {
    test('page upwards by feed sequence, each once', async () => {
      const seen: number[] = []
      let cursor = 0
      for (;;) {
        const { json } = await get(`/v1/decisions?limit=5&cursor=${cursor}`)
        if (json.decisions.length === 0) {
          expect(json.nextCursor).toBe(cursor)
          break
        }
        seen.push(...json.decisions.map((d: { feedSequence: number }) => d.feedSequence))
        cursor = json.nextCursor
      }
      expect(seen).toEqual(Array.from({ length: 12 }, (_, index) => index))
    })

    test('newest first, with their state', async () => {
      const { json } = await get('/v1/decisions?order=newest&limit=6')
      expect(json.decisions.map((d: { sequence: number; state: string }) => [d.sequence, d.state])).toEqual([
        [11, 'recorded'],
        [10, 'recorded'],
        [9, 'sent'],
        [8, 'sent'],
        [7, 'sent'],
        [6, 'anchored'],
      ])
      expect(json.nextCursor).toBe(12)
    })

    test('filter by kind, agent and instrument; signals are decisions of that kind', async () => {
      const orders = await get(`/v1/decisions?kind=order&agent=${agent}&instrument=oanda:XAUUSD`)
      expect(orders.json.decisions.map((d: { kind: string }) => d.kind)).toEqual(
        ['order', 'order', 'order'].slice(0, orders.json.decisions.length),
      )
      expect(orders.json.decisions.length).toBeGreaterThan(1)
      const signals = await get('/v1/signals')
      expect(signals.json.decisions.map((d: { sequence: number }) => d.sequence)).toEqual([0, 8])
      expect((await get('/v1/signals?instrument=oanda:EURUSD')).json.decisions).toEqual([])
    })

    test('one shows its record, and the proof that decision-log would make', async () => {
      const { json } = await get(`/v1/decisions/${agent}/1`)
      expect(json).toMatchObject({ id: `${agent}/1`, state: 'anchored', kind: 'order' })
      expect(json.record.output).toEqual({
        kind: 'order',
        terms: { kind: 'market', side: 'buy', size: { units: '5000000000000000000' } },
        referencePriceE8: '335012345678',
      })
      const { leaf, ...expected } = await proveDecision({
        store: store.decisions,
        domain: TEST_DOMAIN,
        agent,
        sequence: 1,
      })
      expect(json.anchor).toEqual(expected)
      expect(json.leaf).toBe(leaf)
      expect(verifyProof(json.anchor.root, json.leaf, json.anchor)).toBe(true)
      for (const id of [`${agent}-1`, `${agent}%2F1`, `0x${agent.slice(2).toUpperCase()}-1`])
        expect((await get(`/v1/decisions/${id}`)).json).toEqual(json)
    })

    test('one that is not on chain has no anchor', async () => {
      expect((await get(`/v1/decisions/${agent}/8`)).json).toMatchObject({ state: 'sent', anchor: null })
      expect((await get(`/v1/decisions/${agent}/11`)).json).toMatchObject({ state: 'recorded', anchor: null })
    })

    test.each([
      ['/v1/decisions?limit=0', 'limit'],
      ['/v1/decisions?limit=501', 'limit'],
      ['/v1/decisions?cursor=x', 'cursor'],
      ['/v1/decisions?kind=rumour', 'kind'],
      ['/v1/signals?instrument=gold', 'instrument'],
      ['/v1/decisions/gold/1', 'agent'],
      ['/v1/decisions/gold-1', 'id'],
      [`/v1/decisions/0x${'1'.repeat(40)}/-1`, 'sequence'],
    ])('%s is refused, naming the field', async (path, field) => {
      const { status, headers, json } = await get(path)
      expect([status, headers.get('content-type')]).toEqual([400, 'application/problem+json'])
      expect(json).toMatchObject({ status: 400, facts: { field } })
      expect(json.detail).toContain(`"${field}"`)
    })

    test('says of each which reorg took away what it was made from', async () => {
      const at = (sequence: number) => unixMs(1_700_000_000_000 + sequence * 3_600_000)
      const withdrawal: Withdrawal = {
        source: 'eip155:98866',
        instrument: instrumentId('oanda:XAUUSD'),
        forkBlock: 7,
        throughBlock: 9,
        observations: 2,
        firstWithdrawn: { knownAt: at(3), source: 'eip155:98866', block: 8, logIndex: 0 },
        visibleAt: at(5),
        ordinal: 0,
      }
      const lost = { withdrawalsOf: async () => [withdrawal] }
      const orphaned = {
        source: 'eip155:98866',
        forkBlock: 7,
        throughBlock: 9,
        withdrawnAtMs: at(5),
        withdrawnAt: formatInstant(at(5)),
      }
      const { json } = await get('/v1/decisions', lost)
      // The decision at the withdrawal's own time comes from a source that sorts after it.
      expect(json.decisions.flatMap((d: DecisionView) => (d.orphaned === null ? [] : [d.sequence]))).toEqual([
        3, 4,
      ])
      expect(json.decisions[4].orphaned).toEqual(orphaned)
      expect((await get(`/v1/decisions/${agent}-4`, lost)).json.orphaned).toEqual(orphaned)
      expect((await get(`/v1/decisions/${agent}-5`, lost)).json.orphaned).toBeNull()
      const { text } = await get('/', lost)
      expect(
        text.match(/✕ orphaned<\/span> A reorg replaced blocks 8 to 9 of eip155:98866; seen/g),
      ).toHaveLength(2)
      const { components } = (await get('/openapi.json')).json
      expect(Object.keys(components.schemas.Orphaned.properties)).toEqual(Object.keys(orphaned))
      expect(components.schemas.Decision.required).toContain('orphaned')
    })

    test('an unknown one is 404', async () => {
      expect((await get(`/v1/decisions/${agent}/12`)).json.detail).toBe(`Agent ${agent} has no decision 12.`)
      expect((await get('/v1/decisions?agent=silver')).status).toBe(404)
    })
  })

  describe('failures', () => {
    test('of the store say what may be said', async () => {
      const broken = (error: Error): Partial<ReadPorts> => ({
        agents: { ...store.agents, list: () => Promise.reject(error) },
      })
      const down = await get(
        '/v1/agents',
        broken(new UnavailableError('The database is away.', { hint: 'Wait.' })),
      )
      expect(down.status).toBe(503)
      expect(down.headers.get('retry-after')).toBe('5')
      expect(down.json).toMatchObject({ detail: 'The database is away.', hint: 'Wait.' })
      const fault = await get('/v1/agents', broken(new Error('secret at /home/user')))
      expect(fault.status).toBe(500)
      expect(fault.text).not.toMatch(/secret|home|at .*\.ts/)
    })

    test('of addresses are problems too', async () => {
      expect((await get('/v2')).json).toMatchObject({ status: 404, detail: 'Nothing is served at /v2.' })
    })
  })

  describe('system', () => {
    test('health is 503 with reasons when not ready', async () => {
      expect((await get('/healthz')).json).toEqual({ status: 'ready', reasons: [] })
      const reasons = ['The chain does not answer.']
      const sick = await get('/healthz', { readiness: async () => ({ ready: false, reasons }) })
      expect([sick.status, sick.json]).toEqual([503, { status: 'notReady', reasons }])
    })

    test('metrics count decisions and time requests by route pattern', async () => {
      const app = createServer(ports)
      await app.request(`/v1/decisions/${agent}/1`)
      await app.request('/nowhere')
      const text = await (await app.request('/metrics')).text()
      expect(text).toContain(`touchstone_decisions_recorded_total{agent="${agent}"} 12`)
      expect(text).toMatch(
        /http_request_duration_seconds_count\{method="GET",route="\/v1\/decisions\/:agent\/:sequence",status="200"\} \d+/,
      )
      expect(text).toMatch(/duration_seconds_count\{method="GET",route="none",status="404"\} \d+/)
      expect(text).not.toContain('/nowhere')
    })

    test('the domain is what records are signed for', async () => {
      expect((await get('/v1/domain')).json).toEqual({
        name: 'Touchstone',
        version: '1',
        chainId: 31_337,
        verifyingContract: TEST_DOMAIN.verifyingContract,
        rpcUrl: null,
      })
    })

    test('the routes, as OpenAPI describes them', async () => {
      const { json } = await get('/openapi.json')
      const routes = Object.entries<Record<string, { responses: object }>>(json.paths).flatMap(
        ([path, methods]) =>
          Object.entries(methods).map(
            ([method, { responses }]) => `${method} ${path} ${Object.keys(responses).join(' ')}`,
          ),
      )
      expect(routes).toMatchInlineSnapshot(`
      [
        "get /v1/agents 200 503",
        "get /v1/agents/{agent} 200 400 404 503",
        "get /v1/signals 200 400 404 503",
        "get /v1/decisions 200 400 404 503",
        "get /v1/decisions/{agent}/{sequence} 200 400 404 503",
        "get /v1/decisions/{id} 200 400 404 503",
        "get /healthz 200 503",
        "get /metrics 200",
        "get /v1/domain 200",
        "post /operator/audit 200 400 401 404 413 415 503",
      ]
    `)
      expect((await get('/openapi.json', { operator: undefined as never })).text).not.toContain('/operator/')
    })
  })

  describe('the page for people', () => {
    test('shows agents and decisions, escaped, and loads nothing', async () => {
      const { status, headers, text } = await get('/')
      expect(status).toBe(200)
      expect(text).toContain('gold &lt;script&gt;')
      expect(text).not.toContain('<script')
      expect(text).toContain('▼ short 25.0 %, confidence 61.0 %')
      for (const conclusion of [
        'buy 5 at market',
        'cancelled order 1',
        'received 1 share of order 1',
        'yield +12.30',
      ])
        expect(text).toContain(`<td class="wide">${conclusion}</td>`)
      expect(text.match(/● anchored<\/span>/g)).toHaveLength(7)
      expect(text.match(/◔ sent<\/span>/g)).toHaveLength(3)
      expect(text.match(/○ recorded<\/span>/g)).toHaveLength(2)
      expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
    })

    test('of a new store says that there is nothing yet, and what is wrong', async () => {
      const empty = await open()
      const { text } = await get('/', {
        agents: empty.agents,
        decisions: empty.decisions,
        readiness: () => ({ ready: false, reasons: ['<b>No chain</b>'] }),
      })
      await empty.close()
      expect(text).toContain('No agent is deployed.')
      expect(text).toContain('Nothing is decided yet.')
      expect(text).toContain('&lt;b&gt;No chain')
    })
  })

  describe('operator', () => {
    const audit = (body: unknown, authorization?: string, overrides: Partial<ReadPorts> = {}) =>
      createServer({ ...ports, ...overrides }).request('/operator/audit', {
        method: 'POST',
        body: JSON.stringify(body),
        headers: {
          'content-type': 'application/json',
          ...(authorization === undefined ? {} : { authorization }),
        },
      })

    test('audits with the token', async () => {
      const response = await audit({ agent: 'gold', sequence: 3 }, `Bearer ${TOKEN}`)
      expect([response.status, await response.json()]).toEqual([200, { equal: '12', different: 0 }])
      expect(audits.at(-1)).toEqual({ agent: 'gold', sequence: 3 })
      expect((await audit({}, `Bearer ${TOKEN}`)).status).toBe(200)
      expect(audits.at(-1)).toEqual({})
    })

    test.each([
      undefined,
      '',
      'Bearer',
      'Bearer ',
      `Bearer ${TOKEN}x`,
      `Bearer ${TOKEN.slice(1)}`,
      `Basic ${TOKEN}`,
      TOKEN,
    ])('refuses authorization %j', async authorization => {
      const before = audits.length
      const response = await audit({}, authorization)
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toBe('Bearer realm="operator"')
      expect(await response.text()).not.toContain(TOKEN)
      expect(audits).toHaveLength(before)
    })

    test('refuses what it does not know, and bodies too large', async () => {
      expect((await audit({ sequence: 1 }, `Bearer ${TOKEN}`)).status).toBe(400)
      expect((await audit({ agnet: 'x' }, `Bearer ${TOKEN}`)).status).toBe(400)
      expect((await audit({ agent: 'x'.repeat(20_000) }, `Bearer ${TOKEN}`)).status).toBe(413)
      const notJson = await createServer(ports).request('/operator/audit', {
        method: 'POST',
        body: '{',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
      })
      expect([notJson.status, notJson.headers.get('content-type')]).toEqual([400, 'application/problem+json'])
      const untyped = await createServer(ports).request('/operator/audit', {
        method: 'POST',
        body: '{}',
        headers: { authorization: `Bearer ${TOKEN}` },
      })
      expect(untyped.status).toBe(415)
    })

    test('is not there without an operator, nor with a weak token', async () => {
      const { operator: _operator, ...without } = ports
      expect((await createServer(without).request('/operator/audit', { method: 'POST' })).status).toBe(404)
      const audit = async () => null
      expect(() => createServer({ ...ports, operator: { token: 'short', audit } })).toThrow(InvalidInputError)
    })
  })
})
