import { join } from 'node:path'
import { digestOf, type Hash } from '../../core/index.ts'
import { buildFeatureMatrix, type FeatureMatrix, type FeatureMatrixOptions } from './buildFeatureMatrix.ts'
import { featureSetHash } from './featureSetHash.ts'
import { readMatrixFile, writeMatrixFile } from './matrixFile.ts'

/** What a matrix is built from, and what says whether it is the same data. */
export type CachedMatrixOptions = Omit<FeatureMatrixOptions, 'events'> & {
  /** Opens the events; not called where the matrix is kept. */
  readonly events: () => FeatureMatrixOptions['events']
  /** Hash that changes whenever the events do, for example `storeFingerprint`. */
  readonly fingerprint: Hash
}

/** A matrix, and how it was come by: a kept one that was not whole is `rebuilt`. */
export type CachedMatrix = {
  readonly matrix: FeatureMatrix
  readonly origin: 'kept' | 'built' | 'rebuilt'
  /** File that holds it now. */
  readonly path: string
}

/** Feature matrices in files of one directory. */
export type FeatureCache = {
  /**
   * Reads the matrix where it is kept and whole, else builds and keeps it.
   *
   * @throws what `buildFeatureMatrix` throws; UnavailableError when the file cannot be written.
   */
  matrix(options: CachedMatrixOptions): Promise<CachedMatrix>
}

/** Raised when the same features and events give another matrix: older files are then not looked at. */
const MATRIX_VERSION = 1

/**
 * Opens a cache of feature matrices. A file is named by the hash of all that its matrix depends on (definitions
 * with their versions and parameters, instrument, cadence, period, data), so nothing is ever out of date; it is
 * written aside and renamed, and checked whenever it is read.
 */
export function openFeatureCache(directory: string): FeatureCache {
  return {
    async matrix({ events, fingerprint, ...options }) {
      const { features, instrument, everyMs, fromMs, toMs } = options
      const featureSet = featureSetHash(features)
      const key = digestOf({
        version: MATRIX_VERSION,
        featureSet,
        instrument,
        everyMs,
        fromMs: fromMs ?? null,
        toMs: toMs ?? null,
        fingerprint,
      })
      const path = join(directory, `${key.slice(2)}.f32`)
      const kept = await readMatrixFile(path, {
        key,
        instrument: instrument.id,
        featureSet,
        names: features.map(feature => feature.name),
      })
      if (kept !== null && kept !== 'damaged') return { matrix: kept, origin: 'kept', path }
      const matrix = await buildFeatureMatrix({ ...options, events: events() })
      await writeMatrixFile(path, key, matrix)
      return { matrix, origin: kept === null ? 'built' : 'rebuilt', path }
    },
  }
}
