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
      fc.integer({ min: 1, max: 7 }),
      (chunks, expected, isWhole, together) => {
        const curve = new EquityCurve(expected)
        const times: number[] = []
        chunks.forEach((rows, chunk) => {
          const columns = columnsFrom(chunk * ROWS)
          for (let row = 0; row < ROWS; ) {
            if (!rows[row] && !isWhole) {
              row++
              continue
            }
            // One by one where 1, else as many rows at a time as follow each other.
            let to = row + 1
            while (to < ROWS && to - row < together && (rows[to] || isWhole)) to++
            const room = curve.room(to - row)
            for (let each = row; each < to; each++) {
              times.push(chunk * ROWS + each)
              if (together === 1) curve.add(columns, each, { equityE8: times.length })
              else room[curve.length + each - row] = times.length
            }
            if (together > 1) curve.extend(columns, row, to)
            row = to
          }
        })
        const { timeMs, equityE8 } = curve.columns()
        expect([...timeMs]).toEqual(times)
        expect([...equityE8]).toEqual(times.map((_, index) => index + 1))
      },
    ),
    { seed: 7 },
  )
})
