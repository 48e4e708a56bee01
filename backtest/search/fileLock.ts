import { randomBytes } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { InvalidInputError, LockedError, toError } from '../../core/index.ts'

/** Who holds a lock. A process id alone may be used again, so its start is kept too, where it can be had. */
type Holder = { readonly pid: number; readonly host: string; readonly startedAt: string | null }

/**
 * Makes this process the only one to write a file, until the returned function is called or the process dies.
 *
 * The lock is a file beside it, complete from its first moment, since it is linked into place. One that a dead process
 * left is removed by whoever holds a second lock for that, after a second look: no living process's lock is ever
 * removed.
 *
 * @param waitMs how long to wait for another process.
 * @throws LockedError when another process holds it still; InvalidInputError when the folder cannot be written to.
 */
export async function lockFile(file: string, waitMs: number): Promise<() => Promise<void>> {
  const lock = `${file}.lock`
  const deadline = performance.now() + waitMs
  while (!(await claim(lock))) {
    const holder = await readHolder(lock)
    if (holder !== null && !(await isAlive(holder)) && (await clear(lock))) continue
    if (performance.now() >= deadline) throw held(file, lock, holder)
    await sleep(Math.random() * MOST_PAUSE_MS)
  }
  return () => rm(lock, { force: true })
}

const MOST_PAUSE_MS = 5

async function claim(lock: string): Promise<boolean> {
  const own = `${lock}.${randomBytes(8).toString('hex')}`
  const holder: Holder = { pid: process.pid, host: hostname(), startedAt: await startOfProcess(process.pid) }
  try {
    await writeFile(own, JSON.stringify(holder))
    await link(own, lock)
    return true
  } catch (cause) {
    if (hasCode(cause, 'EEXIST')) return false
    throw new InvalidInputError(`${lock} cannot be written: ${toError(cause).message}`, {
      facts: { file: lock },
      hint: 'Choose a folder that exists and that this user may write to.',
      cause,
    })
  } finally {
    await rm(own, { force: true })
  }
}

/** Removes a dead process's lock; false when another process is about to. */
async function clear(lock: string): Promise<boolean> {
  const broom = `${lock}.clearing`
  if (!(await claim(broom))) return false
  try {
    const holder = await readHolder(lock)
    if (holder !== null && !(await isAlive(holder))) await rm(lock, { force: true })
    return true
  } finally {
    await rm(broom, { force: true })
  }
}

async function readHolder(lock: string): Promise<Holder | null> {
  try {
    const { pid, host, startedAt } = JSON.parse(await readFile(lock, 'utf8')) as Partial<Holder>
    if (typeof pid !== 'number' || typeof host !== 'string') return null
    return { pid, host, startedAt: typeof startedAt === 'string' ? startedAt : null }
  } catch {
    // Given back meanwhile, or no lock of ours.
    return null
  }
}

// A process of another host cannot be looked up; its lock holds until a person removes it.
async function isAlive({ pid, host, startedAt }: Holder): Promise<boolean> {
  if (host !== hostname()) return true
  try {
    process.kill(pid, 0)
  } catch (error) {
    // A process of another user exists but may not be signalled.
    if (!hasCode(error, 'EPERM')) return false
  }
  const start = await startOfProcess(pid)
  return startedAt === null || start === null || start === startedAt
}

const starts = new Map<number, Promise<string | null>>()

// Linux tells when a process started; elsewhere the id has to do. This process's own start does not change.
function startOfProcess(pid: number): Promise<string | null> {
  if (pid !== process.pid) return readStart(pid)
  const known = starts.get(pid) ?? readStart(pid)
  starts.set(pid, known)
  return known
}

async function readStart(pid: number): Promise<string | null> {
  try {
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The command in parentheses may hold spaces; the start time is field 22, the 20th after it.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    return ticks === undefined ? null : `${boot}/${ticks}`
  } catch {
    return null
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

function held(file: string, lock: string, holder: Holder | null): LockedError {
  const who = holder === null ? 'Another process' : `Process ${holder.pid} on ${holder.host}`
  return new LockedError(`${who} is writing ${file}.`, {
    facts: { file, pid: holder?.pid ?? null, host: holder?.host ?? null },
    hint: `Wait until it is done. If no such process is there any more, delete ${lock}.`,
  })
}
