import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { InvalidInputError, LockedError } from '../../core/index.ts'
import { type RunningModule, runModule } from '../../test/runModule.ts'
import { lockDirectory, readOwner } from './directoryLock.ts'

const MODULE = new URL('directoryLock.ts', import.meta.url).href

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'touchstone-lock-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

// Takes the lock when told to, says how that went, and keeps what it has.
const contender = (): RunningModule =>
  runModule(`
    import { createInterface } from 'node:readline'
    import { lockDirectory } from ${JSON.stringify(MODULE)}
    const lines = createInterface({ input: process.stdin })
    console.log('ready')
    lines.once('line', async () => {
      try {
        await lockDirectory(${JSON.stringify(directory)})
        console.log('won')
      } catch (error) {
        console.log(error.name)
      }
      lines.once('line', () => process.exit(0))
    })`)

async function nextLine(lines: AsyncIterator<string>): Promise<string> {
  const { value } = await lines.next()
  return value
}

test('a living owner keeps others out, by its pid and directory, and without its secret', async () => {
  const lock = await lockDirectory(directory)
  await lock.setOwnerApi('http://127.0.0.1:8787', 'very-secret')
  const refusal = await lockDirectory(directory).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(LockedError)
  expect(refusal).toMatchObject({
    message: `Process ${process.pid} owns ${directory}.`,
    hint: 'Stop that process, use its API, or choose another directory.',
    facts: { directory, pid: process.pid, api: 'http://127.0.0.1:8787' },
    retryable: true,
    exitCode: 4,
  })
  expect(JSON.stringify(refusal)).not.toContain('very-secret')
  expect(await readOwner(directory)).toEqual({
    pid: process.pid,
    apiUrl: 'http://127.0.0.1:8787',
    apiToken: 'very-secret',
  })
  await lock.release()
  expect(await readOwner(directory)).toBeNull()
  expect(readdirSync(directory)).toEqual([])
  await (await lockDirectory(directory)).release()
})

test('the lock file, which holds the token, is readable by its owner alone', async () => {
  const lock = await lockDirectory(directory)
  await lock.setOwnerApi('http://127.0.0.1:1', 'secret')
  const [file = ''] = readdirSync(directory)
  expect(statSync(join(directory, file)).mode & 0o777).toBe(0o600)
  await lock.release()
})

test('a killed owner leaves a lock that is taken over and cleared', async () => {
  const child = contender()
  const lines = child.lines[Symbol.asyncIterator]()
  await nextLine(lines)
  child.process.stdin.write('go\n')
  expect(await nextLine(lines)).toBe('won')
  await expect(lockDirectory(directory)).rejects.toThrow(`Process ${child.process.pid} owns ${directory}.`)
  expect((await readOwner(directory))?.pid).toBe(child.process.pid)
  child.process.kill('SIGKILL')
  await child.ended
  expect(await readOwner(directory)).toBeNull()
  const lock = await lockDirectory(directory)
  expect(readdirSync(directory)).toHaveLength(1)
  await lock.release()
})

test('a lock whose pid now belongs to a later process is stale', async () => {
  const lock = await lockDirectory(directory)
  const [file = ''] = readdirSync(directory)
  const content: unknown = JSON.parse(readFileSync(join(directory, file), 'utf8'))
  await lock.release()
  const earlier = { ...(content as object), startedAt: 'another boot/123' }
  writeFileSync(join(directory, file), JSON.stringify(earlier))
  expect(await readOwner(directory)).toBeNull()
  await (await lockDirectory(directory)).release()
})

test('a lock of another host holds, since its process cannot be looked up from here', async () => {
  const lock = await lockDirectory(directory)
  const [file = ''] = readdirSync(directory)
  const content: unknown = JSON.parse(readFileSync(join(directory, file), 'utf8'))
  await lock.release()
  writeFileSync(join(directory, file), JSON.stringify({ ...(content as object), host: `not-${hostname()}` }))
  await expect(lockDirectory(directory)).rejects.toThrow(`on not-${hostname()} owns ${directory}`)
})

test('of many processes that race for a stale lock exactly one wins', async () => {
  for (let round = 0; round < 3; round++) {
    const children = Array.from({ length: 5 }, contender)
    const lines = children.map(child => child.lines[Symbol.asyncIterator]())
    await Promise.all(lines.map(nextLine))
    for (const child of children) child.process.stdin.write('go\n')
    const results = await Promise.all(lines.map(nextLine))
    expect(results.toSorted()).toEqual(['LockedError', 'LockedError', 'LockedError', 'LockedError', 'won'])
    // The winner dies without a release, so that the next round starts from a stale lock.
    for (const child of children) child.process.kill('SIGKILL')
    await Promise.all(children.map(child => child.ended))
    expect(readdirSync(directory)).toHaveLength(1)
  }
}, 60_000)

test('claims within one process exclude each other, too', async () => {
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockDirectory(directory)))
  expect(results.filter(result => result.status === 'fulfilled')).toHaveLength(1)
})

test('a path that is no directory is refused', async () => {
  const file = join(directory, 'file')
  writeFileSync(file, '')
  await expect(lockDirectory(file)).rejects.toThrow(InvalidInputError)
})
