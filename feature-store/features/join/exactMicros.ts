import { parseInstant, type UnixMs } from '../../../core/index.ts'

/** An instant: whole milliseconds, or ISO-8601 text, which is UTC where it names no zone. */
export type Instant = UnixMs | string

const BELOW_MS = /\.\d{3}(\d+)/

/**
 * An instant in whole microseconds, which a double holds exactly until the year 2255. Digits below a
 * microsecond are rounded in the direction asked for: a row's times up and a label's down, so that rounding
 * can hide a row but never show one early.
 *
 * @throws InvalidInputError when the text is no date or time.
 */
export function exactMicros(instant: Instant, round: 'up' | 'down'): number {
  if (typeof instant === 'number') return instant * 1_000
  const micros = parseInstant(instant) * 1_000
  const digits = BELOW_MS.exec(instant)?.[1]
  if (digits === undefined) return micros
  const whole = micros + Number(digits.slice(0, 3).padEnd(3, '0'))
  return round === 'up' && /[1-9]/.test(digits.slice(3)) ? whole + 1 : whole
}
