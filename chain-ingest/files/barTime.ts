import { parseInstant, SECOND_MS, type UnixMs, unixMs } from '../../core/index.ts'

/** Smallest numbers that are seconds, milliseconds, microseconds, nanoseconds: all of them of March 1973. */
const SECONDS_FROM = 1e8
const MILLISECONDS_FROM = 1e11
const MICROSECONDS_FROM = 1e14
const NANOSECONDS_FROM = 1e17

/**
 * Reads the time of a row: a date or an instant as ISO 8601 (one without a zone is UTC), or Unix time in seconds,
 * milliseconds, microseconds or nanoseconds, told apart by size. Null when it is none: a number below 10⁸ may be a
 * date without separators as well.
 */
export function parseBarTime(text: string): UnixMs | null {
  const trimmed = text.trim()
  if (/^\d+(\.0*)?$/.test(trimmed)) return unixTime(Number(trimmed))
  try {
    return parseInstant(trimmed.replace(/ ?UTC$/, 'Z'))
  } catch {
    return null
  }
}

function unixTime(value: number): UnixMs | null {
  if (value < SECONDS_FROM) return null
  if (value < MILLISECONDS_FROM) return unixMs(value * SECOND_MS)
  if (value < MICROSECONDS_FROM) return unixMs(value)
  if (value < NANOSECONDS_FROM) return unixMs(Math.floor(value / 1e3))
  return value < 1e20 ? unixMs(Math.floor(value / 1e6)) : null
}
