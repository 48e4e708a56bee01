import { bench } from 'vitest'
import { seededRandom } from '../../../core/index.ts'
import { joinColumns, takeRows, type ViewColumns } from './joinColumns.ts'

const ROWS = 1_000_000
const ENTITIES = 1_000
const YEAR = 31_536_000_000
const random = seededRandom(1)
const whole = (below: number) => Math.floor(random() * below)

/** Rows in no order; a tenth corrects an earlier row, with the same validAt and known up to a day later. */
function view(name: string): ViewColumns & { readonly values: Float64Array } {
  const asset = new Int32Array(ROWS)
  const validAt = new Float64Array(ROWS)
  const knownAt = new Float64Array(ROWS)
  const values = new Float64Array(ROWS)
  for (let i = 0; i < ROWS; i++) {
    const corrected = i > 0 && random() < 0.1 ? whole(i) : -1
    asset[i] = corrected < 0 ? whole(ENTITIES) : (asset[corrected] ?? 0)
    validAt[i] = corrected < 0 ? 1_700_000_000_000 + whole(YEAR) : (validAt[corrected] ?? 0)
    knownAt[i] = (validAt[i] ?? 0) + whole(86_400_000)
    values[i] = random()
  }
  return { name, keys: { asset }, validAt, knownAt, values, maxAge: 7 * 86_400_000 }
}

const views = ['a', 'b', 'c', 'd', 'e'].map(view)
const labels = {
  keys: { asset: Int32Array.from({ length: ROWS }, () => whole(ENTITIES)) },
  at: Float64Array.from({ length: ROWS }, () => 1_700_000_000_000 + whole(YEAR)),
}

bench(
  'joins 1M labels with 5 unsorted views of 1M rows, known-time rule on, and takes a value of each',
  () => {
    const chosen = joinColumns({ labels, views })
    views.map(({ values }, v) => takeRows(values, chosen[v] ?? new Int32Array()))
  },
  { iterations: 5, time: 0, warmupIterations: 1, warmupTime: 0 },
)
