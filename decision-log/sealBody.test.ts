import { createDecipheriv } from 'node:crypto'
import { chacha20poly1305 } from '@noble/ciphers/chacha'
import fc from 'fast-check'
import { bytesToHex, hexToBytes, size } from 'viem'
import { expect, test } from 'vitest'
import type { Hash } from '../core/index.ts'
import { SEALED_BLOCK_BYTES } from './padBody.ts'
import { bodyKeyOf, sealedSaltOf } from './revealKeys.ts'
import { openBody, sealBody } from './sealBody.ts'
import { hashOf } from './test/sampleDecisions.ts'

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes): Hash => bytesToHex(bytes))
const text = fc.string({ unit: 'binary', maxLength: 5_000 })
const [key, leaf] = [hashOf('1'), hashOf('2')]

test('whatever was sealed is opened by its key and its leaf, and by no others', () => {
  fc.assert(
    fc.property(text, bytes32, bytes32, bytes32, (body, ofKey, ofLeaf, other) => {
      fc.pre(other !== ofKey && other !== ofLeaf)
      const ciphertext = sealBody(body, { key: ofKey, leaf: ofLeaf })
      expect(openBody(ciphertext, { key: ofKey, leaf: ofLeaf })).toBe(body)
      expect(openBody(ciphertext, { key: other, leaf: ofLeaf })).toBeNull()
      expect(openBody(ciphertext, { key: ofKey, leaf: other })).toBeNull()
    }),
  )
})

test('a ciphertext with any byte changed, cut or added opens to nothing', () => {
  const ciphertext = sealBody('{"kind":"signal"}', { key, leaf })
  fc.assert(
    fc.property(fc.nat({ max: size(ciphertext) - 1 }), fc.integer({ min: 1, max: 255 }), (place, flip) => {
      const bytes = hexToBytes(ciphertext)
      bytes[place] = (bytes[place] ?? 0) ^ flip
      expect(openBody(bytesToHex(bytes), { key, leaf })).toBeNull()
    }),
  )
  for (const changed of [ciphertext.slice(0, -2), `${ciphertext}00`, '0x', '0xzz'] as const)
    expect(openBody(changed as Hash, { key, leaf })).toBeNull()
})

test('the length tells no more than the number of blocks', () => {
  const lengthOf = (length: number) => size(sealBody('x'.repeat(length), { key, leaf }))
  const tag = 16
  expect(lengthOf(0)).toBe(SEALED_BLOCK_BYTES + tag)
  expect(lengthOf(SEALED_BLOCK_BYTES - 1)).toBe(SEALED_BLOCK_BYTES + tag)
  expect(lengthOf(SEALED_BLOCK_BYTES)).toBe(2 * SEALED_BLOCK_BYTES + tag)
})

test('what is sealed without the padding of the form is no body', () => {
  const seal = (bytes: Uint8Array) =>
    bytesToHex(chacha20poly1305(hexToBytes(bodyKeyOf(key, leaf)), new Uint8Array(12)).encrypt(bytes))
  expect(openBody(seal(Uint8Array.of(0x41, 0x80, 0, 0)), { key, leaf })).toBe('A')
  expect(openBody(seal(Uint8Array.of(0x41, 0, 0)), { key, leaf })).toBeNull()
  expect(openBody(seal(Uint8Array.of(0x41, 0x80, 0, 1)), { key, leaf })).toBeNull()
  expect(openBody(seal(Uint8Array.of(0xff, 0x80, 0)), { key, leaf })).toBeNull()
})

test('another implementation of RFC 8439 opens what was sealed', () => {
  const sealed = hexToBytes(sealBody('{"kind":"signal"}', { key, leaf }))
  const decipher = createDecipheriv(
    'chacha20-poly1305',
    hexToBytes(bodyKeyOf(key, leaf)),
    new Uint8Array(12),
    {
      authTagLength: 16,
    },
  )
  decipher.setAuthTag(sealed.subarray(-16))
  const padded = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])
  expect(padded.toString('latin1').replace(/\x80\0*$/, '')).toBe('{"kind":"signal"}')
})

test('keys and salts of the form are these, for whoever writes another implementation', () => {
  expect(bodyKeyOf(key, leaf)).toMatchInlineSnapshot(
    `"0x6a4d234d33405558c88596588f25bbba84a04c2b758d36aee8daeac5451eb2ad"`,
  )
  expect(sealedSaltOf(key, 12)).toMatchInlineSnapshot(
    `"0xfae0d2f850a59b0edd18ed918db6293e4f18e750c6495fb44f65428f106009ba"`,
  )
})
