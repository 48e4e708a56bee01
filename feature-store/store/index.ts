export { type DirectoryOwner, readOwner } from './directoryLock.ts'
export { type EmbeddedStore, openPglite, type PgliteOptions } from './openPglite.ts'
export { DEFAULT_CONNECTIONS, openPostgres, type PostgresOptions } from './openPostgres.ts'
