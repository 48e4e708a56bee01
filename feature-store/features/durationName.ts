import { DAY_MS, HOUR_MS, InvalidInputError, MINUTE_MS, SECOND_MS } from '../../core/index.ts'

const UNITS: readonly (readonly [string, number])[] = [
  ['d', DAY_MS],
  ['h', HOUR_MS],
  ['m', MINUTE_MS],
  ['s', SECOND_MS],
]

/**
 * Writes a duration in its largest whole unit, as feature names carry it: `5m`, `36h`, `1d`, `250ms`.
 *
 * @throws InvalidInputError when it is no positive whole number of milliseconds.
 */
export function durationName(durationMs: number): string {
  if (!Number.isSafeInteger(durationMs) || durationMs <= 0)
    throw new InvalidInputError(`${durationMs} is not a duration in whole milliseconds.`, {
      facts: { durationMs },
      hint: 'Pass a positive integer, for example 5 * MINUTE_MS.',
    })
  for (const [unit, size] of UNITS) if (durationMs % size === 0) return `${durationMs / size}${unit}`
  return `${durationMs}ms`
}
