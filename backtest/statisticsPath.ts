import { InvalidInputError } from '../core/index.ts'

/** What one pass over every point of the equity tells. Durations in milliseconds, depths as shares of the peak. */
export type EquityPath = {
  /** Largest (peak − equity) / peak: 0 for none, 1 for all; above 1 only if equity fell below zero. */
  readonly maxDrawdown: number
  /** Longest time from a peak until equity is back at it, or until the run ends. */
  readonly maxDrawdownDurationMs: number
  /** Mean of the depths that the drawdowns reached; null when there was none. */
  readonly averageDrawdown: number | null
  /** Mean time from a peak to its recovery, or to the end; null when there was none. */
  readonly averageDrawdownDurationMs: number | null
  /** Times that equity fell below a peak; the last may not have ended. */
  readonly drawdowns: number
  /** Share of the time between a peak and its recovery; null when no time passes. */
  readonly timeUnderWater: number | null
  /** Depth below the last peak at the end. */
  readonly currentDrawdown: number
  /** Time since the last peak at the end; 0 at a peak. */
  readonly currentDrawdownDurationMs: number
  /** Mean of equity over time, each value held until the next; the last value when no time passes. */
  readonly meanEquityE8: number
}

/**
 * Walks the equity once: drawdowns over every point, not only over daily closes. A drawdown runs from the
 * last point at the peak to the first that is back at it. Peaks at or below zero have a duration, no depth.
 *
 * @throws InvalidInputError naming the first point that is not finite, or goes back in time.
 */
export function walkEquity(timeMs: Float64Array, equity: Float64Array): EquityPath {
  const count = timeMs.length
  const startMs = timeMs[0] ?? 0
  let before = 0
  let held = 0
  let area = 0
  let peak = Number.NEGATIVE_INFINITY
  let peakMs = 0
  let trough = Number.POSITIVE_INFINITY
  let below = false
  let drawdowns = 0
  let deep = 0
  let deepest = 0
  let depths = 0
  let longestMs = 0
  let belowMs = 0
  for (let i = 0; i < count; i++) {
    const time = timeMs[i] ?? Number.NaN
    const value = equity[i] ?? Number.NaN
    // A value less itself is 0 unless it is infinite or no number.
    if (!(time >= before) || value - value !== 0) throw badPoint(i, time, value)
    if (i > 0) area += held * (time - before)
    before = time
    held = value
    if (value < peak) {
      if (value < trough) trough = value
      below = true
      continue
    }
    if (below) {
      // Recovery ends the time below the peak at this point, not at the last one under it.
      const lasted = time - peakMs
      drawdowns++
      belowMs += lasted
      if (lasted > longestMs) longestMs = lasted
      if (peak > 0) {
        const depth = (peak - trough) / peak
        deep++
        depths += depth
        if (depth > deepest) deepest = depth
      }
      below = false
      trough = Number.POSITIVE_INFINITY
    }
    peak = value
    peakMs = time
  }
  const endMs = before
  if (below) {
    drawdowns++
    belowMs += endMs - peakMs
    longestMs = Math.max(longestMs, endMs - peakMs)
    if (peak > 0) {
      deep++
      depths += (peak - trough) / peak
      deepest = Math.max(deepest, (peak - trough) / peak)
    }
  }
  return {
    maxDrawdown: deepest,
    maxDrawdownDurationMs: longestMs,
    averageDrawdown: deep === 0 ? null : depths / deep,
    averageDrawdownDurationMs: drawdowns === 0 ? null : belowMs / drawdowns,
    drawdowns,
    timeUnderWater: endMs > startMs ? belowMs / (endMs - startMs) : null,
    currentDrawdown: below && peak > 0 ? (peak - held) / peak : 0,
    currentDrawdownDurationMs: below ? endMs - peakMs : 0,
    meanEquityE8: endMs > startMs ? area / (endMs - startMs) : held,
  }
}

function badPoint(index: number, timeMs: number, equityE8: number): InvalidInputError {
  return new InvalidInputError(`Point ${index} of the equity series is not finite, or goes back in time.`, {
    facts: { index, timeMs, equityE8 },
    hint: 'Pass finite equity in ascending order of time.',
  })
}
