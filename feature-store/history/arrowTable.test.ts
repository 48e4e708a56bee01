import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshInstrument } from '../../core/freshNames.conformance.ts'
import { type Hash, InvalidInputError, ZERO_HASH } from '../../core/index.ts'
import type { FeatureMatrix } from '../features/index.ts'
import { type ArrowCell, type ArrowColumn, toArrow, writeArrowRows, writeArrowTable } from './arrowTable.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchstone-arrow-'))
})
afterAll(() => rm(folder, { recursive: true }))

const matrix: FeatureMatrix = {
  instrument: freshInstrument(),
  featureSet: ZERO_HASH,
  names: ['rsi', 'gap'],
  rows: 3,
  columns: 2,
  values: Float32Array.of(1, Number.NaN, 0.1, 2, Number.NaN, -3),
  timesMs: Float64Array.of(1_767_571_200_000, 1_767_571_260_000, 1_767_571_320_000),
  prices: Float64Array.of(Number.NaN, 4_000.1, 4_000.2),
  dataHash: ZERO_HASH as Hash,
}

test('a feature matrix is a table with a column for each feature, null where a value is missing', async () => {
  const file = join(folder, 'features.arrow')
  await writeArrowTable(file, await toArrow(matrix))
  const table = tableFromIPC(await readFile(file))
  expect(table.schema.fields.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'time Timestamp<MILLISECOND, UTC>',
    'price Float64',
    'rsi Float32',
    'gap Float32',
  ])
  expect(table.toArray().map(row => row.toArray())).toEqual([
    [1_767_571_200_000, null, 1, null],
    [1_767_571_260_000, 4_000.1, Math.fround(0.1), 2],
    [1_767_571_320_000, 4_000.2, null, -3],
  ])
})

const COLUMNS: readonly ArrowColumn[] = [
  { name: 'time', type: 'time' },
  { name: 'text', type: 'text' },
  { name: 'count', type: 'integer' },
  { name: 'price', type: 'double' },
]

async function* pages(...given: readonly (readonly ArrowCell[])[][]) {
  yield* given
}

test('rows are written in pages, and read back as one table', async () => {
  const file = join(folder, 'rows.arrow')
  const first: ArrowCell[][] = [
    [1_767_571_200_000, 'a', 2 ** 53 - 1, 1.5],
    [null, null, null, null],
  ]
  const second: ArrowCell[][] = [[5, 'é "quoted"', -7, 0.1]]
  expect(await writeArrowRows(file, COLUMNS, pages(first, [], second))).toBe(3)
  const table = tableFromIPC(await readFile(file))
  expect(table.batches).toHaveLength(2)
  const read = table
    .toArray()
    .map(row => row.toArray().map((cell: unknown) => (typeof cell === 'bigint' ? Number(cell) : cell)))
  expect(read).toEqual([...first, ...second])
})

test('no rows are a table without rows', async () => {
  const file = join(folder, 'none.arrow')
  expect(await writeArrowRows(file, COLUMNS, pages())).toBe(0)
  const table = tableFromIPC(await readFile(file))
  expect(table.numRows).toBe(0)
  expect(table.schema.names).toEqual(COLUMNS.map(({ name }) => name))
})

test('what fails half way leaves no file', async () => {
  const file = join(folder, 'failed.arrow')
  async function* failing() {
    yield [[1, 'a', 1, 1]]
    throw new Error('the source is gone')
  }
  await expect(writeArrowRows(file, COLUMNS, failing())).rejects.toThrow('the source is gone')
  await expect(writeArrowRows(join(folder, 'no', 'folder.arrow'), COLUMNS, pages())).rejects.toThrow(
    InvalidInputError,
  )
  expect((await readdir(folder)).filter(name => name.startsWith('failed'))).toEqual([])
})
