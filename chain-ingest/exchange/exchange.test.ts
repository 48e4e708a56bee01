import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  IntegrityError,
  InvalidInputError,
  instrumentId,
  type MarketValue,
  type ObservationStore,
  type StoredObservation,
  seededRandom,
  UnavailableError,
} from '../../core/index.ts'
import {
  type ExchangeServer,
  type Kline,
  type ServerMood,
  startExchangeServer,
} from '../testing/exchangeServer.conformance.ts'
import { createMemoryObservationStore } from '../testing/memoryObservationStore.conformance.ts'
import { createClockSkew } from './clockSkew.ts'
import { decodeRawExchangeRow } from './exchangeRow.ts'
import { type ExchangeSpec, type ExchangeStream, exchangeFeed } from './exchangeSpec.ts'
import { followExchange } from './followExchange.ts'
import { ingestBars } from './ingestBars.ts'
import { type ExchangeConnection, openExchange } from './openExchange.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
/** 2024-08-09T00:00:00Z */
const START_MS = 1_723_161_600_000

let server: ExchangeServer
let mood: (path: string) => ServerMood
let forgotten: (id: number) => boolean
let store: ObservationStore
const open: ExchangeConnection[] = []

beforeEach(async () => {
  mood = () => 'answer'
  forgotten = () => false
  server = await startExchangeServer({ mood: path => mood(path), forgotten: id => forgotten(id) })
  store = createMemoryObservationStore()
})
afterEach(async () => {
  await Promise.all(open.splice(0).map(connection => connection.close()))
  await server.close()
})

function spec(changes: Partial<ExchangeSpec> = {}): ExchangeSpec {
  return {
    exchange: 'binance',
    symbol: 'BTC/USDT',
    instrument: {
      id: instrumentId('binance:BTC/USDT'),
      kind: 'spot',
      symbol: 'BTC',
      decimals: 8,
      quote: 'USDT',
    },
    timeframe: '1m',
    url: server.url,
    ...changes,
  }
}

async function connect(changes: Partial<ExchangeSpec> = {}): Promise<ExchangeConnection> {
  const connection = await openExchange({ spec: spec(changes), timeoutMs: 2_000 })
  open.push(connection)
  return connection
}

const all = (stream: ExchangeStream): Promise<StoredObservation[]> =>
  store.scan({ source: exchangeFeed(spec(), stream), limit: 1_000_000 })
const valuesOf = (rows: readonly StoredObservation[]): MarketValue[] => rows.map(({ event }) => event.value)

function klines(count: number, fromMs = START_MS, barMs = MINUTE_MS): Kline[] {
  return Array.from({ length: count }, (_, bar) => {
    const openMs = fromMs + bar * barMs
    const price = 60_000 + bar
    return [
      openMs,
      `${price}.01`,
      `${price + 2}`,
      `${price - 2}.5`,
      `${price + 1}`,
      '1.23456789',
      openMs + barMs - 1,
    ]
  })
}

const trade = (id: number, timeMs = START_MS + id): string =>
  JSON.stringify({
    stream: 'btcusdt@trade',
    data: {
      e: 'trade',
      E: timeMs + 1,
      s: 'BTCUSDT',
      t: id,
      p: '61685.99000000',
      q: '0.00017000',
      T: timeMs,
      m: id % 2 === 0,
      M: true,
    },
  })

