import type { InstrumentId } from './instrument.ts'
import type { Cursor, RowPlace } from './observationStore.ts'
import type { StoredObservation } from './storedObservation.ts'

/** Observations in a store's own form. */
export type EncodedObservations = {
  readonly rows: number
  /** Places of the first and the last; null when there is none. */
  readonly first: RowPlace | null
  readonly last: RowPlace | null
  /** The rows, one behind another. Each piece has its memory for itself, so that it may change threads. */
  readonly pieces: readonly Uint8Array<ArrayBuffer>[]
}

/** Writes observations of one source in a store's own form, one at a time, so that none need be kept. */
export interface ObservationEncoder {
  /** @throws InvalidInputError when it is of another source or instrument, or not behind the one before it. */
  add(observation: StoredObservation): void
  /** What was added since the last call. */
  take(): EncodedObservations
}

/** What an encoder must know; plain data, which may change threads. */
export type EncoderSettings = {
  readonly source: string
  /** What the store calls each instrument. */
  readonly instruments: readonly (readonly [InstrumentId, number])[]
}

/** What an encoder's module exports. */
export type EncoderModule = {
  readonly createEncoder: (settings: EncoderSettings) => ObservationEncoder
}

/** One write of encoded rows with the cursor that covers them. */
export type EncodedBatch = {
  readonly observations: EncodedObservations
  /** As of `ObservationBatch`; its source is the encoder's. */
  readonly cursor: Cursor
}

/**
 * A second way into a store, for a past of many rows: threads of the writer's bring them into the store's form, and
 * the store takes them as they are.
 */
export interface ObservationDoor {
  /** URL of an `EncoderModule`: a module is loaded by each thread for itself. */
  readonly encoder: string
  settings(source: string, instruments: readonly InstrumentId[]): Promise<EncoderSettings>
  /**
   * Does what `ObservationStore.append` does with the same rows. Null, and nothing written, when the store must see
   * the observations themselves.
   */
  append(batch: EncodedBatch): Promise<number | null>
}
