import { access, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY_MS, IntegrityError, InvalidInputError, type Store, unixMs } from '../../core/index.ts'
import { openPglite } from '../store/index.ts'
import { compactHistory } from './compactHistory.ts'
import { MANIFEST_FILE } from './historyManifest.ts'
import { START_MS } from './marketRows.conformance.ts'
import { NOW_MS, openTestHistory, type TestHistory } from './openTestHistory.conformance.ts'
import { retainHistory } from './retainHistory.ts'

let database: Store
const opened: TestHistory[] = []
beforeAll(async () => {
  database = await openPglite({ directory: null })
})
afterAll(async () => {
  for (const each of opened) await each.close()
  await database.close()
})

async function openArchived(batchRows = 8): Promise<TestHistory> {
  const each = await openTestHistory(database.observations)
  opened.push(each)
  await each.archive({ batchRows })
  return each
}

const later = (ms: number) => unixMs(NOW_MS + ms)

describe('compaction', () => {
  test('joins the files of a dataset and day, and keeps the old ones for readers of the earlier manifest', async () => {
    const { history, reopen, readAll, rows, root, instrument } = await openArchived()
    const reader = reopen()
    const before = await reader.history.manifest()
    expect(before.files).toHaveLength(20)
    const graceMs = 60_000
    expect(await compactHistory({ history, nowMs: NOW_MS, graceMs })).toEqual({
      filesBefore: 20,
      filesAfter: 10,
      rows: 80,
    })
    const { files } = await history.manifest()
    expect(files).toHaveLength(10)
    expect(await readAll()).toEqual(rows)
    // Who went by the earlier manifest still finds its files.
    for (const { path } of before.files) await access(join(root, path))
    const fresh = reopen()
    expect(await fresh.store.read({ instruments: [instrument], limit: 100 })).toEqual(rows)
    await compactHistory({ history, nowMs: later(graceMs - 1), graceMs })
    for (const { path } of before.files) await access(join(root, path))
    await compactHistory({ history, nowMs: later(graceMs), graceMs })
    for (const { path } of before.files) await expect(access(join(root, path))).rejects.toThrow('ENOENT')
    // And who comes to open them later goes by the present one.
    expect(await reader.store.read({ instruments: [instrument], limit: 100 })).toEqual(rows)
    await reader.history.close()
    await fresh.history.close()
  })

  test('makes no file larger than it is told', async () => {
    const { history, readAll, rows } = await openArchived()
    await compactHistory({ history, nowMs: NOW_MS, maxFileRows: 6 })
    const { files } = await history.manifest()
    expect(files.length).toBeGreaterThan(10)
    for (const { rows } of files) expect(rows).toBeLessThanOrEqual(6)
    expect(await readAll()).toEqual(rows)
    expect(await compactHistory({ history, nowMs: NOW_MS, maxFileRows: 6 })).toMatchObject({ filesBefore: 0 })
  })
})

describe('retention', () => {
  const day = (count: number) => unixMs(START_MS + count * DAY_MS)

  test('drops whole days of the datasets named, and remembers them', async () => {
    const { history, readAll, rows, root } = await openArchived(1_000)
    const options = {
      history,
      nowMs: day(4),
      keepDays: 2,
      datasets: ['swap'] as const,
      needed: [],
      graceMs: 0,
    }
    const expected = { days: 3, files: 3, rows: 12 }
    expect(await retainHistory({ ...options, dryRun: true })).toMatchObject(expected)
    expect(await readAll()).toEqual(rows)
    expect(await retainHistory(options)).toMatchObject(expected)
    const kept = await readAll()
    expect(kept).toEqual(rows.filter(({ event }) => event.value.type !== 'swap' || event.knownAt >= day(3)))
    const { dropped } = await history.manifest()
    expect(dropped.map(({ dataset, day, rows }) => [dataset, day, rows])).toEqual([
      ['swap', '2026-01-05', 4],
      ['swap', '2026-01-06', 4],
      ['swap', '2026-01-07', 4],
    ])
    // The next writer removes the files.
    expect(await readdir(join(root, 'swap', 'day=2026-01-05'))).toHaveLength(1)
    await compactHistory({ history, nowMs: day(4), graceMs: 0 })
    expect(await readdir(join(root, 'swap', 'day=2026-01-05'))).toEqual([])
  })

  test('refuses what a deployed agent needs, unless it is forced', async () => {
    const { history, readAll, rows, instrument } = await openArchived(1_000)
    const options = { history, nowMs: day(4), keepDays: 1, needed: [instrument] }
    await expect(retainHistory(options)).rejects.toThrow(
      `The swap observations of 2026-01-05 cannot be dropped: a deployed agent observes ${instrument}.`,
    )
    expect(await readAll()).toEqual(rows)
    expect(await retainHistory({ ...options, keepDays: 5 })).toMatchObject({ files: 0 })
    expect(await retainHistory({ ...options, force: true })).toMatchObject({ days: 4, rows: 64 })
    expect(await readAll()).toEqual(rows.slice(-16))
    await expect(retainHistory({ ...options, keepDays: 0 })).rejects.toThrow(InvalidInputError)
  })
})