describe('bars', () => {
  test('are read page by page, each once, exact to the exchange’s own decimals', async () => {
    server.klines = klines(2_345)
    const connection = await connect()
    const counts = await ingestBars({ connection, store, sinceMs: START_MS })
    expect(counts).toEqual({ rows: 2_345, observations: 2_345, gaps: 0 })
    const rows = await all('bars')
    expect(rows).toHaveLength(2_345)
    expect(rows[0]?.event).toMatchObject({
      validAt: START_MS,
      knownAt: START_MS + MINUTE_MS,
      value: {
        type: 'bar',
        closeMs: START_MS + MINUTE_MS,
        bid: { open: 6_000_001_000_000n, high: 6_000_200_000_000n, low: 5_999_850_000_000n },
        volumeE8: 123_456_789n,
      },
    })
    for (const { event, raw } of rows.slice(0, 50))
      expect(decodeRawExchangeRow(raw, spec(), 'bars')).toEqual(event)
    expect(server.asked.filter(path => path.startsWith('/api/v3/klines'))).toHaveLength(4)
  })

  test('go on after the last stored one, and the bar that is still open is left out', async () => {
    // Bars of a day: one of a minute might close in the middle of this.
    const now = Math.floor(Date.now() / DAY_MS) * DAY_MS
    server.klines = klines(11, now - 10 * DAY_MS, DAY_MS)
    const connection = await connect({ timeframe: '1d' })
    const until = now - 4 * DAY_MS
    const options = { connection, store, sinceMs: now - 10 * DAY_MS }
    expect(await ingestBars({ ...options, untilMs: until })).toMatchObject({ observations: 6 })
    expect(await ingestBars(options)).toMatchObject({ observations: 4 })
    expect(await ingestBars(options)).toMatchObject({ observations: 0 })
    const feed = exchangeFeed(spec({ timeframe: '1d' }), 'bars')
    expect(await store.scan({ source: feed, limit: 100 })).toHaveLength(10)
  })

  test('a bar that is left out is asked for again, and then flagged', async () => {
    const whole = klines(100)
    let questions = 0
    server.klines = whole.filter((_, bar) => bar < 40 || bar > 42)
    mood = path => {
      // The second question about the hole finds one of the three bars.
      if (path.endsWith('klines') && ++questions === 2)
        server.klines = whole.filter((_, bar) => bar !== 40 && bar !== 42)
      return 'answer'
    }
    const counts = await ingestBars({ connection: await connect(), store, sinceMs: START_MS })
    expect(counts).toMatchObject({ rows: 100, gaps: 2 })
    const flagged = valuesOf(await all('bars')).filter(value => value.type === 'gap')
    expect(flagged).toEqual([
      {
        type: 'gap',
        of: 'bar',
        fromMs: START_MS + 40 * MINUTE_MS,
        toMs: START_MS + 41 * MINUTE_MS,
        missing: 1,
      },
      {
        type: 'gap',
        of: 'bar',
        fromMs: START_MS + 42 * MINUTE_MS,
        toMs: START_MS + 43 * MINUTE_MS,
        missing: 1,
      },
    ])
  })

  test('a bar that contradicts itself is refused, and nothing of its page is stored', async () => {
    server.klines = klines(5).map((kline, bar) =>
      bar === 3 ? [kline[0], '10', '9', '8', '9', '1', kline[6]] : kline,
    )
    const reading = ingestBars({ connection: await connect(), store, sinceMs: START_MS })
    await expect(reading).rejects.toThrow(IntegrityError)
    await expect(reading).rejects.toThrow('its low above or its high below another price')
    expect(await all('bars')).toEqual([])
  })

  test('follow the market as they close', async () => {
    const second = 1_000
    const began = Math.floor(Date.now() / second) * second - 5 * second
    server.klines = klines(20).map(
      (kline, bar) => [began + bar * second, ...kline.slice(1)] as unknown as Kline,
    )
    const controller = new AbortController()
    const complete: number[] = []
    const following = followExchange({
      connection: await connect({ timeframe: '1s' }),
      store,
      stream: 'bars',
      sinceMs: began,
      signal: controller.signal,
      onStored: ({ completeUntil }) => complete.push(completeUntil),
    })
    const feed = exchangeFeed(spec({ timeframe: '1s' }), 'bars')
    await until(async () => (await store.scan({ source: feed, limit: 100 })).length >= 7)
    controller.abort()
    await following
    expect(complete).toEqual([...complete].sort((a, b) => a - b))
  })
})

