import { existsSync, readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { PGlite, types } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import { IntegrityError, type Store } from '../../core/index.ts'
import { unnestLoad } from './bulkLoad.ts'
import { PLANNER_SETTINGS } from './database.ts'
import { databaseStore } from './databaseStore.ts'
import { lockDirectory } from './directoryLock.ts'
import { feedInProcess } from './feedInProcess.ts'
import { FLUSHING_START_PARAMS, flushToDisk, flushTree } from './flushToDisk.ts'
import { migrationsFolder, migrationsHash } from './migrations.ts'
import { type TemplateCache, templateCache } from './templateImage.ts'

export type PgliteOptions = {
  /** Directory that the store owns, created if it is missing; null keeps everything in memory. */
  readonly directory: string | null
  /** Where this process serves its API, for others that find the directory locked. */
  readonly ownerUrl?: string
}

/** A store in this process, which others reach through its API. */
export type EmbeddedStore = Store & {
  /** Publishes where this process serves its API and the token it asks for; in memory, does nothing. */
  setOwnerApi(url: string, token: string | null): Promise<void>
}

/** Opens the embedded store: see `openPglite`, which loads this file, and the database with it, when it is called. */
export async function openEmbedded({ directory, ownerUrl }: PgliteOptions): Promise<EmbeddedStore> {
  const cache = templateCache(`pglite-${pgliteVersion()}-${migrationsHash()}`)
  if (directory === null) {
    const client = await createClient(cache, undefined)
    const name = 'The store in memory'
    const database = drizzle(client)
    return {
      ...databaseStore({
        database,
        bulk: unnestLoad(database),
        feed: feedInProcess(client),
        name,
        close: () => client.close(),
      }),
      setOwnerApi: async () => undefined,
    }
  }
  const lock = await lockDirectory(directory)
  try {
    const client = await openDirectory(cache, directory)
    if (ownerUrl !== undefined) await lock.setOwnerApi(ownerUrl, null)
    const close = async (): Promise<void> => {
      try {
        await client.close()
      } finally {
        await lock.release()
      }
    }
    const database = drizzle(client)
    const name = `The store in ${directory}`
    return {
      ...databaseStore({
        database,
        bulk: unnestLoad(database),
        feed: feedInProcess(client),
        name,
        close,
      }),
      setOwnerApi: lock.setOwnerApi,
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

/** PGlite 0.5 writes bytes digit by digit. */
const BYTES = {
  serializers: {
    [types.BYTEA](bytes: unknown): string {
      if (!(bytes instanceof Uint8Array)) throw new TypeError('Bytes are an Uint8Array.')
      return `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`
    },
  },
}

async function openDirectory(cache: TemplateCache, directory: string): Promise<PGlite> {
  const dataDir = join(directory, 'pglite')
  // Stands while the database is being created, so that a creation cut short is started over.
  const creating = join(directory, 'pglite.creating')
  if (existsSync(creating)) await rm(dataDir, { recursive: true, force: true })
  if (!existsSync(dataDir)) {
    await writeFile(creating, '')
    await (await createClient(cache, dataDir)).close()
    await flushTree(directory)
    await rm(creating)
  }
  try {
    const client = await PGlite.create({ ...BYTES, dataDir, startParams: FLUSHING_START_PARAMS })
    flushToDisk(client)
    await bringUpToDate(client)
    return client
  } catch (error) {
    throw new IntegrityError(`The database in ${dataDir} does not open.`, {
      facts: { directory, reason: error instanceof Error ? error.message : String(error) },
      hint: 'Restore the directory from a copy, or choose another one.',
      cause: error,
    })
  }
}

/** A new, migrated database: from the cached image if it loads, else from nothing. */
async function createClient(cache: TemplateCache, dataDir: string | undefined): Promise<PGlite> {
  const options = dataDir === undefined ? {} : { dataDir }
  const image = await cache.read()
  if (image !== null) {
    try {
      const client = await PGlite.create({ ...BYTES, ...options, loadDataDir: image })
      await bringUpToDate(client)
      return client
    } catch {
      await cache.discard()
      if (dataDir !== undefined) await rm(dataDir, { recursive: true, force: true })
    }
  }
  const client = await PGlite.create({ ...BYTES, ...options })
  await bringUpToDate(client)
  await cache.write(await client.dumpDataDir('none'))
  return client
}

async function bringUpToDate(client: PGlite): Promise<void> {
  await client.exec(PLANNER_SETTINGS)
  await migrate(drizzle(client), { migrationsFolder: migrationsFolder() })
}

function pgliteVersion(): string {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  const manifest = readFileSync(join(entry, '..', '..', 'package.json'), 'utf8')
  return /"version": "([^"]+)"/.exec(manifest)?.[1] ?? 'unknown'
}