describe('a damaged history', () => {
  test.each([
    ['missing', (file: string) => rm(file), 'is missing'],
    ['cut short', (file: string) => truncate(file, 100), 'has 100 bytes instead of'],
    [
      'changed by a byte',
      async (file: string) => {
        const { open } = await import('node:fs/promises')
        const handle = await open(file, 'r+')
        const byte = Buffer.alloc(1)
        await handle.read(byte, 0, 1, 500)
        await handle.write(Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, 500)
        await handle.close()
      },
      'has SHA-256 0x',
    ],
  ])('whose file is %s gives no partial answer, and names the file', async (_case, damage, message) => {
    const { history, reopen, root, instrument, source } = await openArchived(1_000)
    const { files } = await history.manifest()
    const { path = '' } = files[3] ?? {}
    await damage(join(root, path))
    const { store, history: other } = reopen()
    for (const reading of [
      () => store.read({ instruments: [instrument], limit: 1_000 }),
      () => store.scan({ source, limit: 1_000 }),
      () =>
        compactHistory({ history: other, nowMs: NOW_MS, maxFileRows: 1_000_000 }).then(() =>
          store.scan({ source, limit: 1_000 }),
        ),
    ]) {
      await expect(reading()).rejects.toThrow(IntegrityError)
      await expect(reading()).rejects.toThrow(`The history file ${join(root, path)} ${message}`)
    }
    await expect(store.read({ instruments: [instrument], limit: 1_000 })).rejects.toMatchObject({
      hint: expect.stringContaining('Restore this file from a copy of the history'),
    })
    await other.close()
  })

  test('whose file was cut short after it was looked at is noticed too', async () => {
    const { history, store, root, instrument } = await openArchived(1_000)
    await store.read({ instruments: [instrument], limit: 1_000 })
    const [{ path } = { path: '' }] = (await history.manifest()).files
    await truncate(join(root, path), 64)
    await expect(store.read({ instruments: [instrument], limit: 1_000 })).rejects.toThrow(
      `The history file ${join(root, path)} has 64 bytes`,
    )
  })

  test('whose manifest is gone is refused, and its files stay', async () => {
    const { reopen, root, instrument, archive } = await openArchived(1_000)
    await rm(join(root, MANIFEST_FILE))
    const { store, history } = reopen()
    const message = `${join(root, MANIFEST_FILE)} is missing, but the history has files.`
    await expect(store.read({ instruments: [instrument], limit: 10 })).rejects.toThrow(message)
    await expect(archive()).rejects.toThrow(message)
    expect((await readdir(join(root, 'swap', 'day=2026-01-05'))).length).toBe(1)
    await history.close()
  })

  test.each([
    ['no JSON', '{"schema":1,', IntegrityError, 'cannot be read'],
    ['of another shape', '{"schema":1,"generation":0}', IntegrityError, 'cannot be read: files'],
    [
      'naming a file outside',
      JSON.stringify({
        schema: 1,
        generation: 1,
        files: [],
        retired: [{ path: '../part-00.parquet', atMs: 1 }],
        dropped: [],
      }),
      IntegrityError,
      'retired.0.path',
    ],
    ['of a later version', '{"schema":99}', InvalidInputError, 'has schema 99; this version reads 1'],
  ])('whose manifest is %s is refused', async (_case, text, kind, message) => {
    const { reopen, root, instrument, archive } = await openArchived(1_000)
    await writeFile(join(root, MANIFEST_FILE), text)
    const { store, history } = reopen()
    const reading = store.read({ instruments: [instrument], limit: 10 })
    await expect(reading).rejects.toThrow(kind)
    await expect(reading).rejects.toThrow(message)
    // Nothing is swept away under a manifest that does not read.
    await expect(archive()).rejects.toThrow(kind)
    expect((await readdir(join(root, 'swap', 'day=2026-01-05'))).length).toBe(1)
    await history.close()
  })
})
