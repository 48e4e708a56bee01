import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  IntegrityError,
  LockedError,
  type Store,
  toStoredObservation,
  UnavailableError,
  unixMs,
} from '../../core/index.ts'
import { runModule } from '../../test/runModule.ts'
import { openPglite } from '../store/index.ts'
import { ARCHIVE_STEPS } from './archiveObservations.ts'
import { openHistory } from './openHistory.ts'
import { NOW_MS, openTestHistory, type TestHistory } from './openTestHistory.conformance.ts'
import { createTieredObservationStore } from './tieredObservationStore.ts'

let database: Store
const opened: TestHistory[] = []
beforeAll(async () => {
  database = await openPglite({ directory: null })
})
afterAll(async () => {
  for (const each of opened) await each.close()
  await database.close()
})

async function open(options?: Parameters<typeof openTestHistory>[1]): Promise<TestHistory> {
  const each = await openTestHistory(database.observations, options)
  opened.push(each)
  return each
}

const files = async (root: string): Promise<string[]> =>
  (await readdir(root, { recursive: true })).filter(name => /part-/.test(name)).sort()

test('final rows move to one file for each dataset and day; the others stay', async () => {
  const { archive, history, rows, readAll, root, instrument, source } = await open()
  const summary = await archive({ throughBlock: 9 })
  // Four blocks a day, from midnight: 0 to 3, 4 to 7, 8 and 9; three of four logs are transfers.
  expect(summary).toMatchObject({ source, rows: 40, files: 6, datasets: { transfer: 30, swap: 10 } })
  const manifest = await history.manifest()
  expect(manifest.files.map(({ dataset, day, rows }) => [dataset, day, rows])).toEqual([
    ['swap', '2026-01-05', 4],
    ['swap', '2026-01-06', 4],
    ['swap', '2026-01-07', 2],
    ['transfer', '2026-01-05', 12],
    ['transfer', '2026-01-06', 12],
    ['transfer', '2026-01-07', 6],
  ])
  expect(manifest.files.map(({ path }) => path).sort()).toEqual(await files(root))
  expect(summary.bytes).toBe(manifest.files.reduce((sum, { bytes }) => sum + bytes, 0))
  expect(await database.observations.count([instrument])).toBe(40)
  expect(await readAll()).toEqual(rows)
})

test('archiving again moves nothing', async () => {
  const { archive, history } = await open()
  await archive()
  const { generation } = await history.manifest()
  expect(await archive()).toMatchObject({ rows: 0, files: 0 })
  expect((await history.manifest()).generation).toBe(generation)
})

test('days with too few rows stay in the database', async () => {
  const { archive, rows, readAll, instrument } = await open({ blocks: 5 })
  expect(await archive({ minRows: 5 })).toMatchObject({ rows: 12, files: 1, datasets: { transfer: 12 } })
  expect(await database.observations.count([instrument])).toBe(8)
  expect(await readAll()).toEqual(rows)
})

test('a reader that pages while rows are moved sees each once', async () => {
  const { archive, rows, reopen, instrument } = await open({ blocks: 60 })
  let done = false
  const archiving = archive({ batchRows: 24 }).then(() => {
    done = true
  })
  const reader = reopen()
  let reads = 0
  while (!done) {
    const seen = await reader.store.read({ instruments: [instrument], limit: 1_000 })
    expect(seen).toEqual(rows)
    expect(await reader.store.count([instrument])).toBe(rows.length)
    reads += 1
  }
  await archiving
  expect(reads).toBeGreaterThan(1)
  await reader.history.close()
})

test('there is one writer at a time', async () => {
  const { archive, rows, readAll } = await open()
  let second: Promise<unknown> | undefined
  await archive({
    onStep: async step => {
      if (step !== 'written') return
      second = archive()
      await expect(second).rejects.toThrow(LockedError)
    },
  })
  expect(second).toBeDefined()
  expect(await readAll()).toEqual(rows)
})

test('a row that is archived with other content is refused, by archive and by append', async () => {
  const { archive, store, rows, source, history } = await open()
  await archive({ throughBlock: 9 })
  const [first] = rows
  if (first === undefined) throw new Error('no rows')
  const changed = toStoredObservation(first.event, 'another source row')
  const batch = { observations: [changed], cursor: { source, stream: 'all', block: 19, blockHash: null } }
  await expect(store.append(batch)).rejects.toThrow(IntegrityError)
  await expect(store.append(batch)).rejects.toThrow(`${source}, block 0, log 0`)
  // A writer that does not know of the history gets it into the database.
  await store.head.append(batch)
  const before = (await history.manifest()).generation
  await expect(archive()).rejects.toThrow(
    `The database and the history hold different observations at ${source}, block 0, log 0.`,
  )
  expect((await history.manifest()).generation).toBe(before)
  await expect(store.read({ instruments: [first.event.instrument], limit: 1 })).rejects.toThrow(
    IntegrityError,
  )
})

