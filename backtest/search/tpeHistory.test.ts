import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTpeHistory, MOST_BAD, MOST_GOOD } from './tpeHistory.ts'

/** Its trial, as a place. */
const place = (trial: number) => Float64Array.of(trial)
const trialOf = (units: Float64Array) => units[0] ?? Number.NaN

test('splits as sorting all of the trials would, however they were taken in', () => {
  const merits = fc.array(fc.option(fc.integer({ min: -9, max: 9 }), { freq: 4 }), {
    minLength: 1,
    maxLength: 600,
  })
  fc.assert(
    fc.property(merits, fc.nat(9), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (told, out, share) => {
      const history = createTpeHistory()
      for (const trial of told.keys()) {
        history.add(place(trial))
        history.settle(trial + 1 - out, earlier => told[earlier] ?? null)
      }
      const known = told
        .map((merit, trial) => ({ trial, merit: trial < told.length - out ? merit : null }))
        .filter(({ merit }) => merit !== null)
      const split = history.split(share)
      if (known.length === 0) {
        expect(split).toBeNull()
        return
      }
      const good = known
        .toSorted((a, b) => Number(b.merit) - Number(a.merit))
        .slice(0, Math.min(MOST_GOOD, Math.ceil(share * known.length)))
        .map(({ trial }) => trial)
      const bad = [...told.keys()].filter(trial => !good.includes(trial)).slice(-MOST_BAD)
      expect(split?.good.map(trialOf)).toEqual(good)
      expect(split?.bad.map(trialOf)).toEqual(bad)
    }),
  )
})
