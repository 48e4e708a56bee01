import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { isStore } from '../../core/store.conformance.ts'
import { type PostgresServer, postgresIsAvailable, startPostgres } from '../../test/startPostgres.ts'
import { openPglite, openPostgres } from './index.ts'

const directory = mkdtempSync(join(tmpdir(), 'touchstone-store-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

isStore('pglite', () => openPglite({ directory: null }))
isStore('pglite directory', () => openPglite({ directory }))

// Without binaries for this platform there is no server to test on.
describe.skipIf(!postgresIsAvailable())('with a server', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server?.stop())
  isStore('postgres', () => openPostgres({ url: server.url }))
})