test('a reorg below what is archived is refused, and changes nothing', async () => {
  const { archive, store, source, readAll, rows } = await open()
  await archive({ throughBlock: 9 })
  const rollback = { source, toBlockHash: null, noticedAtMs: unixMs(0), confirmations: 0 }
  await expect(store.rollback({ ...rollback, toBlock: 8 })).rejects.toThrow(
    `The source ${source} is archived as final through block 9, and cannot go back to block 8.`,
  )
  expect(await readAll()).toEqual(rows)
  expect(await store.rollback({ ...rollback, toBlock: 9 })).toMatchObject({ withdrawn: 40 })
})

test('what a writer that was cut short left behind is cleared by the next', async () => {
  const { archive, root, history } = await open()
  await archive({ throughBlock: 3 })
  const folder = join(root, 'swap', 'day=2026-01-05')
  await writeFile(join(folder, 'part-0123456789abcdef.parquet'), 'never named')
  await writeFile(join(folder, 'part-0123456789abcdef.partial'), 'half')
  await archive()
  expect(await files(root)).toEqual((await history.manifest()).files.map(({ path }) => path).sort())
})

test('a full disk loses nothing and leaves nothing half written', async context => {
  const root = await mkdtemp(join(tmpdir(), 'touchstone-small-disk-'))
  // Room for the small files of the first days only.
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=72k', 'tmpfs', root])
  if (mounted.status !== 0) context.skip('mounting a small file system needs privileges')
  try {
    const market = await openTestHistory(database.observations, { blocks: 60, root })
    const archiving = market.archive({ batchRows: 16 })
    await expect(archiving).rejects.toThrow(UnavailableError)
    await expect(archiving).rejects.toThrow(/^The disk is full: /)
    const { files: named } = await market.history.manifest()
    expect(named.length).toBeGreaterThan(0)
    expect((await files(root)).filter(name => name.endsWith('.partial'))).toEqual([])
    expect(await market.readAll()).toEqual(market.rows)
    spawnSync('mount', ['-o', 'remount,size=10m', root])
    await market.archive()
    expect(await database.observations.count([market.instrument])).toBe(0)
    expect(await market.readAll()).toEqual(market.rows)
    expect(await files(root)).toEqual((await market.history.manifest()).files.map(({ path }) => path).sort())
    await market.history.close()
  } finally {
    spawnSync('umount', [root])
    await rm(root, { recursive: true, force: true })
  }
})

test.each([...ARCHIVE_STEPS, 'none' as const])(
  'a process killed after the step "%s" loses no row and doubles none',
  async step => {
    const directory = await mkdtemp(join(tmpdir(), 'touchstone-killed-'))
    await mkdir(join(directory, 'history'))
    const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href)
    const child = runModule(`
      const { openPglite } = await import(${url('../store/index.ts')})
      const { openTestHistory } = await import(${url('./openTestHistory.conformance.ts')})
      const store = await openPglite({ directory: ${JSON.stringify(directory)} })
      const market = await openTestHistory(store.observations, { blocks: 30, root: ${JSON.stringify(join(directory, 'history'))} })
      let batches = 0
      await market.archive({ batchRows: 40, onStep: step => {
        if (step === 'staged') batches += 1
        if (batches === 2 && step === ${JSON.stringify(step)}) process.kill(process.pid, 'SIGKILL')
      } })
      process.exit(0)
    `)
    const { status, errors } = await child.ended
    expect(status, errors).toBe(step === 'none' ? 0 : 'SIGKILL')
    const store = await openPglite({ directory })
    const history = openHistory({ root: join(directory, 'history'), threads: 1 })
    try {
      const tiered = createTieredObservationStore(store.observations, history)
      const [source = ''] = await tiered.sources()
      const scanned = await tiered.scan({ source, limit: 1_000 })
      expect(scanned.map(({ event }) => event.lineage)).toMatchObject(
        Array.from({ length: 120 }, (_, index) => ({
          blockNumber: Math.floor(index / 4),
          logIndex: index % 4,
        })),
      )
      const instruments = scanned.slice(0, 1).map(({ event }) => event.instrument)
      const read = await tiered.read({ instruments, limit: 1_000 })
      expect(read).toEqual(scanned)
      expect(await tiered.count(instruments)).toBe(120)
      const { archiveObservations } = await import('./archiveObservations.ts')
      await archiveObservations({ store: tiered, history, source, throughBlock: 1_000, nowMs: NOW_MS })
      expect(await store.observations.count(instruments)).toBe(0)
      expect(await tiered.read({ instruments, limit: 1_000 })).toEqual(scanned)
    } finally {
      await history.close()
      await store.close()
      await rm(directory, { recursive: true })
    }
  },
)
