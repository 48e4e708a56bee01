import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { LockedError } from '../../core/index.ts'
import { runModule } from '../../test/runModule.ts'
import { lockFile } from './fileLock.ts'

const folder = mkdtempSync(join(tmpdir(), 'touchstone-lock-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
const newFile = () => join(folder, `file-${files++}`)

describe('the lock of a file', () => {
  test('is held by one, who is named, until it is given back', async () => {
    const file = newFile()
    const release = await lockFile(file, 0)
    const second = lockFile(file, 30)
    await expect(second).rejects.toThrow(LockedError)
    await expect(second).rejects.toThrow(`Process ${process.pid} on `)
    const waiting = lockFile(file, 5_000)
    await release()
    await (await waiting)()
  })

  test('is taken from a process that died, and from no other', async () => {
    const file = newFile()
    const code = `
      import { lockFile } from '${new URL('./fileLock.ts', import.meta.url).href}'
      await lockFile('${file}', 0)
      console.log('locked')
      setInterval(() => {}, 1_000)`
    const { process: child, lines, ended } = runModule(code)
    for await (const _ of lines) break
    await expect(lockFile(file, 0)).rejects.toThrow(`Process ${child.pid} on `)
    child.kill('SIGKILL')
    await ended
    // All find the dead one's lock at once; one after the other gets it.
    let [holders, most] = [0, 0]
    await Promise.all(
      Array.from({ length: 12 }, async () => {
        const release = await lockFile(file, 30_000)
        most = Math.max(most, ++holders)
        await new Promise(resolve => setTimeout(resolve, 2))
        holders--
        await release()
      }),
    )
    expect(most).toBe(1)
  })

  test('is not held by a process that got the number of a dead one', async () => {
    const file = newFile()
    const release = await lockFile(file, 0)
    const lock = `${file}.lock`
    const holder: { startedAt: string | null } = JSON.parse(readFileSync(lock, 'utf8'))
    // Only Linux says when a process started.
    if (holder.startedAt === null) return
    writeFileSync(lock, JSON.stringify({ ...holder, startedAt: 'boot/1' }))
    await (await lockFile(file, 0))()
    await release()
  })
})
