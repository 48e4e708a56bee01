import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { digestOf, IntegrityError, unixMs } from '../../core/index.ts'
import { runModule } from '../../test/runModule.ts'
import { deflatedSharpe, deflateSharpe, expectedMaximumSharpe } from '../luck/index.ts'
import { EMPTY_LEDGER, openTrialLedger, type TrialEntry, type TrialRecord } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'touchstone-ledger-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
const newFile = () => join(folder, `trials-${files++}.jsonl`)

const version = '0.1.0'
const entry = (configuration: number, changes: Partial<TrialEntry> = {}): TrialEntry => ({
  agent: 'gold-trend',
  configuration: digestOf(configuration),
  data: digestOf('data'),
  fromMs: unixMs(0),
  toMs: unixMs(86_400_000),
  atMs: unixMs(1_700_000_000_000),
  kind: 'backtest',
  sharpe: configuration / 10,
  totalReturn: 0.01,
  trades: 3,
  ...changes,
})
const open = (file: string) => openTrialLedger(file, { version })

describe('a trial ledger', () => {
  test('counts distinct trials of an agent, and the variance of their Sharpe ratios', async () => {
    const ledger = await open(newFile())
    await ledger.append([entry(10), entry(20), entry(60), entry(5, { agent: 'other' })])
    // The mean of 1, 2, 6 is 3, so the sample variance is (4 + 1 + 9) / 2.
    expect(await ledger.summary({ agent: 'gold-trend' })).toMatchObject({
      trials: 3,
      withSharpe: 3,
      sharpeVariance: expect.closeTo(7, 12),
      runs: 3,
    })
    expect(await ledger.summary()).toMatchObject({ trials: 4, runs: 4 })
    expect(await ledger.summary({ agent: 'nobody' })).toMatchObject({ trials: 0, runs: 0, sharpeVariance: 0 })
  })

  test('counts the same configuration on the same data once, by its latest run', async () => {
    const ledger = await open(newFile())
    await ledger.append([entry(10), entry(20)])
    await ledger.append([entry(10, { atMs: unixMs(1_700_000_000_001), sharpe: 4 })])
    expect(await ledger.summary()).toMatchObject({
      trials: 2,
      runs: 3,
      sharpeVariance: expect.closeTo(2, 12),
    })
    const { configuration: _, ...others } = entry(10)
    const different = [
      { ...others, configuration: digestOf('another') },
      entry(10, { data: digestOf('other data') }),
      entry(10, { fromMs: unixMs(1) }),
      entry(10, { toMs: unixMs(2) }),
      entry(10, { agent: 'other' }),
    ]
    for (const other of different) expect(await ledger.has(other)).toBe(false)
    await ledger.append(different)
    expect(await ledger.summary()).toMatchObject({ trials: 7, runs: 8 })
    for (const other of different) expect(await ledger.has(other)).toBe(true)
  })

  test('counts a trial without a Sharpe ratio, which has no part in the variance', async () => {
    const ledger = await open(newFile())
    await ledger.append([entry(10), entry(20), entry(3, { sharpe: null, totalReturn: null, trades: 0 })])
    expect(await ledger.summary()).toMatchObject({
      trials: 3,
      withSharpe: 2,
      sharpeVariance: expect.closeTo(0.5, 12),
    })
  })

  test('gives what deflates a Sharpe ratio: more trials, less of it', async () => {
    const ledger = await open(newFile())
    const run = { sharpe: 2, periods: 500, periodsPerYear: 250, skewness: 0, kurtosis: 3 }
    const shares: (number | null)[] = []
    for (let trial = 1; trial <= 30; trial++) {
      await ledger.append([entry(trial)])
      shares.push(deflateSharpe(run, await ledger.summary({ agent: 'gold-trend' })))
    }
    const { trials, sharpeVariance } = await ledger.summary()
    expect(trials).toBe(30)
    // The sample variance of 0.1, 0.2, …, 3.0 is 0.01 · 30 · 31 / 12.
    expect(sharpeVariance).toBeCloseTo(0.775, 12)
    const evidence = { sharpe: 2 / Math.sqrt(250), periods: 500, skewness: 0, kurtosis: 3 }
    expect(shares.at(-1)).toBeCloseTo(deflatedSharpe(evidence, { trials: 30, variance: 0.775 / 250 }), 12)
    expect(expectedMaximumSharpe(30, sharpeVariance)).toBeGreaterThan(1.5)
    expect(Number(shares.at(-1))).toBeLessThan(Number(shares[9]))
  })

  test('keeps everything of a run, and goes on after it is opened again', async () => {
    const file = newFile()
    await (await open(file)).append([entry(1), entry(2, { kind: 'sweep', sharpe: -0.5 })])
    const again = await openTrialLedger(file, { version: '0.2.0' })
    expect(await again.summary()).toMatchObject({ trials: 2 })
    const head = await again.append([entry(3)])
    expect(head).toEqual(await again.verify())
    const records: TrialRecord[] = []
    for await (const record of again.records()) records.push(record)
    expect(records).toMatchObject([
      { ...entry(1), number: 1, version, previous: EMPTY_LEDGER.hash },
      { ...entry(2, { kind: 'sweep', sharpe: -0.5 }), number: 2, version },
      { ...entry(3), number: 3, version: '0.2.0' },
    ])
  })

  test('starts empty, and an append of nothing writes nothing', async () => {
    const file = newFile()
    const ledger = await open(file)
    expect(await ledger.verify()).toEqual(EMPTY_LEDGER)
    expect(await ledger.append([])).toEqual(EMPTY_LEDGER)
    expect(() => readFileSync(file)).toThrow('ENOENT')
    expect(await ledger.summary()).toMatchObject({ trials: 0, head: EMPTY_LEDGER })
  })

  test('refuses a folder that is not there, and a figure that is no number', async () => {
    const ledger = await open(join(folder, 'nowhere', 'trials.jsonl'))
    await expect(ledger.append([entry(1)])).rejects.toThrow('cannot be written')
    await expect((await open(newFile())).append([entry(1, { sharpe: Number.NaN })])).rejects.toThrow('NaN')
  })
})