describe('trades', () => {
  test('are stored once each and in order, whatever breaks, repeats or is lost (seeds)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async seed => {
        const random = seededRandom(seed)
        store = createMemoryObservationStore()
        await server.close()
        server = await startExchangeServer()
        const connection = await connect()
        const controller = new AbortController()
        const follow = () =>
          followExchange({ connection, store, stream: 'trades', sinceMs: 0, signal: controller.signal })
        const following = follow()
        await server.subscribed(1)
        const base = 1_000_000 * (1 + Math.floor(random() * 1_000))
        const lost = new Set<number>()
        let id = base
        server.push(trade(id))
        await until(async () => (await all('trades')).length === 1)
        for (let round = 0; round < 40; round++) {
          const action = random()
          id++
          if (action < 0.6) server.push(trade(id))
          else if (action < 0.75) server.remember(trade(id))
          else if (action < 0.85) lost.add(id)
          else if (action < 0.95) {
            server.push(trade(id))
            const earlier = id - Math.floor(random() * 3)
            if (earlier >= base && !lost.has(earlier)) server.push(trade(earlier))
          } else {
            server.push(trade(id))
            await delay(5)
            server.disconnect()
            server.remember(trade(++id))
            await server.subscribed(1)
            server.push(trade(++id))
            await until(async () => lastNumber(await all('trades')) === id)
          }
        }
        server.push(trade(++id))
        await until(async () => lastNumber(await all('trades')) === id)
        controller.abort()
        const counts = await following
        const rows = await all('trades')
        const numbers = rows.flatMap(({ event }) => (event.value.type === 'trade' ? [numberOf(event)] : []))
        const expected = Array.from({ length: id - base + 1 }, (_, step) => base + step)
        const missing = rows.reduce(
          (sum, { event }) => sum + (event.value.type === 'gap' ? (event.value.missing ?? 0) : 0),
          0,
        )
        expect(numbers).toEqual(expected.filter(each => !lost.has(each)))
        expect(missing).toBe(lost.size)
        expect(counts.observations).toBe(rows.length)
        const times = rows.map(({ event }) => event.knownAt)
        expect(times).toEqual([...times].sort((a, b) => a - b))
        await connection.close()
      }),
      { numRuns: 3 },
    )
  })

  test('a following that stopped goes on without a gap or a double', async () => {
    const connection = await connect()
    for (const [from, to] of [
      [1, 10],
      [31, 40],
    ] as const) {
      const controller = new AbortController()
      const following = followExchange({
        connection,
        store,
        stream: 'trades',
        sinceMs: 0,
        signal: controller.signal,
      })
      await server.subscribed(1)
      for (let id = from; id <= to; id++) server.push(trade(id))
      await until(async () => lastNumber(await all('trades')) === to)
      controller.abort()
      await following
      for (let id = to + 1; id <= to + 20; id++) server.remember(trade(id))
      server.disconnect()
      await delay(20)
    }
    expect((await all('trades')).map(({ event }) => numberOf(event))).toEqual(
      Array.from({ length: 40 }, (_, step) => step + 1),
    )
  })

  test('a limit and a broken answer pass; an exchange that stays away is named', async () => {
    const connection = await connect()
    let failures = 0
    mood = path =>
      path.endsWith('/trades') && failures++ < 2 ? (failures === 1 ? 'limit' : 'truncate') : 'answer'
    const controller = new AbortController()
    const outages: string[] = []
    const following = followExchange({
      connection,
      store,
      stream: 'trades',
      sinceMs: 0,
      signal: controller.signal,
      onOutage: error => outages.push(error.message),
    })
    await server.subscribed(1)
    server.push(trade(1))
    await until(async () => (await all('trades')).length === 1)
    server.remember(trade(2))
    // Whatever is pushed while it rests is asked for when the next one shows that it is missing.
    let id = 2
    const pushing = setInterval(() => server.push(trade(++id)), 20)
    await until(() => failures >= 3)
    clearInterval(pushing)
    server.push(trade(++id))
    await until(async () => lastNumber(await all('trades')) === id)
    controller.abort()
    await following
    expect((await all('trades')).map(({ event }) => numberOf(event))).toEqual(
      Array.from({ length: id }, (_, step) => step + 1),
    )
    expect(outages).toHaveLength(2)
    expect(outages[0]).toMatch('binance failed to answer for trades')

    await server.close()
    const gone = followExchange({
      connection,
      store,
      stream: 'trades',
      sinceMs: 0,
      signal: new AbortController().signal,
      maxOutageMs: 300,
    })
    await expect(gone).rejects.toThrow(UnavailableError)
  })
})

describe('what does not exist is named', () => {
  test.each([
    [{ exchange: 'binanse' }, /There is no exchange "binanse"/, /binance/],
    [{ symbol: 'BTC/USTD' }, /binance has no market "BTC\/USTD"/, /BTC\/USDT/],
    [{ timeframe: '7m' }, /binance has no bars of "7m"/, /1m, 3m, 5m/],
  ] as const)('%j', async (changes, message, hint) => {
    const error = await connect(changes).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(InvalidInputError)
    expect((error as InvalidInputError).message).toMatch(message)
    expect((error as InvalidInputError).hint).toMatch(hint)
  })

  test('an exchange that cannot be reached', async () => {
    await expect(connect({ url: 'http://127.0.0.1:9' })).rejects.toThrow(UnavailableError)
  })
})

describe('clock skew', () => {
  test('is measured by asking for the time', async () => {
    await server.close()
    server = await startExchangeServer({ aheadMs: 123_456 })
    const { skew } = await connect()
    expect(Math.abs(skew.offsetMs() - 123_456)).toBeLessThanOrEqual(Math.ceil(skew.uncertaintyMs() ?? 0) + 1)
    expect(skew.uncertaintyMs()).toBeLessThan(1_000)
  })

  test('the true offset lies within the uncertainty, whatever the delays', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1_000_000, max: 1_000_000 }),
        fc.array(fc.tuple(fc.nat(500), fc.nat(500)), { minLength: 1 }),
        fc.array(fc.nat(500)),
        (offset, trips, pushes) => {
          const skew = createClockSkew()
          let now = 5_000_000
          for (const [out, back] of trips) {
            skew.asked(now, now + out + offset, now + out + back)
            now += 1_000
          }
          for (const age of pushes) skew.pushed(now + offset, now + age)
          expect(Math.abs(skew.offsetMs() - offset)).toBeLessThanOrEqual((skew.uncertaintyMs() ?? 0) + 1)
        },
      ),
    )
  })
})

function numberOf(event: StoredObservation['event']): number {
  return event.lineage.kind === 'feed' ? event.lineage.sequence : Number.NaN
}

function lastNumber(rows: readonly StoredObservation[]): number | null {
  const last = rows.at(-1)
  return last === undefined ? null : numberOf(last.event)
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const timeout = AbortSignal.timeout(60_000)
  while (!(await condition())) {
    if (timeout.aborted) throw new Error(`Not within 60 s: ${condition.toString()}`)
    await delay(5)
  }
}
