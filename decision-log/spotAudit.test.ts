import fc from 'fast-check'
import { expect, test } from 'vitest'
import { InvalidInputError, seededRandom } from '../core/index.ts'
import { drawSample, wrongAtMost } from './spotAudit.ts'
import { hash } from './test/anyField.ts'
import { hashOf } from './test/sampleDecisions.ts'

test('a sample has its size, no decision twice, and is the same from the same seed', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 1, max: 600 }),
      hash,
      (population, size, seed) => {
        const sample = drawSample(population, { size, seed })
        expect(sample).toHaveLength(Math.min(size, population))
        expect(new Set(sample).size).toBe(sample.length)
        expect(sample).toEqual([...sample].sort((a, b) => a - b))
        for (const sequence of sample) expect(sequence >= 0 && sequence < population).toBe(true)
        expect(drawSample(population, { size, seed })).toEqual(sample)
      },
    ),
  )
  expect(drawSample(1_000, { size: 5, seed: hashOf('1') })).toMatchInlineSnapshot(`
    [
      51,
      122,
      350,
      946,
      954,
    ]
  `)
  expect(() => drawSample(10, { size: 0, seed: hashOf('1') })).toThrow(InvalidInputError)
})

test('each decision is drawn as often as any other', () => {
  const counts = new Array<number>(20).fill(0)
  for (let seed = 0; seed < 2_000; seed++)
    for (const sequence of drawSample(20, { size: 5, seed: `0x${seed.toString(16).padStart(64, '0')}` }))
      counts[sequence]! += 1
  // 500 each are expected; the standard deviation is 19.
  for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(5 * 19.4)
})

test('the bound is the tabulated one: by hand for small populations, by the rule of three for large', () => {
  // Of 10, 5 are checked and none is wrong: with K wrong that has probability C(10 - K, 5) / C(10, 5), which is
  // 56/252 = 0.222 for 2, 21/252 = 0.083 for 3 and 6/252 = 0.024 for 4.
  expect(wrongAtMost({ population: 10, checked: 5, wrong: 0, confidence: 0.95 })).toBe(3)
  expect(wrongAtMost({ population: 10, checked: 5, wrong: 0, confidence: 0.9 })).toBe(2)
  // 1 - 0.05^(1 / 300) of a million.
  expect(wrongAtMost({ population: 1_000_000, checked: 300, wrong: 0, confidence: 0.95 })).toBeGreaterThan(
    9_900,
  )
  expect(wrongAtMost({ population: 1_000_000, checked: 300, wrong: 0, confidence: 0.95 })).toBeLessThan(
    10_000,
  )
  expect(wrongAtMost({ population: 500, checked: 500, wrong: 2, confidence: 0.99 })).toBe(2)
  expect(() => wrongAtMost({ population: 5, checked: 1, wrong: 0, confidence: 95 })).toThrow(
    InvalidInputError,
  )
})

test('the bound holds as often as its confidence says', () => {
  const random = seededRandom(11)
  const [population, checked, confidence, bad] = [200, 40, 0.9, 12]
  let held = 0
  const runs = 2_000
  for (let run = 0; run < runs; run++) {
    const seed = `0x${Math.floor(random() * 2 ** 48)
      .toString(16)
      .padStart(64, '0')}` as const
    const wrong = drawSample(population, { size: checked, seed }).filter(sequence => sequence < bad).length
    if (wrongAtMost({ population, checked, wrong, confidence }) >= bad) held += 1
  }
  expect(held / runs).toBeGreaterThan(confidence - 0.02)
})