describe('a ledger that was tampered with', () => {
  async function written(lines: number): Promise<{ file: string; lines: string[] }> {
    const file = newFile()
    const ledger = await open(file)
    for (let line = 0; line < lines; line++) await ledger.append([entry(line)])
    return { file, lines: readFileSync(file, 'utf8').trimEnd().split('\n') }
  }

  test('names the line of any changed byte', async () => {
    const { file, lines } = await written(5)
    const text = readFileSync(file)
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 2), fc.integer({ min: 1, max: 127 }), async (at, flip) => {
        const changed = Buffer.from(text)
        changed[at] = (changed[at] ?? 0) ^ flip
        writeFileSync(file, changed)
        // A line feed for another byte cuts its line in two: the first half is then at fault.
        const line = text.subarray(0, at).filter(byte => byte === 10).length + 1
        const failure = open(file)
        await expect(failure).rejects.toThrow(IntegrityError)
        await expect(failure).rejects.toThrow(new RegExp(`^Line ${line} of .* (is no line|was changed)`))
      }),
      { numRuns: 200 },
    )
    expect(lines).toHaveLength(5)
  })

  test.each([0, 1, 3])('names the line after one that was removed (%i)', async removed => {
    const { file, lines } = await written(5)
    writeFileSync(file, `${lines.toSpliced(removed, 1).join('\n')}\n`)
    await expect(open(file)).rejects.toThrow(
      `Line ${removed + 1} of ${file} ${removed === 0 ? 'is not the first' : `does not follow line ${removed}`}`,
    )
  })

  test('names lines that were swapped, repeated, or added from another ledger', async () => {
    const { file, lines } = await written(4)
    const [a = '', b = '', c = '', d = ''] = lines
    for (const [order, at] of [
      [[a, c, b, d], 2],
      [[a, b, b, c, d], 3],
      [[a, b, (await written(3)).lines[2] ?? '', c, d], 4],
    ] as const) {
      writeFileSync(file, `${order.join('\n')}\n`)
      await expect(open(file)).rejects.toThrow(`Line ${at} of ${file} does not follow line ${at - 1}`)
    }
  })

  test('shows by a head that was kept that its end was cut off or written anew', async () => {
    const { file, lines } = await written(5)
    const kept = await (await open(file)).verify()
    expect(kept.lines).toBe(5)
    writeFileSync(file, `${lines.slice(0, 3).join('\n')}\n`)
    const cut = await open(file)
    expect(await cut.verify()).toMatchObject({ lines: 3 })
    await expect(cut.verify(kept)).rejects.toThrow(
      `Line 5 of ${file} is missing: the ledger ends after line 3.`,
    )
    await cut.append([entry(7), entry(8), entry(9)])
    await expect(cut.verify(kept)).rejects.toThrow(`Line 5 of ${file} is another than the one that was kept`)
    await expect(cut.verify(await cut.verify())).resolves.toMatchObject({ lines: 6 })
  })

  test('is noticed by who has it open: on the next look where it shrank, at verification else', async () => {
    const { file } = await written(3)
    const ledger = await open(file)
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.replace('"trades":3', '"trades":4'))
    await expect(ledger.verify()).rejects.toThrow(`Line 1 of ${file} was changed`)
    truncateSync(file, 20)
    await expect(ledger.append([entry(4)])).rejects.toThrow(IntegrityError)
  })
})

