import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { splitByTime } from './splitByTime.ts'

const labels = fc
  .array(fc.record({ step: fc.nat(4), length: fc.nat(30) }), { minLength: 1, maxLength: 80 })
  .map(rows => {
    let clock = 0
    const timesMs = Float64Array.from(rows, ({ step }) => {
      clock += step
      return clock
    })
    return { timesMs, labelEndMs: timesMs.map((time, row) => time + rows[row]!.length) }
  })
const trainShare = fc.double({ min: 0.05, max: 0.95, noNaN: true })
const embargoMs = fc.nat(20)

describe('splitByTime', () => {
  test('lets no training label touch the test period or its embargo', () => {
    fc.assert(
      fc.property(labels, trainShare, embargoMs, ({ timesMs, labelEndMs }, share, embargo) => {
        const { train, test: tested } = splitByTime({
          timesMs,
          labelEndMs,
          trainShare: share,
          embargoMs: embargo,
        })
        for (const early of train)
          for (const late of tested) {
            expect(timesMs[early]!).toBeLessThan(timesMs[late]!)
            expect(labelEndMs[early]!).toBeLessThan(timesMs[late]!)
            expect(labelEndMs[early]! + embargo).toBeLessThanOrEqual(timesMs[late]!)
          }
      }),
    )
  })

  test('drops nothing else', () => {
    fc.assert(
      fc.property(labels, trainShare, embargoMs, ({ timesMs, labelEndMs }, share, embargo) => {
        const split = splitByTime({ timesMs, labelEndMs, trainShare: share, embargoMs: embargo })
        const { train, test: tested, testFromMs, purged, embargoed } = split
        const kept = new Set([...train, ...tested])
        expect(kept.size).toBe(train.length + tested.length)
        expect(kept.size + purged + embargoed).toBe(timesMs.length)
        for (let row = 0; row < timesMs.length; row++)
          if (!kept.has(row)) {
            expect(timesMs[row]!).toBeLessThan(testFromMs)
            expect(labelEndMs[row]! >= testFromMs || labelEndMs[row]! + embargo > testFromMs).toBe(true)
          }
        expect(Math.min(...tested.map(row => timesMs[row]!))).toBe(testFromMs)
      }),
    )
  })

  test('counts what it purges and what it embargoes', () => {
    const timesMs = Float64Array.from({ length: 10 }, (_, row) => row * 10)
    const split = splitByTime({
      timesMs,
      labelEndMs: timesMs.map(time => time + 20),
      trainShare: 0.7,
      embargoMs: 15,
    })
    // The test period starts at 70: labels from 50 and 60 reach it, the one from 40 ends 10 before it.
    expect(split).toEqual({
      train: Uint32Array.of(0, 1, 2, 3),
      test: Uint32Array.of(7, 8, 9),
      testFromMs: 70,
      purged: 2,
      embargoed: 1,
    })
  })

  test('keeps a label that ends exactly as the embargo begins', () => {
    const timesMs = Float64Array.of(0, 10, 20, 30)
    const labelEndMs = Float64Array.of(4, 15, 25, 35)
    const split = (embargoMs: number) => splitByTime({ timesMs, labelEndMs, trainShare: 0.5, embargoMs })
    expect(split(5).train).toEqual(Uint32Array.of(0, 1))
    expect(split(6).train).toEqual(Uint32Array.of(0))
    expect(split(16).train).toEqual(Uint32Array.of(0))
    expect(split(17).train).toEqual(new Uint32Array(0))
  })

  test('does not divide an instant', () => {
    const timesMs = Float64Array.of(0, 5, 5, 5, 9)
    const split = splitByTime({ timesMs, labelEndMs: timesMs, trainShare: 0.5, embargoMs: 0 })
    expect(split.train).toEqual(Uint32Array.of(0))
    expect(split.test).toEqual(Uint32Array.of(1, 2, 3, 4))
  })

  test('splits nothing into nothing', () => {
    const none = new Float64Array(0)
    const split = splitByTime({ timesMs: none, labelEndMs: none, trainShare: 0.7, embargoMs: 0 })
    expect([split.train.length, split.test.length]).toEqual([0, 0])
  })
})
