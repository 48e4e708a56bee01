import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EMPTY_DATA_ROOT, extendDataRoot, sha256 } from './digest.ts'

test('SHA-256 as in FIPS 180-2, appendix B', () => {
  expect(sha256('abc')).toBe('0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

test('a data root changes with any observation, and with their order', () => {
  const rootOf = (texts: readonly string[]) => texts.map(sha256).reduce(extendDataRoot, EMPTY_DATA_ROOT)
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { minLength: 2, maxLength: 8 }), fc.nat(), (texts, at) => {
      const changed = texts.with(at % texts.length, `${texts[at % texts.length]}!`)
      fc.pre(new Set(changed).size === texts.length)
      expect(rootOf(changed)).not.toBe(rootOf(texts))
      expect(rootOf(texts.toReversed())).not.toBe(rootOf(texts))
      expect(rootOf(texts.slice(1))).not.toBe(rootOf(texts))
    }),
  )
})
