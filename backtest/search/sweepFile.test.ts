import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { LockedError, UnavailableError, unixMs } from '../../core/index.ts'
import { runModule } from '../../test/runModule.ts'
import {
  createSearch,
  hashColumns,
  integer,
  openTrialLedger,
  parameters,
  runSweep,
  type SweepOptions,
  type SweepProgress,
  shareColumns,
} from './index.ts'
import { openLineAppender } from './lineFile.ts'
import type { Pair } from './sweepEvaluators.fixture.ts'
import { columns, configuration, counted, misbehaving, module, sweep } from './sweepOptions.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'touchstone-sweep-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
const newFile = () => join(folder, `sweep-${files++}.jsonl`)
/** How many results a file holds, after the line that names its sweep. */
const resultsIn = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n').length - 1

describe('a sweep with a file', () => {
  test.each(['grid', 'random', 'tpe'] as const)(
    '%s goes on where it was aborted, with the same results',
    async method => {
      const file = newFile()
      const trials = 90
      const whole = await runSweep({ ...sweep, method, seed: 9, trials })
      const stop = new AbortController()
      const slow = counted({ ...sweep, method, seed: 9, trials, file }, 3)
      const onProgress = ({ done }: SweepProgress) => done >= 20 && stop.abort()
      await expect(runSweep({ ...slow.options, signal: stop.signal, onProgress })).rejects.toMatchObject({
        name: 'AbortError',
      })
      const stored = resultsIn(file)
      expect(stored).toBeGreaterThanOrEqual(20)
      const { options, evaluated } = counted({ ...sweep, method, seed: 9, trials, file })
      const { results, best, progress } = await runSweep(options)
      expect(results).toEqual(whole.results)
      expect(best).toEqual(whole.best)
      expect(progress).toMatchObject({ done: trials, kept: stored, total: trials })
      expect(evaluated()).toBe(trials - stored)
      // Once more: nothing is left to do.
      const again = await runSweep({ ...sweep, method, seed: 9, trials, file })
      expect(again.results).toEqual(whole.results)
      expect(again.progress.kept).toBe(trials)
    },
  )

  test('goes on where its process was killed', async () => {
    const file = newFile()
    const code = `
      import { integer, parameters, runSweep, shareColumns } from '${new URL('./index.ts', import.meta.url).href}'
      const space = parameters(
        { fast: integer(2, 20), slow: integer(5, 60, { step: 5 }) },
        { where: ({ fast, slow }) => fast < slow },
      )
      const close = new Float64Array(${JSON.stringify([...columns.close])})
      await runSweep({
        space, method: 'tpe', seed: 5, trials: 120, objective: 'sharpe', workers: 2,
        evaluate: { module: '${module.href}', exportName: 'averageCross', settings: { busyMs: 30 } },
        columns: shareColumns({ close }), configuration: ${JSON.stringify(configuration)}, file: '${file}',
        onProgress: ({ done }) => console.log(done),
      })`
    const { process: child, lines, ended } = runModule(code)
    // What is done is written in groups, a moment later.
    for await (const _ of lines) if (resultsIn(file) >= 20) break
    child.kill('SIGKILL')
    expect(await ended).toMatchObject({ status: 'SIGKILL' })
    const options = { ...sweep, method: 'tpe', seed: 5, trials: 120 } as const
    const { results, progress } = await runSweep({ ...options, file })
    expect(progress.kept).toBeGreaterThanOrEqual(20)
    expect(progress.kept).toBeLessThan(120)
    expect(results).toEqual((await runSweep(options)).results)
  })

  test('drops a last line that was torn, at any byte', async () => {
    const file = newFile()
    const { results } = await runSweep({ ...sweep, trials: 6, file })
    const whole = readFileSync(file)
    const lastLine = whole.lastIndexOf(10, whole.length - 2) + 1
    for (const bytes of [lastLine + 1, Math.floor((lastLine + whole.length) / 2), whole.length - 1]) {
      writeFileSync(file, whole)
      truncateSync(file, bytes)
      const again = await runSweep({ ...sweep, trials: 6, file })
      expect(again.results).toEqual(results)
      expect(again.progress.kept).toBe(5)
      expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(8)
    }
  })

  test('evaluates the further trials alone when more are asked for', async () => {
    const file = newFile()
    await runSweep({ ...sweep, method: 'random', trials: 10, file })
    const { options, evaluated } = counted({ ...sweep, method: 'random', trials: 25, file })
    expect((await runSweep(options)).results).toHaveLength(25)
    expect(evaluated()).toBe(15)
  })

  test('forgets what the file holds where it is to start anew, also what is of another sweep', async () => {
    const file = newFile()
    await runSweep({ ...sweep, seed: 2, method: 'random', trials: 30, file })
    const { options, evaluated } = counted({ ...sweep, trials: 10, file, restart: true })
    const { results, progress } = await runSweep(options)
    expect(progress).toMatchObject({ done: 10, kept: 0 })
    expect(evaluated()).toBe(10)
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(11)
    const again = await runSweep({ ...sweep, trials: 10, file })
    expect(again.results).toEqual(results)
    expect(again.progress.kept).toBe(10)
  })

  test('is of data that are named, whatever the columns that hold them', async () => {
    const file = newFile()
    const data = hashColumns(columns)
    const { results } = await runSweep({ ...sweep, trials: 5, file, data })
    // The same prices, and what nobody reads.
    const other = { ...columns, unread: shareColumns({ unread: Float64Array.of(1) }).unread }
    const again = await runSweep({ ...sweep, trials: 5, file, data, columns: other })
    expect(again).toMatchObject({ results, progress: { kept: 5 } })
    await expect(runSweep({ ...sweep, trials: 5, file, columns: other })).rejects.toThrow('its data differs')
  })

  test('ends when it is aborted while the file is read, and leaves it to others', async () => {
    const file = newFile()
    const stop = new AbortController()
    const running = runSweep({ ...sweep, trials: 10, file, signal: stop.signal })
    // In the microtask after the first check: the file is being opened.
    queueMicrotask(() => stop.abort())
    await expect(running).rejects.toMatchObject({ name: 'AbortError' })
    expect((await runSweep({ ...sweep, trials: 10, file })).results).toHaveLength(10)
  })

  test('refuses the file of another sweep, naming what differs', async () => {
    const file = newFile()
    await runSweep({ ...sweep, trials: 2, file })
    const others: [string, Partial<SweepOptions<Pair>>][] = [
      ['space', { space: parameters({ fast: integer(2, 20), slow: integer(5, 65, { step: 5 }) }) }],
      ['configuration', { configuration: { agent: 'another' } }],
      ['data', { columns: shareColumns({ close: columns.close.slice(1) }) }],
      ['method', { method: 'random' }],
      ['seed', { seed: 2 }],
      ['objective', { objective: 'totalReturn' }],
      ['goal', { goal: 'minimise' }],
    ]
    for (const [field, change] of others)
      await expect(runSweep({ ...sweep, trials: 2, file, ...change })).rejects.toThrow(`its ${field} differs`)
    await expect(runSweep({ ...sweep, trials: 2, file: module.pathname })).rejects.toThrow(
      'holds no results of a sweep',
    )
  })

  test('names a line that is no result, and a point that the search does not give', async () => {
    const file = newFile()
    await runSweep({ ...sweep, trials: 3, file })
    const narrower = parameters(
      { fast: integer(2, 20), slow: integer(5, 60, { step: 5 }) },
      { where: ({ fast, slow }) => 2 * fast < slow && slow > 5 },
    )
    await expect(runSweep({ ...sweep, space: narrower, trials: 3, file })).rejects.toThrow(
      'has another point than',
    )
    appendFileSync(file, '{"trial":3}\n')
    await expect(runSweep({ ...sweep, trials: 4, file })).rejects.toThrow(
      `Line 5 of ${file} is no result of a sweep.`,
    )
  })

  test('is written by one process at a time', async () => {
    const file = newFile()
    const gate = new Int32Array(new SharedArrayBuffer(4))
    const running = runSweep({ ...sweep, file, evaluate: { ...sweep.evaluate, settings: { gate } } })
    await vi.waitFor(() => expect(existsSync(`${file}.lock`)).toBe(true), 30_000)
    await expect(runSweep({ ...sweep, file })).rejects.toThrow(LockedError)
    Atomics.store(gate, 0, 1)
    Atomics.notify(gate, 0)
    await running
    expect((await runSweep({ ...sweep, file })).progress.kept).toBe(createSearch(sweep).total)
  })
})

