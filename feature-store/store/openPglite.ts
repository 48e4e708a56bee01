import type { EmbeddedStore, PgliteOptions } from './embeddedStore.ts'

export type { EmbeddedStore, PgliteOptions }

/**
 * Opens the embedded store. One process owns its directory at a time.
 *
 * What was acknowledged in a directory is on the disk: it survives the death of the process and of the machine.
 *
 * @throws LockedError when a living process owns the directory.
 * @throws IntegrityError when the directory's database does not open.
 */
export async function openPglite(options: PgliteOptions): Promise<EmbeddedStore> {
  // Loaded when a store is opened: the database takes tens of megabytes, and a backtest opens none.
  const { openEmbedded } = await import('./embeddedStore.ts')
  return openEmbedded(options)
}
