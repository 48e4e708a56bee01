import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { InvalidInputError, LockedError } from '../../core/index.ts'

/** The process that owns a directory, and where it serves its API, once it does. */
export type DirectoryOwner = {
  readonly pid: number
  readonly apiUrl: string | null
  /** Secret that its API asks for. Never print it. */
  readonly apiToken: string | null
}

/** A held lock. */
export type DirectoryLock = {
  /** Publishes where the owner can be reached. */
  setOwnerApi(url: string, token: string | null): Promise<void>
  release(): Promise<void>
}

/** What a lock file says. A claim becomes an ownership once no other process claims or owns. */
type LockFile = DirectoryOwner & {
  readonly state: 'claiming' | 'owning'
  readonly host: string
  /** Start of the process in the kernel's clock, with the boot: a pid alone may be used again. */
  readonly startedAt: string | null
}

const LOCK_FILE = /^owner-\d+-[0-9a-f]{16}\.json$/
/** Rounds for which two processes that claim at the same moment step back and try again. */
const CLAIM_ROUNDS = 50

/**
 * Makes this process the only owner of a directory until it releases it or dies.
 *
 * Each process writes a lock file of its own, complete from the first moment (a rename), then looks for
 * others: a living one makes it step back. Of two that claim at once, the later to look sees the other, so
 * both cannot win; and no file of a living process is ever removed by another, so a file left by a dead
 * process can be cleared without a race.
 *
 * @throws LockedError when a living process owns the directory.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  await createDirectory(directory)
  const name = `owner-${process.pid}-${randomBytes(8).toString('hex')}.json`
  let content: LockFile = {
    state: 'claiming',
    pid: process.pid,
    host: hostname(),
    startedAt: await startOfProcess(process.pid),
    apiUrl: null,
    apiToken: null,
  }
  const write = async (changes: Partial<LockFile>): Promise<void> => {
    content = { ...content, ...changes }
    await writeAtomically(join(directory, name), JSON.stringify(content))
  }
  const release = (): Promise<void> => rm(join(directory, name), { force: true })

  for (let round = 0; round < CLAIM_ROUNDS; round++) {
    await write({ state: 'claiming' })
    const others = (await readLockFiles(directory)).filter(file => file.name !== name)
    const living = others.filter(file => file.alive)
    if (living.length === 0) {
      await write({ state: 'owning' })
      for (const { name: dead } of others) await rm(join(directory, dead), { force: true })
      return { setOwnerApi: (apiUrl, apiToken) => write({ apiUrl, apiToken }), release }
    }
    await release()
    const owner = living.find(file => file.content.state === 'owning')
    if (owner !== undefined) throw lockedError(directory, owner.content)
    await sleep(5 + Math.random() * 50)
  }
  throw new LockedError(`Several processes try to own ${directory} at once.`, {
    facts: { directory },
    hint: 'Start one of them, and the others after it.',
  })
}

/** The living owner of a directory, or null when nobody owns it. */
export async function readOwner(directory: string): Promise<DirectoryOwner | null> {
  const owner = (await readLockFiles(directory)).find(
    file => file.alive && file.content.state === 'owning',
  )?.content
  return owner === undefined ? null : { pid: owner.pid, apiUrl: owner.apiUrl, apiToken: owner.apiToken }
}

function lockedError(directory: string, owner: LockFile): LockedError {
  const elsewhere = owner.host === hostname() ? '' : ` on ${owner.host}`
  return new LockedError(`Process ${owner.pid}${elsewhere} owns ${directory}.`, {
    facts: { directory, pid: owner.pid, host: owner.host, api: owner.apiUrl },
    hint:
      elsewhere === ''
        ? 'Stop that process, use its API, or choose another directory.'
        : `Stop that process. If ${owner.host} is gone for good, delete ${directory}/owner-${owner.pid}-*.json.`,
  })
}

type FoundLock = { readonly name: string; readonly content: LockFile; readonly alive: boolean }

async function readLockFiles(directory: string): Promise<FoundLock[]> {
  const names = await readdir(directory).catch(() => [])
  const found: FoundLock[] = []
  for (const name of names.filter(name => LOCK_FILE.test(name))) {
    const content = await readFile(join(directory, name), 'utf8').then(parseLockFile, () => null)
    // Gone again since the listing, or no lock file of ours.
    if (content !== null) found.push({ name, content, alive: await isAlive(content) })
  }
  return found
}

function parseLockFile(text: string): LockFile | null {
  try {
    const value: unknown = JSON.parse(text)
    return isLockFile(value) ? value : null
  } catch {
    return null
  }
}

function isLockFile(value: unknown): value is LockFile {
  if (value === null || typeof value !== 'object') return false
  const fields: Partial<Record<keyof LockFile, unknown>> = value
  const isTextOrNull = (field: unknown): boolean => field === null || typeof field === 'string'
  return (
    (fields.state === 'claiming' || fields.state === 'owning') &&
    Number.isSafeInteger(fields.pid) &&
    typeof fields.host === 'string' &&
    isTextOrNull(fields.startedAt) &&
    isTextOrNull(fields.apiUrl) &&
    isTextOrNull(fields.apiToken)
  )
}

// A process of another host cannot be looked up; its lock holds until a person removes it.
async function isAlive({ pid, host, startedAt }: LockFile): Promise<boolean> {
  if (host !== hostname()) return true
  try {
    process.kill(pid, 0)
  } catch (error) {
    // A process of another user exists but may not be signalled.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  if (startedAt === null) return true
  const start = await startOfProcess(pid)
  return start === null || start === startedAt
}

// Linux tells when a process started; elsewhere the pid has to do.
async function startOfProcess(pid: number): Promise<string | null> {
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

async function createDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true })
  } catch (error) {
    throw new InvalidInputError(`${directory} cannot be used as a directory.`, {
      facts: { directory, reason: error instanceof Error ? error.message : String(error) },
      hint: 'Choose a directory that this user may write to.',
      cause: error,
    })
  }
}

// Readable by its owner alone: it may hold the API's token.
async function writeAtomically(path: string, text: string): Promise<void> {
  const partial = `${path}.partial`
  try {
    await writeFile(partial, text, { mode: 0o600 })
    await rename(partial, path)
  } catch (error) {
    throw new InvalidInputError(`${path} cannot be written.`, {
      facts: { path, reason: error instanceof Error ? error.message : String(error) },
      hint: 'Choose a directory that this user may write to.',
      cause: error,
    })
  }
}
