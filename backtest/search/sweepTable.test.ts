import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, describe, expect, test } from 'vitest'
import { writeParquetRows } from '../../cli/parquetFile.ts'
import { writeArrowRows } from '../../feature-store/index.ts'
import { choice, integer, parameters, real, type SweepResult, sweepCsv, sweepTable } from './index.ts'
import { readParquetRows } from './parquetRows.conformance.ts'

const folder = mkdtempSync(join(tmpdir(), 'touchstone-table-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const space = parameters({ fast: integer(1, 9), share: real(0, 1), side: choice(['long', 'both']) })
const results: readonly SweepResult<{ fast: number; share: number; side: 'long' | 'both' }>[] = [
  {
    trial: 0,
    point: { fast: 1, share: 0.25, side: 'long' },
    figures: { sharpe: 1.5, trades: 12, note: 'a "b", c', won: true },
  },
  { trial: 1, point: { fast: 2, share: 1, side: 'both' }, error: 'no such\nwindow' },
  { trial: 2, point: { fast: 3, share: 0, side: 'both' }, figures: { sharpe: null, trades: 0, share: 2 } },
]

/** All that comes, as an array. */
async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

describe('a table of results', () => {
  test('has the trial, the parameters, every figure, and the error', async () => {
    const table = sweepTable(space, results)
    expect(table.columns).toEqual([
      { name: 'trial', type: 'integer' },
      { name: 'fast', type: 'integer' },
      { name: 'share', type: 'double' },
      { name: 'side', type: 'text' },
      { name: 'sharpe', type: 'double' },
      { name: 'trades', type: 'integer' },
      { name: 'note', type: 'text' },
      { name: 'won', type: 'text' },
      { name: 'share_figure', type: 'integer' },
      { name: 'error', type: 'text' },
    ])
    expect((await collected(table.pages())).flat()).toEqual([
      [0, 1, 0.25, 'long', 1.5, 12, 'a "b", c', 'true', null, null],
      [1, 2, 1, 'both', null, null, null, null, null, 'no such\nwindow'],
      [2, 3, 0, 'both', null, 0, null, null, 2, null],
    ])
  })

  test('is CSV that a reader of RFC 4180 understands', async () => {
    const lines = await collected(sweepCsv(sweepTable(space, results)))
    expect(lines.join('')).toBe(
      'trial,fast,share,side,sharpe,trades,note,won,share_figure,error\n' +
        '0,1,0.25,long,1.5,12,"a ""b"", c",true,,\n' +
        '1,2,1,both,,,,,,"no such\nwindow"\n' +
        '2,3,0,both,,0,,,2,\n',
    )
  })

  test('without results has its columns still', async () => {
    const table = sweepTable(space, [])
    expect(await collected(sweepCsv(table))).toEqual(['trial,fast,share,side,error\n'])
  })

  test('comes in pages, so that a long one is written in little memory', async () => {
    const many = Array.from({ length: 10_000 }, (_, trial) => ({ ...results[0]!, trial }))
    const pages = await collected(sweepTable(space, many).pages())
    expect(pages.length).toBeGreaterThan(1)
    expect(pages.flat().map(([trial]) => trial)).toEqual(many.map(({ trial }) => trial))
  })

  test('is what the Arrow writer of the feature store takes', async () => {
    const { columns, pages } = sweepTable(space, results)
    const file = join(folder, 'sweep.arrow')
    expect(await writeArrowRows(file, columns, pages())).toBe(3)
    const read = tableFromIPC(readFileSync(file))
    expect(read.schema.fields.map(({ name }) => name)).toEqual(columns.map(({ name }) => name))
    expect([...read.getChild('sharpe')!]).toEqual([1.5, null, null])
    expect([...read.getChild('trades')!]).toEqual([12n, null, 0n])
    expect([...read.getChild('error')!]).toEqual([null, 'no such\nwindow', null])
  })

  test('is what a Parquet writer takes', async () => {
    const { columns, pages } = sweepTable(space, results)
    const file = join(folder, "sweep's.parquet")
    expect(await writeParquetRows(file, columns, pages())).toBe(3)
    expect(await readParquetRows(file)).toEqual({
      columns: [
        ['trial', 'BIGINT'],
        ['fast', 'BIGINT'],
        ['share', 'DOUBLE'],
        ['side', 'VARCHAR'],
        ['sharpe', 'DOUBLE'],
        ['trades', 'BIGINT'],
        ['note', 'VARCHAR'],
        ['won', 'VARCHAR'],
        ['share_figure', 'BIGINT'],
        ['error', 'VARCHAR'],
      ],
      rows: [
        [0n, 1n, 0.25, 'long', 1.5, 12n, 'a "b", c', 'true', null, null],
        [1n, 2n, 1, 'both', null, null, null, null, null, 'no such\nwindow'],
        [2n, 3n, 0, 'both', null, 0n, null, null, 2n, null],
      ],
    })
  })
})
