import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { createFeed } from './createFeed.ts'
import { FEED_PATH, type Feed, type FeedOptions } from './feedOptions.ts'
import { connectFeed, type TestClient, type TestMessage } from './test/connectFeed.ts'
import { agentOf, createMemoryLog, type MemoryLog, TEST_DOMAIN } from './test/memoryLog.ts'

const open: { feed: Feed; server: Server }[] = []
afterEach(async () => {
  for (const { feed, server } of open.splice(0)) {
    await feed.close()
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
})

async function serve(log: MemoryLog, options: Partial<FeedOptions> = {}) {
  const feed = createFeed({ decisions: log.store, proofOf: log.proofOf, domain: TEST_DOMAIN, ...options })
  const server = createServer()
  feed.attach(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  open.push({ feed, server })
  const { port } = server.address() as AddressInfo
  return { feed, url: `ws://127.0.0.1:${port}${FEED_PATH}` }
}

const ofType = (client: TestClient, type: string) => client.messages.filter(message => message.type === type)
const sequences = (messages: readonly TestMessage[]) => messages.map(({ feedSequence }) => feedSequence)
const subscribe = (fields: Record<string, unknown> = {}) => ({ type: 'subscribe', from: 0, ...fields })

/** Tries a handshake that must be refused, and returns the HTTP answer. */
const refused = (url: string, options = {}) =>
  new Promise<{ status: number | undefined; body: { detail: string } }>((resolve, reject) => {
    const socket = new WebSocket(url, options)
    socket.once('open', () => reject(new Error('was accepted')))
    socket.once('error', () => undefined)
    socket.once('unexpected-response', (_request, response) => {
      let body = ''
      response.on('data', chunk => {
        body += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode, body: JSON.parse(body) }))
    })
  })

describe('subscription', () => {
  test('history, then what is recorded, then proofs, without gap or double while writers run', async () => {
    const log = createMemoryLog()
    const { feed, url } = await serve(log)
    await log.record(agentOf(1), 1_000)
    await log.anchor(agentOf(1))
    let writing = true
    const writer = (async () => {
      for (let round = 0; writing; round++) {
        await log.record(agentOf(1 + (round % 2)), 3)
        feed.notifyRecorded()
        await new Promise(resolve => setTimeout(resolve, 2))
        if (round % 10 === 9) {
          await log.anchor(agentOf(1))
          feed.notifyAnchored(agentOf(1))
        }
      }
    })()
    const clients = await Promise.all(Array.from({ length: 5 }, () => connectFeed(url, subscribe())))
    await Promise.all(clients.map(client => client.until(messages => messages.length > 3_000)))
    writing = false
    await writer
    for (const agent of [agentOf(1), agentOf(2)]) {
      await log.anchor(agent)
      feed.notifyAnchored(agent)
    }
    feed.notifyRecorded()
    const all = log.rows.map(({ feedSequence }) => feedSequence)
    for (const client of clients) {
      await client.until(messages => messages.filter(({ type }) => type === 'proof').length === all.length)
      expect(client.messages[0]).toMatchObject({
        type: 'subscribed',
        protocol: 1,
        chainId: 31_337,
        contract: TEST_DOMAIN.verifyingContract,
        from: 0,
      })
      expect(sequences(ofType(client, 'decision'))).toEqual(all)
      expect(new Set(sequences(ofType(client, 'proof'))).size).toBe(all.length)
    }
    expect(feed.stats).toMatchObject({ clients: 5, subscribed: 5, droppedSlow: 0, next: all.length })
  })

  test('filters by agent, instrument and kind', async () => {
    const log = createMemoryLog()
    const { url } = await serve(log)
    await log.record(agentOf(1), 2, 'signal')
    await log.record(agentOf(1), 2, 'order')
    await log.record(agentOf(2), 2, 'signal')
    const all = subscribe({ agents: [agentOf(1).toUpperCase().replace('X', 'x')], kinds: ['order'] })
    const byAgent = await connectFeed(url, all)
    await byAgent.until(messages => messages.length === 3)
    expect(sequences(ofType(byAgent, 'decision'))).toEqual([2, 3])
    const byInstrument = await connectFeed(url, subscribe({ instruments: ['test:22'], kinds: ['signal'] }))
    await byInstrument.until(messages => messages.length === 3)
    expect(sequences(ofType(byInstrument, 'decision'))).toEqual([4, 5])
  })

  test('resumes from a sequence, and gets the proofs it still lacks', async () => {
    const log = createMemoryLog()
    const { feed, url } = await serve(log)
    await log.record(agentOf(1), 6)
    const first = await connectFeed(url, subscribe())
    await first.until(messages => messages.length === 7)
    first.socket.terminate()
    await log.record(agentOf(1), 2)
    await log.anchor(agentOf(1))
    const second = await connectFeed(url, subscribe({ from: 6, proofFrom: 2 }))
    await second.until(messages => messages.length === 9)
    expect(sequences(ofType(second, 'decision'))).toEqual([6, 7])
    expect(sequences(ofType(second, 'proof'))).toEqual([2, 3, 4, 5, 6, 7])
    expect(feed.stats.clients).toBe(1)
  })

  test('without from, starts at what is recorded next', async () => {
    const log = createMemoryLog()
    const { feed, url } = await serve(log)
    await log.record(agentOf(1), 6)
    const client = await connectFeed(url, { type: 'subscribe' })
    await client.until(messages => messages.length === 1)
    expect(client.messages[0]).toMatchObject({ from: 6, next: 6 })
    await log.record(agentOf(1), 1)
    feed.notifyRecorded()
    await client.until(messages => messages.length === 2)
    expect(client.messages[1]).toMatchObject({ type: 'decision', feedSequence: 6, sequence: 6 })
  })

  test('heartbeats carry the place to resume from, and find what nobody announced', async () => {
    const log = createMemoryLog()
    const { url } = await serve(log, { heartbeatMs: 20 })
    const client = await connectFeed(url, subscribe({ kinds: ['order'] }))
    await client.until(messages => messages.some(({ type, next }) => type === 'heartbeat' && next === 0))
    await log.record(agentOf(1), 3, 'signal')
    await log.record(agentOf(1), 1, 'order')
    await log.anchor(agentOf(1))
    await client.until(messages => messages.some(({ type, next }) => type === 'heartbeat' && next === 4))
    await client.until(messages => messages.some(({ type }) => type === 'proof'))
    expect(sequences(ofType(client, 'decision'))).toEqual([3])
  })
})

describe('bad messages end the connection with a code and a reason', () => {
  test.each([
    ['no JSON', '{', 'badMessage', 4400],
    ['another type', { type: 'publish' }, 'badMessage', 4400],
    ['an unknown field', subscribe({ form: 1 }), 'badMessage', 4400],
    ['a negative sequence', subscribe({ from: -1 }), 'badMessage', 4400],
    ['an unknown kind', subscribe({ kinds: ['rumour'] }), 'badMessage', 4400],
    ['a malformed agent', subscribe({ agents: ['gold'] }), 'badMessage', 4400],
    ['a malformed instrument', subscribe({ instruments: ['gold'] }), 'badMessage', 4400],
    ['proofs from after the start', subscribe({ proofFrom: 1 }), 'badMessage', 4400],
    ['a sequence ahead of the feed', subscribe({ from: 11 }), 'sequenceAhead', 4416],
    ['a start too far back', subscribe({ from: 1 }), 'backlogTooLong', 4417],
  ])('%s', async (_name, message, code, closeCode) => {
    const log = createMemoryLog()
    await log.record(agentOf(1), 10)
    const { feed, url } = await serve(log, { maxBacklog: 8 })
    const client = await connectFeed(url, message)
    expect(await client.closed).toEqual({ code: closeCode, reason: code })
    expect(client.messages).toHaveLength(1)
    expect(client.messages[0]).toMatchObject({ type: 'error', code })
    expect(client.messages[0]?.['hint']).not.toBe('')
    expect(feed.stats).toMatchObject({ refused: 1, subscribed: 0 })
  })

  test('a second subscription, a binary message, one too large, none at all', async () => {
    const { url } = await serve(createMemoryLog(), { patienceMs: 300, maxMessageBytes: 200 })
    const twice = await connectFeed(url, subscribe())
    twice.socket.send(JSON.stringify(subscribe()))
    expect(await twice.closed).toMatchObject({ code: 4400 })
    const binary = await connectFeed(url)
    binary.socket.send(Buffer.from('{}'))
    expect(await binary.closed).toMatchObject({ code: 4400 })
    const large = await connectFeed(url, 'x'.repeat(201))
    expect(await large.closed).toMatchObject({ code: 1009 })
    const silent = await connectFeed(url)
    expect(await silent.closed).toMatchObject({ code: 4408, reason: 'subscribeTimeout' })
  })

  test('a store that fails is no fault of the client: it may come again', async () => {
    const log = createMemoryLog()
    const errors: unknown[] = []
    const store = { ...log.store, nextFeedSequence: () => Promise.reject(new Error('down')) }
    const { url } = await serve(log, { decisions: store, onError: error => errors.push(error) })
    const client = await connectFeed(url, subscribe())
    expect(await client.closed).toEqual({ code: 1013, reason: 'unavailable' })
    expect(JSON.stringify(client.messages)).not.toContain('down')
    expect(errors).toEqual([new Error('down')])
  })
})

describe('handshakes', () => {
  test('are refused when the feed is full, the address has too many, the path or the origin is wrong', async () => {
    const { url } = await serve(createMemoryLog(), { maxClients: 3, maxClientsPerAddress: 2 })
    expect(await refused(url.replace('/v1/feed', '/v1/other'))).toMatchObject({ status: 404 })
    expect(await refused(url, { origin: 'https://evil.example' })).toMatchObject({ status: 403 })
    const own = url.replace('ws:', 'http:').replace('/v1/feed', '')
    const first = await connectFeed(url, undefined, { origin: own })
    await connectFeed(url)
    const { status, body } = await refused(url)
    expect([status, body.detail]).toEqual([429, 'Your address has 2 clients already.'])
    first.socket.close()
    await first.closed
    await connectFeed(url)
  })

  test('are refused when the feed is full', async () => {
    const { url } = await serve(createMemoryLog(), { maxClients: 1 })
    await connectFeed(url)
    expect(await refused(url)).toMatchObject({ status: 503 })
  })
})

describe('clients that do not read', () => {
  const MEGABYTE = 1024 * 1024

  test('a live one is dropped with a reason while others go on, and memory stays bounded', async () => {
    const log = createMemoryLog()
    const { feed, url } = await serve(log, { maxBufferedBytes: MEGABYTE })
    const slow = await connectFeed(url, { type: 'subscribe' })
    const good = await connectFeed(url, { type: 'subscribe' })
    await Promise.all([slow, good].map(client => client.until(messages => messages.length === 1)))
    slow.socket.pause()
    let sent = 0
    while (feed.stats.droppedSlow === 0 && sent < 400) {
      await log.record(agentOf(1), 1, 'signal', 200_000)
      feed.notifyRecorded()
      sent += 1
      await good.until(messages => messages.length === sent + 1)
    }
    expect(feed.stats).toMatchObject({ droppedSlow: 1, subscribed: 1 })
    slow.socket.resume()
    expect(await slow.closed).toEqual({ code: 1013, reason: 'slow client: reconnect and resume' })
    // What it got before is whole and in order, so that it can resume.
    const got = sequences(ofType(slow, 'decision'))
    expect(got).toEqual(got.map((_, index) => index))
    expect(got.length).toBeLessThan(sent)
    const again = await connectFeed(url, subscribe({ from: got.length }))
    await again.until(messages => messages.length === 1 + sent - got.length)
  })

  test('one that catches up holds a bounded buffer, and is dropped when it reads nothing', async () => {
    const log = createMemoryLog()
    await log.record(agentOf(1), 300, 'signal', 200_000)
    const { feed, url } = await serve(log, { maxBufferedBytes: MEGABYTE, patienceMs: 400 })
    const slow = await connectFeed(url)
    slow.socket.pause()
    slow.socket.send(JSON.stringify(subscribe()))
    const before = process.memoryUsage().arrayBuffers
    let highest = 0
    while (feed.stats.droppedSlow === 0) {
      highest = Math.max(highest, process.memoryUsage().arrayBuffers - before)
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    // The cache of recent messages and the client's buffer, against 60 megabytes of history.
    expect(highest).toBeLessThan(40 * MEGABYTE)
    slow.socket.resume()
    expect(await slow.closed).toMatchObject({ code: 1013 })
  })

  test('one that catches up slowly, but reads, gets everything', async () => {
    const log = createMemoryLog()
    await log.record(agentOf(1), 100, 'signal', 200_000)
    const { url } = await serve(log, { maxBufferedBytes: MEGABYTE / 2, patienceMs: 2_000 })
    const client = await connectFeed(url, subscribe())
    const pauses = setInterval(() => {
      client.socket.pause()
      setTimeout(() => client.socket.resume(), 15)
    }, 20)
    await client.until(messages => messages.length === 101)
    clearInterval(pauses)
    expect(sequences(ofType(client, 'decision'))).toEqual(log.rows.map(row => row.feedSequence))
  })

  test('a dead one is terminated', async () => {
    const { feed, url } = await serve(createMemoryLog(), { heartbeatMs: 400 })
    const dead = await connectFeed(url, subscribe(), { autoPong: false })
    const living = await connectFeed(url, subscribe())
    expect(await dead.closed).toMatchObject({ code: 1006 })
    await expect.poll(() => feed.stats).toMatchObject({ droppedDead: 1, clients: 1 })
    expect(living.socket.readyState).toBe(WebSocket.OPEN)
  })
})

test('closing tells every client to come again', async () => {
  const { feed, url } = await serve(createMemoryLog())
  const client = await connectFeed(url, subscribe())
  await client.until(messages => messages.length === 1)
  await feed.close()
  expect(await client.closed).toEqual({ code: 1001, reason: 'server closing: reconnect and resume' })
  expect(feed.stats).toMatchObject({ clients: 0, subscribed: 0 })
})
