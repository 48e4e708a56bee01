import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { InvalidInputError, UnavailableError } from '../../core/index.ts'
import { runModule } from '../../test/runModule.ts'
import {
  choice,
  createSearch,
  hashColumns,
  parameters,
  runSweep,
  type SweepProgress,
  shareColumns,
} from './index.ts'
import { crossOf } from './sweepEvaluators.fixture.ts'
import { columns, counted, misbehaving, module, sweep } from './sweepOptions.fixture.ts'

describe('a sweep', () => {
  test('evaluates every point once, over shared columns, and finds the best', async () => {
    const { options, evaluated } = counted(sweep)
    const progress: SweepProgress[] = []
    const { results, best, ...rest } = await runSweep({ ...options, onProgress: one => progress.push(one) })
    const search = createSearch(sweep)
    const expected = Array.from({ length: search.total }, () => search.ask()!).map(trial => ({
      ...trial,
      figures: crossOf(columns.close, trial.point.fast, trial.point.slow),
    }))
    expect(results).toEqual(expected)
    expect(evaluated()).toBe(expected.length)
    const sharpes = expected.map(({ figures }) => Number(figures['sharpe']))
    expect(best?.value).toBe(Math.max(...sharpes))
    expect(best?.point).toEqual(expected[sharpes.indexOf(Math.max(...sharpes))]?.point)
    expect(rest.progress).toMatchObject({
      done: expected.length,
      failed: 0,
      kept: 0,
      total: expected.length,
      etaMs: 0,
    })
    expect(progress.at(-1)).toEqual(rest.progress)
  })

  test.each(['random', 'tpe'] as const)(
    '%s gives the same results on any number of threads',
    async method => {
      const [one, three] = await Promise.all(
        [1, 3].map(workers => runSweep({ ...sweep, method, seed: 4, trials: 60, workers })),
      )
      expect(three?.results).toEqual(one?.results)
      expect(one?.results).toHaveLength(60)
    },
  )

  test('records what fails with its message, replaces a thread that dies, and goes on', async () => {
    const { results, best, progress } = await runSweep(misbehaving)
    const errors = results.flatMap(result => ('error' in result ? [[result.point.n, result.error]] : []))
    expect(errors).toEqual([
      [3, 'no such window'],
      [5, 'Figure "sharpe" is NaN: where it is not defined it is null.'],
      [7, 'Figure "sharpe", which is sought, is missing.'],
      [13, 'It ended its thread 2 times: it exited with 9.'],
      [19, 'It ended its thread 2 times: thrown aside.'],
    ])
    expect(results).toHaveLength(29)
    expect(results[10]).toEqual({ trial: 10, point: { n: 11 }, figures: { sharpe: 11 } })
    expect(results[22]).toEqual({ trial: 22, point: { n: 23 }, figures: { sharpe: null, note: 'no trade' } })
    expect(best).toEqual({ trial: 28, point: { n: 30 }, value: 30 })
    expect(progress).toMatchObject({ done: 29, failed: 5 })
  })

  test('records a point that never ends as failed, where it may not take for ever', async () => {
    const space = parameters({ n: choice([26, 27, 28, 29]) })
    const { results } = await runSweep({ ...misbehaving, space, mostPointMs: 150 })
    expect(results.map(result => ('error' in result ? result.error : result.figures['sharpe']))).toEqual([
      26,
      'It ended its thread 2 times: a point took longer than 150 ms.',
      28,
      29,
    ])
  })

  test('ends when all threads die of everything', async () => {
    const evaluate = { module, exportName: 'deadly' }
    await expect(runSweep({ ...misbehaving, evaluate })).rejects.toThrow(UnavailableError)
  })

  test.each([
    ['useless', '"useless" returned no function'],
    ['missing', 'it exports no function "missing"'],
    ['refusing', 'no column "close"'],
  ])('refuses a module whose export is %s', async (exportName, reason) => {
    const running = runSweep({ ...misbehaving, evaluate: { module, exportName } })
    await expect(running).rejects.toThrow(InvalidInputError)
    await expect(running).rejects.toThrow(reason)
  })

  test('refuses a module that is not there, columns that are not shared, and no workers', async () => {
    const missing = { module: new URL('./nowhere.ts', import.meta.url), exportName: 'x' }
    await expect(runSweep({ ...misbehaving, evaluate: missing })).rejects.toThrow('evaluates no points')
    const own = { ...sweep, columns: { close: new Float64Array(3) } }
    await expect(runSweep(own)).rejects.toThrow('Column "close" is not in shared memory.')
    await expect(runSweep({ ...sweep, workers: 0 })).rejects.toThrow('0 is no number of workers.')
  })

  test('ends with the reason of its signal', async () => {
    const stop = new AbortController()
    const { options, evaluated } = counted(sweep, 5)
    const running = runSweep({ ...options, signal: stop.signal, onProgress: () => stop.abort() })
    await expect(running).rejects.toMatchObject({ name: 'AbortError' })
    expect(evaluated()).toBeLessThan(createSearch(sweep).total)
    await expect(runSweep({ ...sweep, signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    })
  })
})

describe('shared columns', () => {
  test('are copied once, of any type, and hashed by name, type and bytes', () => {
    const own = { a: Float64Array.of(1, 2), b: Int32Array.of(3).subarray(0), c: BigInt64Array.of(4n) }
    const shared = shareColumns(own)
    expect(shared).toEqual(own)
    for (const column of Object.values(shared)) expect(column.buffer).toBeInstanceOf(SharedArrayBuffer)
    expect(shareColumns(shared).a).toBe(shared.a)
    const { a, b, c } = own
    expect(hashColumns({ c, b, a })).toBe(hashColumns(shared))
    expect(hashColumns({ ...own, a: Float64Array.of(1, 3) })).not.toBe(hashColumns(own))
    expect(hashColumns({ ...own, b: Uint32Array.of(3) })).not.toBe(hashColumns(own))
    expect(hashColumns({ a: b, b: a, c })).not.toBe(hashColumns(own))
  })
})

const BUILT = new URL('../../dist/backtest/search/index.js', import.meta.url)

test.skipIf(!existsSync(BUILT))('the built package runs a sweep as well', async () => {
  const code = `
    import { integer, parameters, runSweep, shareColumns } from '${BUILT.href}'
    const module = 'data:text/javascript,' +
      'export const make = ({ columns: { close } }) => ({ n }) => ({ sharpe: close[n] })'
    const { best, results } = await runSweep({
      space: parameters({ n: integer(0, 99) }), method: 'random', seed: 3, objective: 'sharpe', workers: 2,
      evaluate: { module, exportName: 'make' }, configuration: {},
      columns: shareColumns({ close: Float64Array.from({ length: 100 }, (_, n) => n % 97) }),
    })
    console.log(JSON.stringify({ best: best.value, n: best.point.n, results: results.length }))`
  const { lines, ended } = runModule(code)
  const printed: string[] = []
  for await (const line of lines) printed.push(line)
  expect(await ended).toEqual({ status: 0, errors: '' })
  expect(printed).toEqual(['{"best":96,"n":96,"results":100}'])
})

test('an evaluator may be in a module without a file', async () => {
  const code = 'export const make = () => ({ side }) => ({ sharpe: side.length })'
  const { best } = await runSweep({
    ...misbehaving,
    space: parameters({ side: choice(['long', 'short', 'both']) }),
    evaluate: { module: `data:text/javascript,${code}`, exportName: 'make' },
  })
  expect(best).toMatchObject({ point: { side: 'short' }, value: 5 })
})
