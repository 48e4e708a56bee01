import type { SweepResult } from './sweepFigures.ts'

/** How far a sweep is. */
export type SweepProgress = {
  /** Trials with a result, those that were kept from before and those that failed included. */
  readonly done: number
  readonly failed: number
  /** Taken from the sweep's file. */
  readonly kept: number
  readonly total: number
  /** Of the last few seconds; 0 before there is a result. */
  readonly pointsPerSecond: number
  /** Time left at this speed; null before there is one. */
  readonly etaMs: number | null
  /** The best value of what is sought so far. */
  readonly best: number | null
}

/** What the speed is taken over: long enough to be steady, short enough to follow costlier points. */
const WINDOW_MS = 10_000
/** Steps of the window. */
const STEP_MS = 250

type Sample = { readonly atMs: number; readonly evaluated: number }

/** Counts results; times are of any one steady clock. */
export function createSweepMeter(total: number, startMs: number) {
  const samples: Sample[] = [{ atMs: startMs, evaluated: 0 }]
  let evaluated = 0
  let failed = 0
  let kept = 0
  return {
    add(result: SweepResult, isKept: boolean): void {
      if (isKept) kept++
      else evaluated++
      if ('error' in result) failed++
    },
    progress(nowMs: number, best: number | null): SweepProgress {
      if (nowMs - (samples.at(-1)?.atMs ?? nowMs) >= STEP_MS) samples.push({ atMs: nowMs, evaluated })
      while (samples.length > 2 && (samples[1]?.atMs ?? nowMs) <= nowMs - WINDOW_MS) samples.shift()
      const [first = { atMs: startMs, evaluated: 0 }] = samples
      const elapsedMs = nowMs - first.atMs
      const points = evaluated - first.evaluated
      const pointsPerSecond = points > 0 && elapsedMs > 0 ? (points / elapsedMs) * 1_000 : 0
      const done = evaluated + kept
      const left = Math.max(0, total - done)
      return {
        done,
        failed,
        kept,
        total,
        pointsPerSecond,
        etaMs: left === 0 ? 0 : pointsPerSecond === 0 ? null : (left / pointsPerSecond) * 1_000,
        best,
      }
    },
  }
}
