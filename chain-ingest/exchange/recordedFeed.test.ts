import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { instrumentId, type ObservationStore, parseDecimal } from '../../core/index.ts'
import {
  type ExchangeServer,
  type RecordedFrame,
  startExchangeServer,
} from '../testing/exchangeServer.conformance.ts'
import { createMemoryObservationStore } from '../testing/memoryObservationStore.conformance.ts'
import { hasRecordedData, recorded } from '../testing/recordedData.conformance.ts'
import { type ExchangeSpec, exchangeFeed } from './exchangeSpec.ts'
import { type ExchangeCounts, followExchange } from './followExchange.ts'
import { type ExchangeConnection, openExchange } from './openExchange.ts'

type Frame = {
  readonly stream: string
  readonly data: Readonly<Record<'t' | 'T' | 'p' | 'q' | 'm' | 'b' | 'B' | 'a' | 'A' | 'e', never>>
}

const e8 = (text: string) => parseDecimal(text, 8)

describe.skipIf(!hasRecordedData)(
  'recorded frames of an exchange, through a server that speaks its format',
  () => {
    let server: ExchangeServer
    let connection: ExchangeConnection
    let store: ObservationStore
    let frames: RecordedFrame[]
    let spec: ExchangeSpec

    beforeEach(async () => {
      frames = gunzipSync(readFileSync(recorded('binance-feed/spot_btcusdt_20240809.gz')))
        .toString()
        .trimEnd()
        .split('\n')
        .map(line => ({ receivedNs: BigInt(line.slice(0, 19)), text: line.slice(20) }))
      server = await startExchangeServer()
      const id = instrumentId('binance:BTC/USDT')
      spec = {
        exchange: 'binance',
        symbol: 'BTC/USDT',
        instrument: { id, kind: 'spot', symbol: 'BTC', decimals: 8, quote: 'USDT' },
        timeframe: '1m',
        url: server.url,
      }
      connection = await openExchange({ spec })
      store = createMemoryObservationStore()
    })
    afterEach(async () => {
      await connection.close()
      await server.close()
    })

    /** Replays frames while both streams are followed, until as many rows are stored. */
    async function follow(
      replayed: readonly RecordedFrame[],
      ownPace: boolean,
      wanted: { trades: number; quotes: number },
    ): Promise<Record<'trades' | 'quotes', ExchangeCounts>> {
      const controller = new AbortController()
      const stored = { trades: 0, quotes: 0 }
      const following = (['trades', 'quotes'] as const).map(stream =>
        followExchange({
          connection,
          store,
          stream,
          sinceMs: 0,
          signal: controller.signal,
          onStored: ({ added }) => {
            stored[stream] += added
          },
        }),
      )
      await server.subscribed(2)
      await server.replay(replayed, { ownPace })
      const deadline = performance.now() + 100_000
      while (stored.trades < wanted.trades || stored.quotes < wanted.quotes) {
        if (performance.now() > deadline) break
        await delay(20)
      }
      controller.abort()
      const [trades, quotes] = await Promise.all(following)
      if (trades === undefined || quotes === undefined) throw new Error('Two streams were followed.')
      return { trades, quotes }
    }

    const rows = (stream: 'trades' | 'quotes') =>
      store.scan({ source: exchangeFeed(spec, stream), limit: 1_000_000 })
    const parsed = (stream: string) =>
      frames.map(({ text }) => JSON.parse(text) as Frame).filter(frame => frame.stream === stream)

    test('as fast as possible: each trade and each quote once, exact, in order', async () => {
      const trades = parsed('btcusdt@trade')
      const quotes = parsed('btcusdt@bookTicker')
      const counts = await follow(frames, false, { trades: trades.length, quotes: quotes.length })
      expect(counts.trades).toEqual({ observations: 10_147, gaps: 0, duplicates: 0 })
      expect(counts.quotes).toEqual({ observations: 45_134, gaps: 0, duplicates: 0 })
      const stored = await rows('trades')
      expect(stored.map(({ event }) => event.lineage)).toEqual(
        trades.map(({ data }) => ({ kind: 'feed', feed: 'binance:BTC/USDT#trades', sequence: data.t })),
      )
      expect(stored.map(({ event }) => [event.validAt, event.value])).toEqual(
        trades.map(({ data }) => [
          data.T,
          { type: 'trade', side: data.m ? 'sell' : 'buy', priceE8: e8(data.p), sizeE8: e8(data.q) },
        ]),
      )
      expect((await rows('quotes')).map(({ event }) => event.value)).toEqual(
        quotes.map(({ data }) => ({
          type: 'quote',
          bidE8: e8(data.b),
          bidSizeE8: e8(data.B),
          askE8: e8(data.a),
          askSizeE8: e8(data.A),
        })),
      )
      for (const { event } of stored) expect(event.knownAt).toBeGreaterThanOrEqual(event.validAt)
    }, 60_000)

    test('at their own pace: rows are known as far apart as the frames were', async () => {
      const from = frames[0]?.receivedNs ?? 0n
      const some = frames.filter(({ receivedNs }) => receivedNs - from < 4_000_000_000n)
      const wanted = some.filter(({ text }) => text.includes('@bookTicker'))
      const count = (stream: string) => some.filter(({ text }) => text.includes(stream)).length
      await follow(some, true, { trades: count('@trade'), quotes: wanted.length })
      const known = (await rows('quotes')).map(({ event }) => event.knownAt)
      expect(known).toHaveLength(wanted.length)
      const lags = wanted.map(
        ({ receivedNs }, index) =>
          (known[index] ?? 0) - (known[0] ?? 0) - Number(receivedNs - (wanted[0]?.receivedNs ?? 0n)) / 1e6,
      )
      const median = lags.sort((a, b) => a - b)[Math.floor(lags.length / 2)] ?? Number.NaN
      expect(Math.abs(median)).toBeLessThan(100)
    }, 120_000)
  },
)
