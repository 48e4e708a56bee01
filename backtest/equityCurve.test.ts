import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMarketColumns, type MarketColumns } from '../core/index.ts'
import { EquityCurve } from './equityCurve.ts'

const ROWS = 40

/** Columns of which only the times are looked at. */
function columnsFrom(startMs: number): MarketColumns {
  const { columns } = createMarketColumns([], ROWS)
  for (let row = 0; row < ROWS; row++) columns.knownAt[row] = startMs + row
  return columns
}

test('has the time of every row that was added, with rows left out and columns that end', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.boolean(), { minLength: ROWS, maxLength: ROWS }), { maxLength: 4 }),
      fc.integer({ min: 1, max: 100 }),
      fc.boolean(),
      (chunks, expected, isWhole) => {
        const curve = new EquityCurve(expected)
        const times: number[] = []
        chunks.forEach((rows, chunk) => {
          const columns = columnsFrom(chunk * ROWS)
          rows.forEach((isPriced, row) => {
            if (!isPriced && !isWhole) return
            times.push(chunk * ROWS + row)
            curve.add(columns, row, { equityE8: times.length })
          })
        })
        const { timeMs, equityE8 } = curve.columns()
        expect([...timeMs]).toEqual(times)
        expect([...equityE8]).toEqual(times.map((_, index) => index + 1))
      },
    ),
    { seed: 7 },
  )
})
