import { createHash } from 'node:crypto'
import {
  canonicalJson,
  digestOf,
  type Hash,
  type Instrument,
  InvalidInputError,
  type MarketColumns,
} from '../../core/index.ts'
import type { FeatureDefinition } from './defineFeature.ts'
import { featureSetHash } from './featureSetHash.ts'
import { startFeature } from './featureSlot.ts'
import { ReadAhead } from './readAhead.ts'

/**
 * Columns of features that runs over the same histories share, in one thread or in several: the first to ask for one
 * computes it, the others read it. A column is told by all that its values depend on: the feature's name, version,
 * parameters and other facts, the instrument, and the content of the history.
 */
export type SharedFeatures = {
  /**
   * The values of a feature at each row of a history, as vectors hold them; nobody may write to it. Null where it is being
   * computed by another thread, or no room is left: then the caller computes as it goes.
   */
  columnOf(feature: FeatureDefinition, instrument: Instrument, history: MarketColumns): Float32Array | null
}

/** Columns that there may be. */
const SLOTS = 1_024
/** Of a slot, in 32 bits each: its state, four words of the key, and where its column begins, in 4 bytes. */
const SLOT_WORDS = 6
const KEY_WORDS = 4
/** Before the slots: where the free room begins, in 4 bytes. */
const FIRST_SLOT = 1
const FIRST_COLUMN = FIRST_SLOT + SLOTS * SLOT_WORDS

const MOST_BYTES = 2 ** 32

const EMPTY = 0
/** Its key is being written. */
const CLAIMED = 1
const COMPUTING = 2
const READY = 3

/**
 * Makes memory for shared features: so many bytes at most, of which those that are used take room. A column that is in it
 * stays: what every point of a search needs comes with its first point, and a grid comes back to its columns in turn.
 *
 * @throws InvalidInputError when the bytes are no whole number, or more than 4 GiB.
 */
export function createFeatureMemory(bytes: number): SharedArrayBuffer {
  if (!Number.isSafeInteger(bytes) || bytes < 0 || bytes > MOST_BYTES)
    throw new InvalidInputError(`${bytes} is no number of bytes for features.`, {
      facts: { bytes },
      hint: `Pass a whole number from 0, which shares none, to ${MOST_BYTES}.`,
    })
  const words = new Int32Array(new SharedArrayBuffer(FIRST_COLUMN * 4 + Math.ceil(bytes / 4) * 4))
  words[0] = FIRST_COLUMN
  return words.buffer as SharedArrayBuffer
}

/** Opens memory that `createFeatureMemory` made: once in each thread. */
export function openSharedFeatures(memory: SharedArrayBuffer): SharedFeatures {
  const words = new Int32Array(memory)
  const known = new WeakMap<MarketColumns, { hash: Hash; columns: Map<string, Float32Array> }>()
  return {
    columnOf(feature, instrument, history) {
      let own = known.get(history)
      if (own === undefined) {
        own = { hash: contentHash(history), columns: new Map() }
        known.set(history, own)
      }
      const { name, version, params, maxAgeMs } = feature
      const told = canonicalJson({ name, version, params, maxAgeMs, instrument })
      const found = own.columns.get(told)
      if (found !== undefined) return found
      const key = digestOf({ feature: featureSetHash([feature]), instrument, history: own.hash })
      const column = takeColumn(words, wordsOf(key), history.length, column =>
        compute(feature, instrument, history, column),
      )
      if (column !== null) own.columns.set(told, column)
      return column
    },
  }
}

/** Finds the column of a key, or makes it; null where it is not to be had. */
function takeColumn(
  words: Int32Array,
  key: Int32Array,
  length: number,
  fill: (column: Float32Array) => void,
): Float32Array | null {
  const first = (key[0] as number) >>> 0
  for (let probe = 0; probe < SLOTS; probe++) {
    const slot = FIRST_SLOT + ((first + probe) % SLOTS) * SLOT_WORDS
    let state = Atomics.load(words, slot)
    if (state === EMPTY) {
      if (Atomics.load(words, 0) + length > words.length) return null
      state = Atomics.compareExchange(words, slot, EMPTY, CLAIMED)
      if (state === EMPTY) return makeColumn(words, slot, key, length, fill)
    }
    // Whose key it is will be known in a moment: not worth to wait for.
    if (state === CLAIMED) return null
    if (!key.every((word, index) => words[slot + 1 + index] === word)) continue
    if (state !== READY) return null
    return new Float32Array(words.buffer, (words[slot + 1 + KEY_WORDS] as number) * 4, length)
  }
  return null
}

function makeColumn(
  words: Int32Array,
  slot: number,
  key: Int32Array,
  length: number,
  fill: (column: Float32Array) => void,
): Float32Array | null {
  words.set(key, slot + 1)
  Atomics.store(words, slot, COMPUTING)
  const at = Atomics.add(words, 0, length)
  // Another thread may have taken the room meanwhile: then it stays one that nobody finishes.
  if (at + length > words.length) return null
  words[slot + 1 + KEY_WORDS] = at
  const column = new Float32Array(words.buffer, at * 4, length)
  fill(column)
  // What was written before is seen by whoever sees this.
  Atomics.store(words, slot, READY)
  return column
}

/** Computes a column as a run does, block by block. */
function compute(
  feature: FeatureDefinition,
  instrument: Instrument,
  history: MarketColumns,
  column: Float32Array,
): void {
  const context = { instrument }
  const ahead = new ReadAhead([startFeature(feature, context)], history, context)
  for (let row = 0; row < history.length; row = ahead.to) {
    ahead.moveTo(row)
    const [values] = ahead.columns
    if (values !== undefined) column.set(values.subarray(0, ahead.to - row), row)
  }
}

/** SHA-256 of all that a row of bars tells. */
function contentHash({ length, instruments, sources, events: _, ...columns }: MarketColumns): Hash {
  const hash = createHash('sha256').update(canonicalJson({ length, instruments, sources }))
  const seen: ArrayBufferView[] = []
  for (const [name, column] of Object.entries(columns).sort(([a], [b]) => (a < b ? -1 : 1))) {
    // One price has the same array for bid and ask.
    const before = seen.indexOf(column)
    hash.update(`\n${name} ${before}\n`)
    if (before !== -1) continue
    seen.push(column)
    hash.update(new Uint8Array(column.buffer, column.byteOffset, length * column.BYTES_PER_ELEMENT))
  }
  return `0x${hash.digest('hex')}`
}

const wordsOf = (key: Hash): Int32Array =>
  Int32Array.from(
    { length: KEY_WORDS },
    (_, word) => Number.parseInt(key.slice(2 + word * 8, 10 + word * 8), 16) | 0,
  )
