import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import type { Store } from '../core/index.ts'
import { openPglite, openPostgres } from '../feature-store/index.ts'
import { type PostgresServer, postgresIsAvailable, startPostgres } from './startPostgres.ts'

/** A kind of store that a test runs on. */
export type StoreKind = {
  readonly name: 'PGlite' | 'PostgreSQL'
  /** Opens an empty store. */
  open(): Promise<Store>
  /** Makes an empty database, and returns how to open it, as often as a test restarts. */
  create(): Promise<() => Promise<Store>>
  /** Variables that put a command of the project on an empty database of this kind. */
  environment(): Promise<CommandEnvironment>
  /** The variables for a copy of a project and of its database, which nobody uses meanwhile. */
  copyOf(environment: CommandEnvironment): Promise<CommandEnvironment>
}

/** Where a command keeps its store: the project's folder unless a URL is named. */
export type CommandEnvironment = { readonly DATABASE_URL?: string }

/** Opens the store that a command left. */
export function openStoreOf({ DATABASE_URL: url }: CommandEnvironment, directory: string): Promise<Store> {
  return url === undefined ? openPglite({ directory }) : openPostgres({ url })
}

/**
 * Defines tests once for each kind of store: the embedded one, and a real PostgreSQL server, which is skipped
 * where none can be started. `atOnce` runs the kinds beside each other, each in its order: for tests that wait
 * most of their time.
 */
export function onEachStore(
  define: (kind: StoreKind) => void,
  { atOnce = false }: { readonly atOnce?: boolean } = {},
): void {
  const suite = (name: string, isSkipped: boolean, body: () => void) => {
    if (isSkipped) describe.skip(name, body)
    else if (atOnce) describe.concurrent(name, () => void describe.sequential('in order', body))
    else describe(name, body)
  }

  suite('on PGlite', false, () => {
    const folders: string[] = []
    afterAll(async () => {
      for (const folder of folders) await rm(folder, { recursive: true, force: true })
    })
    define({
      name: 'PGlite',
      open: () => openPglite({ directory: null }),
      async create() {
        const directory = await mkdtemp(join(tmpdir(), 'touchstone-store-'))
        folders.push(directory)
        return () => openPglite({ directory })
      },
      environment: async () => ({}),
      // The database lies in the project's folder.
      copyOf: async environment => environment,
    })
  })

  suite('on PostgreSQL (skipped where no server can be started)', !postgresIsAvailable(), () => {
    let server: PostgresServer | null = null
    beforeAll(async () => {
      server = await startPostgres()
    }, 60_000)
    afterAll(() => server?.stop())
    const started = () => {
      if (server === null) throw new Error('PostgreSQL is not started yet: ask in a test or a hook.')
      return server
    }
    const database = () => started().createDatabase()
    define({
      name: 'PostgreSQL',
      open: async () => openPostgres({ url: await database() }),
      async create() {
        const url = await database()
        return () => openPostgres({ url })
      },
      environment: async () => ({ DATABASE_URL: await database() }),
      copyOf: async ({ DATABASE_URL: url = '' }) => ({ DATABASE_URL: await started().copyDatabase(url) }),
    })
  })
}
