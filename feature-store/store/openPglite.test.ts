import {
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  type AgentId,
  IntegrityError,
  instrumentId,
  UnavailableError,
  unixMs,
  ZERO_HASH,
} from '../../core/index.ts'
import { runModule } from '../../test/runModule.ts'
import { openPglite, readOwner } from './index.ts'

vi.mock('node:fs', async original => {
  const actual = await original<typeof import('node:fs')>()
  return { ...actual, fsyncSync: vi.fn(actual.fsyncSync) }
})

const MODULE = new URL('index.ts', import.meta.url).href
const AGENT: AgentId = `0x${'a1'.repeat(20)}`

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'touchstone-pglite-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const decision = (sequence: number) => ({
  agent: AGENT,
  sequence,
  kind: 'signal' as const,
  instrument: instrumentId('test:GOLD'),
  timeMs: unixMs(sequence),
  body: `{"sequence":${sequence}}`,
  leaf: ZERO_HASH,
  signature: '0x' as const,
})

// Records decisions without end, and says which are acknowledged.
const recorder = () =>
  runModule(`
    import { openPglite } from ${JSON.stringify(MODULE)}
    const store = await openPglite({ directory: ${JSON.stringify(directory)} })
    for (let sequence = await store.decisions.nextSequence('${AGENT}'); ; sequence++) {
      await store.decisions.append([{
        agent: '${AGENT}', sequence, kind: 'signal', instrument: 'test:GOLD', timeMs: sequence,
        body: '{"sequence":' + sequence + '}', leaf: '${ZERO_HASH}', signature: '0x',
      }])
      process.stdout.write(sequence + '\\n')
    }`)

test('kill -9 loses no acknowledged decision, again and again', async () => {
  let acknowledged = -1
  for (const goal of [3, 60, 150]) {
    const child = recorder()
    for await (const line of child.lines) {
      acknowledged = Number(line)
      if (acknowledged >= goal) child.process.kill('SIGKILL')
    }
    expect((await child.ended).status).toBe('SIGKILL')
    const store = await openPglite({ directory })
    const next = await store.decisions.nextSequence(AGENT)
    // At most one more: written, but not yet said to be.
    expect(next === acknowledged + 1 || next === acknowledged + 2).toBe(true)
    const listed = await store.decisions.list({ agent: AGENT, limit: 10_000 })
    expect(listed.map(({ sequence, feedSequence, body }) => [sequence, feedSequence, body])).toEqual(
      Array.from({ length: next }, (_, sequence) => [sequence, sequence, `{"sequence":${sequence}}`]),
    )
    await store.close()
  }
}, 60_000)

test('a decision is flushed to the disk before it is acknowledged', async () => {
  const store = await openPglite({ directory })
  for (let sequence = 0; sequence < 3; sequence++) {
    vi.mocked(fsyncSync).mockClear()
    await store.decisions.append([decision(sequence)])
    expect(vi.mocked(fsyncSync)).toHaveBeenCalled()
  }
  await store.close()
})

test('keeps everything between openings, and lets go of the directory when it closes', async () => {
  const first = await openPglite({ directory, ownerUrl: 'http://127.0.0.1:8787' })
  expect(await readOwner(directory)).toEqual({
    pid: process.pid,
    apiUrl: 'http://127.0.0.1:8787',
    apiToken: null,
  })
  await first.setOwnerApi('http://127.0.0.1:9999', 'token')
  expect((await readOwner(directory))?.apiToken).toBe('token')
  await first.decisions.append([decision(0)])
  await expect(openPglite({ directory })).rejects.toThrow(`Process ${process.pid} owns ${directory}.`)
  await Promise.all([first.close(), first.close()])
  expect(await readOwner(directory)).toBeNull()
  await expect(first.decisions.nextFeedSequence()).rejects.toThrow(UnavailableError)

  const second = await openPglite({ directory })
  expect(await second.decisions.nextSequence(AGENT)).toBe(1)
  await second.close()
})

test('a creation that was cut short is started over', async () => {
  mkdirSync(join(directory, 'pglite', 'base'), { recursive: true })
  writeFileSync(join(directory, 'pglite', 'PG_VERSION'), '18\n')
  writeFileSync(join(directory, 'pglite.creating'), '')
  const store = await openPglite({ directory })
  expect(await store.decisions.nextFeedSequence()).toBe(0)
  expect(existsSync(join(directory, 'pglite.creating'))).toBe(false)
  await store.close()
})

test('a damaged database is named, and its lock is released', async () => {
  await (await openPglite({ directory })).close()
  const dataDir = join(directory, 'pglite')
  truncateSync(join(dataDir, 'global', 'pg_control'), 100)
  const opening = openPglite({ directory })
  await expect(opening).rejects.toThrow(IntegrityError)
  await expect(opening).rejects.toThrow(`The database in ${dataDir} does not open.`)
  expect(await readOwner(directory)).toBeNull()
  // Nothing that could be rescued is deleted.
  expect(readdirSync(dataDir)).toContain('global')
})

test('stores in memory are apart from each other', async () => {
  const [one, two] = await Promise.all([openPglite({ directory: null }), openPglite({ directory: null })])
  await one.decisions.append([decision(0)])
  expect(await two.decisions.nextFeedSequence()).toBe(0)
  await one.setOwnerApi('http://127.0.0.1:1', null)
  await Promise.all([one.close(), two.close()])
})
