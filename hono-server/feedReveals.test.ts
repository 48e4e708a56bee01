import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DecisionKind, type Grant, type RecordedDecision, type UnixMs, unixMs } from '../core/index.ts'
import {
  createGranteeKeys,
  createRecorder,
  createSigner,
  envelopeOf,
  openGranted,
  openSealed,
  signGrant,
} from '../decision-log/index.ts'
import { hashOf, KEYS, OUTPUTS, sampleDecision } from '../decision-log/test/sampleDecisions.ts'
import { createFeedHub } from './feedHub.ts'
import type { FeedFilter, FeedMessage } from './feedProtocol.ts'
import type { FeedSink } from './feedSubscriber.ts'
import { createMemoryLog, type MemoryLog, TEST_DOMAIN } from './test/memoryLog.ts'

const START = 1_700_000_000_000
const MINUTE = 60_000
const embargo = { delayMs: 10 * MINUTE, periodMs: 5 * MINUTE }
const signer = createSigner(KEYS[0])
const { agent } = signer

/** A log, a hub over it, and a clock that the test moves. */
function open(grants: Grant[] = [], log: MemoryLog = createMemoryLog()) {
  const clock = { nowMs: unixMs(START) }
  const now = () => clock.nowMs
  const hub = createFeedHub({
    decisions: log.store,
    proofOf: log.proofOf,
    grantsTo: async publicKey => grants.filter(grant => grant.publicKey === publicKey),
    now,
  })
  const recorder = createRecorder({ store: log.store, signer, domain: TEST_DOMAIN, embargo })
  const record = async (...kinds: readonly DecisionKind[]) => {
    const first = await log.store.nextSequence(agent)
    const decisions = kinds.map((kind, index) => ({
      ...sampleDecision(
        agent,
        first + index,
        OUTPUTS.find(output => output.kind === kind),
      ),
      timeMs: now(),
    }))
    await recorder.record(decisions, hashOf('9'))
    await hub.notifyRecorded()
  }
  const advance = async (ms: number) => {
    clock.nowMs = unixMs(clock.nowMs + ms)
    await hub.notifyRevealed()
  }
  const subscribe = (filter: FeedFilter = {}, place: Partial<Parameters<typeof hub.subscribe>[0]> = {}) => {
    const messages: FeedMessage[] = []
    const sink: FeedSink = {
      send: frame => void messages.push(JSON.parse(String(frame))),
      isFull: () => false,
      drained: async () => {},
      closed: false,
    }
    const from = 0
    hub.subscribe({ filter, sink, from, proofFrom: from, orphanedFrom: from, ...place }, error => {
      throw error
    })
    return messages
  }
  return { log, hub, clock, record, advance, subscribe }
}

const told = (messages: readonly FeedMessage[]) =>
  messages.map(message => ('sequence' in message ? `${message.type} ${message.sequence}` : message.type))
const settled = () => new Promise(resolve => setTimeout(resolve, 30))

