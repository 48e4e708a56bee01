import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DecisionQuery, DecisionStore, RecordedDecision } from '../core/index.ts'
import { createRecorder, createSigner, createSignerFinder } from './index.ts'
import { selectDecisions } from './selectDecisions.ts'
import { createSignedRows } from './signedRows.ts'
import { createMemoryDecisionStore } from './test/memoryDecisionStore.ts'
import { hashOf, KEYS, sampleDecision } from './test/sampleDecisions.ts'

const domain = { chainId: 1, verifyingContract: `0x${'12'.repeat(20)}` } as const
const signer = createSigner(KEYS[0])
const { agent } = signer
const END = 2_300
const memory = createMemoryDecisionStore()
const signers = createSignerFinder(domain, 2)

beforeAll(async () => {
  const { record } = createRecorder({ store: memory, signer, domain })
  await record(
    Array.from({ length: END }, (_, sequence) => sampleDecision(agent, sequence)),
    hashOf('9'),
  )
})
afterAll(() => signers.close())

/** The store, and what is asked of it. */
function watched(change: (row: RecordedDecision) => RecordedDecision | null = row => row) {
  const asked: DecisionQuery[] = []
  const list: DecisionStore['list'] = async query => {
    asked.push(query)
    return (await memory.list(query)).map(change).filter(row => row !== null)
  }
  return { asked, decisions: { ...memory, list } }
}

test.each([
  ['all', {}],
  ['a range across pages', { sequences: { first: 990, last: 2_010 } }],
  ['a sample', { sample: { size: 7, seed: hashOf('5') } }],
])('%s: each selected row is found, and who signed it', async (_, options) => {
  const selection = selectDecisions({ agent, ...options }, END)
  const rows = createSignedRows({ ...watched(), agent, selection, signers })
  let seen = 0
  for (let sequence = 0; sequence < END; sequence++) {
    if (!selection.has(sequence)) continue
    const row = await rows.rowAt(sequence)
    expect(row).toEqual(memory.rows[sequence])
    expect(await rows.signerOf(row!, row!.leaf)).toBe(agent)
    seen++
  }
  expect(seen).toBe(selection.size)
  // The last is asked for whether it is selected or not.
  expect(await rows.rowAt(END - 1)).toEqual(memory.rows[END - 1])
  await rows.close()
})

test('changed, missing and foreign rows stand out, wherever in a page', async () => {
  const { decisions } = watched(row => {
    if (row.sequence === 5) return null
    if (row.sequence === 1_000) return { ...row, signature: '0x1234' }
    return row.sequence === 1_001 ? { ...row, agent: `0x${'77'.repeat(20)}` } : row
  })
  const selection = selectDecisions({ agent }, END)
  const rows = createSignedRows({ decisions, agent, selection, signers })
  const signerAt = async (sequence: number, leaf = memory.rows[sequence]!.leaf) => {
    const row = await rows.rowAt(sequence)
    return row === null ? 'no row' : rows.signerOf(row, leaf)
  }
  expect(await signerAt(5)).toBe('no row')
  expect(await signerAt(999)).toBe(agent)
  expect(await signerAt(1_000)).toBeNull()
  // Who signed is asked of the agent that is audited.
  expect(await signerAt(1_001)).toBe(agent)
  expect(await signerAt(1_002, hashOf('4'))).not.toBe(agent)
  await rows.close()
})

test('one decision costs the read of one row; the next page is read ahead', async () => {
  const one = watched()
  const single = createSignedRows({
    ...one,
    agent,
    selection: selectDecisions({ agent, sequences: 12 }, END),
    signers,
  })
  await single.rowAt(12)
  await single.close()
  expect(one.asked).toEqual([{ agent, fromSequence: 12, limit: 1 }])

  const all = watched()
  const rows = createSignedRows({ ...all, agent, selection: selectDecisions({ agent }, END), signers })
  await rows.rowAt(0)
  expect(all.asked.map(({ fromSequence }) => fromSequence)).toEqual([0, 1_000])
  await rows.close()
})

test('a store that fails fails the one who asks for that page, and nobody else', async () => {
  const decisions: DecisionStore = {
    ...memory,
    list: async query => {
      if (query.fromSequence !== 0) throw new Error('The disk is gone.')
      return memory.list(query)
    },
  }
  const selection = selectDecisions({ agent }, END)
  const rows = createSignedRows({ decisions, agent, selection, signers })
  expect(await rows.rowAt(0)).toEqual(memory.rows[0])
  expect(await rows.rowAt(999)).toEqual(memory.rows[999])
  await expect(rows.rowAt(1_000)).rejects.toThrow('The disk is gone.')
  await rows.close()

  const left = createSignedRows({ decisions, agent, selection, signers })
  await left.rowAt(0)
  await left.close()
})