describe('a sweep with a trial ledger', () => {
  test('records each result once, also when it goes on', async () => {
    const [file, ledgerFile] = [newFile(), newFile()]
    const ledger = await openTrialLedger(ledgerFile, { version: '1.2.3' })
    const period = {
      agent: 'average-cross',
      fromMs: unixMs(0),
      toMs: unixMs(1_000),
      now: () => unixMs(2_000),
    }
    const options = { ...sweep, trials: 40, file, ledger: { ledger, ...period } }
    const { results } = await runSweep(options)
    const sharpes = results.map(result => ('figures' in result ? Number(result.figures['sharpe']) : 0))
    const mean = sharpes.reduce((sum, one) => sum + one, 0) / 40
    const summary = await ledger.summary({ agent: 'average-cross' })
    expect(summary).toMatchObject({ trials: 40, withSharpe: 40, runs: 40 })
    expect(summary.sharpeVariance).toBeCloseTo(
      sharpes.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 39,
      10,
    )

    // A process that was killed between the two files: the ledger lacks the last three.
    const lines = readFileSync(ledgerFile, 'utf8').trimEnd().split('\n')
    writeFileSync(ledgerFile, `${lines.slice(0, -3).join('\n')}\n`)
    const shortened = await openTrialLedger(ledgerFile, { version: '1.2.3' })
    await runSweep({ ...options, ledger: { ledger: shortened, ...period } })
    expect(await shortened.summary()).toMatchObject({
      trials: 40,
      runs: 40,
      sharpeVariance: summary.sharpeVariance,
    })
    expect(await shortened.verify()).toMatchObject({ lines: 40 })

    // Evaluated anew it is the same trials.
    await runSweep({ ...options, file: newFile(), ledger: { ledger: shortened, ...period } })
    expect(await shortened.summary()).toMatchObject({ trials: 40, runs: 80 })
  })

  test('leaves out what failed: it was never a candidate', async () => {
    const ledger = await openTrialLedger(newFile(), { version: '1' })
    const period = { agent: 'odd', fromMs: unixMs(0), toMs: unixMs(1), now: () => unixMs(2) }
    const { progress } = await runSweep({ ...misbehaving, ledger: { ledger, ...period } })
    expect(progress.failed).toBe(5)
    expect(await ledger.summary()).toMatchObject({ trials: 24, withSharpe: 23 })
  })

  test('takes the hash of what was run from a figure, so that two points that run the same are one trial', async () => {
    const ledger = await openTrialLedger(newFile(), { version: '1' })
    const period = { agent: 'a', fromMs: unixMs(0), toMs: unixMs(1), now: () => unixMs(2) }
    const evaluate = {
      module: `data:text/javascript,${encodeURIComponent(
        "export const make = () => ({ n }) => ({ sharpe: n, run: '0x' + String(n % 2).padStart(64, '0') })",
      )}`,
      exportName: 'make',
    }
    const options = { ...misbehaving, space: parameters({ n: integer(1, 10) }), evaluate }
    await runSweep({ ...options, ledger: { ledger, ...period, figures: { configuration: 'run' } } })
    expect(await ledger.summary()).toMatchObject({ trials: 2, runs: 10 })
    await expect(
      runSweep({ ...options, ledger: { ledger, ...period, figures: { configuration: 'sharpe' } } }),
    ).rejects.toThrow('Figure "sharpe" is no hash of a configuration.')
  })

  test('ends when the ledger was tampered with', async () => {
    const file = newFile()
    const ledger = await openTrialLedger(file, { version: '1' })
    const period = { agent: 'a', fromMs: unixMs(0), toMs: unixMs(1), now: () => unixMs(2) }
    await runSweep({ ...sweep, trials: 3, ledger: { ledger, ...period } })
    truncateSync(file, 100)
    await expect(runSweep({ ...sweep, trials: 6, ledger: { ledger, ...period } })).rejects.toThrow('is gone')
  })
})

test('a full disk is said to be one', async () => {
  // Linux has a device that is always full.
  if (process.platform !== 'linux') return
  const appender = await openLineAppender('/dev/full', 0)
  const failure = appender.append('{}\n')
  await expect(failure).rejects.toThrow(UnavailableError)
  await expect(failure).rejects.toThrow('The disk is full: /dev/full cannot be written.')
  await appender.close()
})