describe('a sealed decision', () => {
  test('goes out sealed at once, its proof with its anchor, and its body when its time has come', async () => {
    const { log, hub, record, advance, subscribe } = open()
    await hub.notifyRecorded()
    const messages = subscribe()
    await settled()
    await record('signal', 'order')
    await log.anchor(agent)
    await hub.notifyAnchored(agent)
    await advance(9 * MINUTE)
    expect(told(messages)).toEqual(['sealed 0', 'sealed 1', 'proof 0', 'proof 1'])
    const hidden = JSON.stringify(messages)
    for (const { body } of log.rows) expect(hidden).not.toContain(JSON.stringify(body).slice(1, -1))
    for (const word of ['instrument', 'oanda', 'timeMs', 'kind', 'signal']) expect(hidden).not.toContain(word)
    await advance(6 * MINUTE)
    expect(told(messages).slice(4)).toEqual(['revealed 0', 'revealed 1'])
    expect(messages[4]).toEqual(withoutSeal('revealed', log.rows[0]))
    await advance(60 * MINUTE)
    expect(messages.length).toBe(6)
  })

  test('is checked and opened by what was sent, once its key is public', async () => {
    const { log, hub, record, subscribe } = open()
    await hub.notifyRecorded()
    const messages = subscribe()
    await record('fill')
    await settled()
    const [message] = messages
    if (message?.type !== 'sealed') throw new Error('not sealed')
    const { sequence, leaf, ciphertext, envelopeSignature: signature, revealAtMs } = message
    const sealed = { revealAtMs, keyHash: message.keyHash, ciphertext, signature }
    const envelope = envelopeOf({ agent: message.agent, sequence, leaf, sealed })
    if (envelope === null) throw new Error('no envelope')
    const key = signer.revealKeyFor(revealAtMs, TEST_DOMAIN)
    const opened = await openSealed({ envelope, signature, ciphertext, key, domain: TEST_DOMAIN })
    expect(opened.body).toBe(log.rows[0]?.body)
  })

  test('reaches whoever wants its agent, whatever kinds they want: only its body is filtered', async () => {
    const { hub, record, advance, subscribe } = open()
    await hub.notifyRecorded()
    const orders = subscribe({ kinds: ['order'] })
    const elsewhere = subscribe({ instruments: [] })
    const others = subscribe({ agents: [createSigner(KEYS[1]).agent] })
    await settled()
    await record('signal', 'order', 'fill')
    // The same for those who come later and read history.
    const later = subscribe({ kinds: ['order'] })
    await settled()
    for (const messages of [orders, elsewhere, later])
      expect(told(messages)).toEqual(['sealed 0', 'sealed 1', 'sealed 2'])
    await advance(20 * MINUTE)
    for (const messages of [orders, later]) expect(told(messages).slice(3)).toEqual(['revealed 1'])
    expect(elsewhere.length).toBe(3)
    expect(others).toEqual([])
  })

  test('is a decision like any other to those who come after its reveal', async () => {
    const { record, hub, advance, subscribe, log } = open()
    await record('signal')
    await advance(20 * MINUTE)
    await hub.notifyRecorded()
    const messages = subscribe()
    await settled()
    expect(messages).toEqual([withoutSeal('decision', log.rows[0])])
  })

  test('is revealed to who resumes, whether its time came meanwhile or is still to come', async () => {
    const { record, hub, advance, subscribe } = open()
    await record('signal')
    await advance(20 * MINUTE)
    await record('order')
    const messages = subscribe({}, { from: 2, proofFrom: 2, orphanedFrom: 2, revealedFrom: 0 })
    await hub.notifyRecorded()
    await settled()
    expect(told(messages)).toEqual(['revealed 0'])
    await advance(20 * MINUTE)
    expect(told(messages)).toEqual(['revealed 0', 'revealed 1'])
  })

  test('is revealed by the hub itself when its time has come', async () => {
    const log = createMemoryLog()
    const now = () => unixMs(Date.now())
    const hub = createFeedHub({ decisions: log.store, proofOf: log.proofOf, now })
    // Long enough that a busy machine still sends it sealed first.
    const quick = { delayMs: 1_000, periodMs: 1 }
    const recorder = createRecorder({ store: log.store, signer, domain: TEST_DOMAIN, embargo: quick })
    await hub.notifyRecorded()
    const received: { readonly type: string; readonly atMs: number }[] = []
    const sink: FeedSink = {
      send: frame => void received.push({ type: JSON.parse(String(frame)).type, atMs: Date.now() }),
      isFull: () => false,
      drained: async () => {},
      closed: false,
    }
    hub.subscribe({ filter: {}, sink, from: 0, proofFrom: 0, orphanedFrom: 0 }, () => undefined)
    await settled()
    await recorder.record([{ ...sampleDecision(agent, 0), timeMs: now() }], hashOf('9'))
    await hub.notifyRecorded()
    while (received.length < 2) await settled()
    expect(received.map(({ type }) => type)).toEqual(['sealed', 'revealed'])
    expect(received[1]?.atMs).toBeGreaterThanOrEqual(log.rows[0]?.sealed?.revealAtMs ?? Number.NaN)
    hub.close()
  })

  test('whatever interleaves, each is sent once, whole, or once sealed and then once revealed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('record', 'advance', 'subscribe', 'orders', 'yield'), {
          minLength: 5,
          maxLength: 40,
        }),
        fc.infiniteStream(fc.integer({ min: 0, max: 3 })),
        async (steps, delays) => {
          const delay = async () => {
            const turns: number = delays.next().value ?? 0
            for (let turn = 0; turn < turns; turn++) await new Promise(resolve => setImmediate(resolve))
          }
          const log = createMemoryLog(delay)
          const { hub, record, advance, subscribe, clock } = open([], log)
          await hub.notifyRecorded()
          const clients: { readonly messages: FeedMessage[]; readonly filter: FeedFilter }[] = []
          const work: Promise<unknown>[] = []
          let recording: Promise<unknown> = Promise.resolve()
          for (const step of steps) {
            if (step === 'record') recording = recording.then(() => record('signal', 'order'))
            else if (step === 'advance') work.push(advance(4 * MINUTE))
            else if (step === 'yield') await new Promise(resolve => setImmediate(resolve))
            else {
              const filter: FeedFilter = step === 'orders' ? { kinds: ['order'] } : {}
              clients.push({ messages: subscribe(filter), filter })
            }
          }
          await recording
          await Promise.all(work)
          await hub.notifyRecorded()
          await advance(0)
          for (let turn = 0; turn < 60; turn++) await new Promise(resolve => setImmediate(resolve))
          await settled()
          for (const { messages, filter } of clients)
            expect(told(messages).sort()).toEqual(expected(log.rows, filter, messages, clock.nowMs))
          hub.close()
        },
      ),
      { numRuns: 25, seed: 20_260_105 },
    )
  })
})