describe('writers of one ledger', () => {
  test('drop what a killed one left of a line, at any byte', async () => {
    const file = newFile()
    const ledger = await open(file)
    await ledger.append([entry(1), entry(2)])
    const text = readFileSync(file, 'utf8')
    const line = text.split('\n')[1] ?? ''
    for (const bytes of [1, 40, line.length]) {
      appendFileSync(file, line.slice(0, bytes))
      const again = await open(file)
      expect(await again.verify()).toMatchObject({ lines: 2 })
      await again.append([entry(bytes + 10)])
      expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(4)
      expect(await again.verify()).toMatchObject({ lines: 3 })
      writeFileSync(file, text)
    }
  })

  test('of one process take turns', async () => {
    const file = newFile()
    const [a, b] = [await open(file), await open(file)]
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? a : b).append([entry(index)])),
    )
    expect(await a.verify()).toMatchObject({ lines: 40 })
    expect(await b.summary()).toEqual(await a.summary())
    expect(await a.summary()).toMatchObject({ trials: 40 })
  })

  test('of several processes lose nothing, and one that is killed holds up nobody', async () => {
    const file = newFile()
    const writer = (name: string, appends: number) =>
      runModule(`
        import { openTrialLedger } from '${new URL('./index.ts', import.meta.url).href}'
        const ledger = await openTrialLedger('${file}', { version: '1' })
        const hash = '0x${'1'.repeat(64)}'
        for (let at = 0; at < ${appends}; at++) {
          await ledger.append([{ agent: '${name}', configuration: hash, data: hash, fromMs: at, toMs: at + 1, atMs: 0,
            kind: 'sweep', sharpe: at, totalReturn: null, trades: null }])
          if (at === 10) console.log('begun')
        }`)
    const killed = writer('killed', 1e9)
    const writers = ['a', 'b', 'c'].map(name => writer(name, 60))
    for await (const line of killed.lines) {
      expect(line).toBe('begun')
      killed.process.kill('SIGKILL')
      break
    }
    for (const { ended } of writers) expect(await ended).toEqual({ status: 0, errors: '' })
    const ledger = await open(file)
    for (const agent of ['a', 'b', 'c'])
      expect(await ledger.summary({ agent })).toMatchObject({ trials: 60, runs: 60 })
    const { runs } = await ledger.summary({ agent: 'killed' })
    expect(runs).toBeGreaterThan(10)
    expect(await ledger.verify()).toMatchObject({ lines: 180 + runs })
  })
})
