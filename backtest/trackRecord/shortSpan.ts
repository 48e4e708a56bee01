import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../core/index.ts'
import { spanText } from '../report/reportNumbers.ts'

/** A duration in words, short ones too: `12 s`, `10 min`, `5.0 hours`, `30 days`. */
export function shortSpan(durationMs: number): string {
  if (durationMs < 2 * MINUTE_MS) return `${Math.round(durationMs / SECOND_MS)} s`
  return durationMs < 2 * HOUR_MS ? `${Math.round(durationMs / MINUTE_MS)} min` : spanText(durationMs)
}
