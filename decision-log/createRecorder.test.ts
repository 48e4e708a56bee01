import { expect, test } from 'vitest'
import {
  type Decision,
  type DecisionStore,
  IntegrityError,
  InvalidInputError,
  NOT_SEALED,
  UnavailableError,
} from '../core/index.ts'
import { createRecorder, createSigner, createUnsignedLog, hashRecord, parseBody, signerOf } from './index.ts'
import { createMemoryDecisionStore } from './test/memoryDecisionStore.ts'
import { hashOf, KEYS, sampleDecision } from './test/sampleDecisions.ts'

const domain = { chainId: 1, verifyingContract: `0x${'12'.repeat(20)}` } as const
const signer = createSigner(KEYS[0])
const decisions = (from: number, count: number): Decision[] =>
  Array.from({ length: count }, (_, index) => sampleDecision(signer.agent, from + index))

test('records, signs and returns decisions with receipts', async () => {
  const store = createMemoryDecisionStore()
  const { record } = createRecorder({ store, signer, domain })
  const logged = await record(decisions(0, 3), hashOf('9'))
  expect(logged.map(({ receipt: _, ...decision }) => decision)).toEqual(decisions(0, 3))
  for (const [index, { receipt }] of logged.entries()) {
    const row = await store.find(signer.agent, index)
    const { sequence, agent, leaf, signature } = row!
    expect(receipt).toEqual({ agent, sequence, leaf, signature })
    const parsed = parseBody(row!.body)
    expect(parsed).toEqual({
      ...sampleDecision(signer.agent, index),
      dataRoot: hashOf('9'),
      revealAtMs: NOT_SEALED,
      salt: signer.saltFor(index, domain),
    })
    expect(hashRecord(parsed, domain)).toBe(leaf)
    expect(await signerOf(row!, domain)).toBe(signer.agent)
    expect(row).toMatchObject({
      kind: parsed.output.kind,
      instrument: parsed.instrument,
      timeMs: parsed.timeMs,
    })
  }
})

test('the same decisions give the same record again, byte for byte', async () => {
  const [a, b] = [createMemoryDecisionStore(), createMemoryDecisionStore()]
  for (const store of [a, b])
    await createRecorder({ store, signer, domain }).record(decisions(0, 4), hashOf('9'))
  expect(a.rows).toEqual(b.rows)
})

test('is durable before it returns: no receipt when the store fails', async () => {
  const store: DecisionStore = {
    ...createMemoryDecisionStore(),
    append: () => Promise.reject(new Error('disk full')),
  }
  await expect(
    createRecorder({ store, signer, domain }).record(decisions(0, 1), hashOf('9')),
  ).rejects.toThrow('disk full')
})

test('all or none: one wrong decision and nothing is written', async () => {
  const store = createMemoryDecisionStore()
  const { record } = createRecorder({ store, signer, domain })
  const [first, second] = decisions(0, 2) as [Decision, Decision]
  const wrong = { ...second, timeMs: Number.NaN as Decision['timeMs'] }
  await expect(record([first, wrong], hashOf('9'))).rejects.toThrow(InvalidInputError)
  await expect(
    record([first, { ...second, agent: createSigner(KEYS[1]).agent }], hashOf('9')),
  ).rejects.toThrow(/cannot be signed/)
  await expect(record([second], hashOf('9'))).rejects.toThrow(IntegrityError)
  expect(store.rows).toEqual([])
  expect(await record([], hashOf('9'))).toEqual([])
})

test('a logged decision cannot be recorded a second time as another', async () => {
  const store = createMemoryDecisionStore()
  const { record } = createRecorder({ store, signer, domain })
  const [logged] = await record(decisions(0, 1), hashOf('9'))
  await expect(record([{ ...logged!, sequence: 1 }], hashOf('9'))).rejects.toThrow(
    /Unrecognized key: "receipt"/,
  )
})

test('the unsigned log keeps order and count, and signs nothing', () => {
  const log = createUnsignedLog()
  const logged = log.record(decisions(0, 2))
  expect(
    logged.map(({ receipt }) => [receipt.sequence, BigInt(receipt.leaf), BigInt(receipt.signature)]),
  ).toEqual([
    [0, 0n, 0n],
    [1, 0n, 0n],
  ])
  expect(log.decisions).toEqual(logged)
  expect(() => log.record(decisions(3, 1))).toThrow(IntegrityError)
  expect(log.decisions).toHaveLength(2)
})

test('waits while the store cannot write, and records once, also when an answer was lost', async () => {
  const store = createMemoryDecisionStore()
  const full = new UnavailableError('The store has no room left.', { hint: '' })
  let attempts = 0
  const failing: DecisionStore = {
    ...store,
    async append(given) {
      attempts += 1
      if (attempts < 3) throw full
      await store.append(given)
      throw full
    },
  }
  const warnings: string[] = []
  const patience = {
    signal: new AbortController().signal,
    onWarning: (message: string) => void warnings.push(message),
    pauseMs: 1,
  }
  const logged = await createRecorder({ store: failing, signer, domain, patience }).record(
    decisions(0, 2),
    hashOf('9'),
  )
  expect(logged.map(({ sequence }) => sequence)).toEqual([0, 1])
  expect(store.rows.map(({ leaf }) => leaf)).toEqual(logged.map(({ receipt }) => receipt.leaf))
  expect(attempts).toBe(3)
  expect(warnings[0]).toBe('The store has no room left. Nothing is acted on until decisions can be recorded.')
})

test('ends the wait for the store when it is told to', async () => {
  const full = new UnavailableError('The store has no room left.', { hint: '' })
  const store: DecisionStore = { ...createMemoryDecisionStore(), append: () => Promise.reject(full) }
  const ending = new AbortController()
  const patience = { signal: ending.signal, onWarning: () => ending.abort() }
  await expect(
    createRecorder({ store, signer, domain, patience }).record(decisions(0, 1), hashOf('9')),
  ).rejects.toBe(full)
})
