import fc from 'fast-check'
import { encodeAbiParameters } from 'viem'
import { expect, test } from 'vitest'
import { InvalidInputError } from '../core/index.ts'
import { createWordWriter } from './wordWriter.ts'

const words = createWordWriter(3)
const hexOf = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString('hex')}`
const BITS = [8, 32, 64, 160, 256] as const

/** A number near a limit or anywhere, of either sign and type. */
const anyNumber = fc
  .tuple(
    fc.constantFrom(0n, ...BITS.flatMap(bits => [1n << BigInt(bits), 1n << BigInt(bits - 1)])),
    fc.oneof(fc.bigInt({ min: -2n, max: 2n }), fc.bigInt({ min: -(1n << 257n), max: 1n << 257n })),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([limit, offset, isNegative, isNumber]) => {
    const value = (isNegative ? -limit : limit) + offset
    return isNumber && Number.isSafeInteger(Number(value)) ? Number(value) : value
  })

test('words are what viem encodes, after whatever stood there before; what it refuses is refused', () => {
  let [written, refused] = [0, 0]
  fc.assert(
    fc.property(
      anyNumber,
      fc.constantFrom(...BITS),
      fc.boolean(),
      fc.boolean(),
      (value, bits, isSigned, truth) => {
        const encoded = () =>
          encodeAbiParameters([{ type: `${isSigned ? '' : 'u'}int${bits}` }, { type: 'bool' }] as const, [
            BigInt(value) as never,
            truth,
          ])
        words.begin()
        const write = () => (isSigned ? words.signed(value, bits) : words.unsigned(value, bits))
        let expected: string
        try {
          expected = encoded()
        } catch {
          refused++
          expect(write).toThrow(InvalidInputError)
          return
        }
        written++
        write()
        words.truth(truth)
        expect(hexOf(words.end())).toBe(expected)
      },
    ),
    { numRuns: 1_000 },
  )
  expect(written).toBeGreaterThan(100)
  expect(refused).toBeGreaterThan(100)
})

test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%s is no whole number', value => {
  words.begin()
  expect(() => words.unsigned(value, 256)).toThrow(`${value} is no whole number from 0 of 256 bits.`)
  expect(() => words.signed(value, 256)).toThrow(InvalidInputError)
})
