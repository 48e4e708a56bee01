import { expect, test } from 'vitest'
import { parsePublished } from './publishedDecision.ts'

const decision = { agent: `0x${'1a'.repeat(20)}`, sequence: 3, body: '{}', signature: '0x00ff' }

test('a line is a decision, or a message of the feed of another kind, or empty', () => {
  expect(parsePublished(JSON.stringify(decision), 1)).toEqual(decision)
  expect(parsePublished(JSON.stringify({ type: 'decision', ...decision, leaf: '0x' }), 1)).toEqual(decision)
  expect(parsePublished(JSON.stringify({ type: 'heartbeat', next: 4 }), 2)).toBeNull()
  expect(parsePublished('  ', 3)).toBeNull()
})

test('a line of the feed is a decision that was revealed, or one that is sealed', () => {
  expect(parsePublished(JSON.stringify({ type: 'revealed', ...decision, leaf: '0x' }), 1)).toEqual(decision)
  const hash = `0x${'2b'.repeat(32)}`
  const { body: _, ...place } = decision
  const sealed = {
    ...{ ...place, leaf: hash, revealAtMs: 1_000, keyHash: hash },
    ...{ ciphertext: '0x12', envelopeSignature: '0x34' },
  }
  expect(parsePublished(JSON.stringify({ type: 'sealed', feedSequence: 1, ...sealed }), 1)).toEqual(sealed)
  for (const field of ['leaf', 'revealAtMs', 'keyHash', 'ciphertext', 'envelopeSignature'])
    expect(() => parsePublished(JSON.stringify({ type: 'sealed', ...sealed, [field]: 'none' }), 4)).toThrow(
      expect.objectContaining({ facts: { line: 4, field } }),
    )
})

test.each([
  ['no JSON', 'agent', 'the line'],
  ['another address', JSON.stringify({ ...decision, agent: '0x12' }), 'agent'],
  ['a sequence below zero', JSON.stringify({ ...decision, sequence: -1 }), 'sequence'],
  ['no signature', JSON.stringify({ ...decision, signature: 'none' }), 'signature'],
])('%s is refused, with the line and the field', (_, line, field) => {
  expect(() => parsePublished(line, 12)).toThrow(
    expect.objectContaining({ message: 'Line 12 is no published decision.', facts: { line: 12, field } }),
  )
})