/** What one must have been told by now, given which decisions it got sealed. */
function expected(
  rows: readonly RecordedDecision[],
  { kinds }: FeedFilter,
  messages: readonly FeedMessage[],
  nowMs: UnixMs,
): string[] {
  return rows
    .flatMap(({ sequence, kind, sealed }) => {
      const matches = kinds?.includes(kind) ?? true
      const isOpen = (sealed?.revealAtMs ?? 0) <= nowMs
      const gotSealed = told(messages).includes(`sealed ${sequence}`)
      if (!isOpen) return [`sealed ${sequence}`]
      if (gotSealed) return matches ? [`sealed ${sequence}`, `revealed ${sequence}`] : [`sealed ${sequence}`]
      return matches ? [`decision ${sequence}`] : []
    })
    .sort()
}

describe('a grant', () => {
  test('brings the body at once to who holds the key; a revoked, ended or foreign one brings nothing', async () => {
    const [holder, late, stranger] = await Promise.all([0, 1, 2].map(() => createGranteeKeys()))
    if (!holder || !late || !stranger) throw new Error('keys')
    const grantTo = (publicKey: string, untilMs: UnixMs | null) =>
      signGrant({ signer, domain: TEST_DOMAIN, publicKey, fromMs: unixMs(START - 1), untilMs })
    const grant = await grantTo(holder.publicKey, null)
    const grants = [grant, await grantTo(late.publicKey, unixMs(START))]
    const { log, hub, record, advance, subscribe } = open(grants)
    await record('signal')
    await hub.notifyRecorded()
    const messages = subscribe({}, { grantKey: holder.publicKey })
    const [ended, foreign] = [late, stranger].map(({ publicKey }) => subscribe({}, { grantKey: publicKey }))
    await settled()
    await record('order')
    // What is granted is sealed by the platform's cryptography, on threads of its own.
    await expect
      .poll(() => told(messages), { timeout: 20_000 })
      .toEqual(['sealed 0', 'granted 0', 'sealed 1', 'granted 1'])
    await settled()
    expect(messages).toHaveLength(4)
    expect(told(ended ?? [])).toEqual(['sealed 0', 'sealed 1'])
    expect(told(foreign ?? [])).toEqual(['sealed 0', 'sealed 1'])
    for (const sequence of [0, 1]) {
      const row = log.rows[sequence]
      const granted = messages[sequence * 2 + 1]
      const envelope = row === undefined ? null : envelopeOf(row)
      if (granted?.type !== 'granted' || !row?.sealed || envelope === null) throw new Error('not granted')
      const { signature } = row.sealed
      const { privateKey } = holder
      const opened = await openGranted({ envelope, signature, granted, privateKey, domain: TEST_DOMAIN })
      expect(opened.body).toBe(row.body)
      await expect(
        openGranted({ envelope, signature, granted, privateKey: stranger.privateKey, domain: TEST_DOMAIN }),
      ).rejects.toThrow('none that the private key opens')
    }
    grants[0] = { ...grant, revokedAtMs: unixMs(START + MINUTE) }
    await advance(MINUTE)
    await record('fill')
    await settled()
    expect(told(messages).slice(4)).toEqual(['sealed 2'])
  })
})

function withoutSeal(type: 'decision' | 'revealed', row: RecordedDecision | undefined): object {
  const { sealed: _sealed, ...content } = row ?? {}
  return { type, ...content }
}
