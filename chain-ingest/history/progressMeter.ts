/** How fast an ingest is, as of its last few seconds. */
export type ProgressRate = {
  readonly logsPerSecond: number
  /** Time left at this speed; null before there is one. */
  readonly etaMs: number | null
}

/** What the speed is taken over: long enough to be steady, short enough to follow the chain's density. */
const WINDOW_MS = 10_000

type Sample = { readonly atMs: number; readonly block: number; readonly logs: number }

/** Measures an ingest up to a block by when its batches were stored; times are of any one steady clock. */
export function createProgressMeter(toBlock: number, startMs: number) {
  const samples: Sample[] = []
  let logs = 0
  return function measure(
    batch: { readonly fromBlock: number; readonly toBlock: number; readonly logs: number },
    nowMs: number,
  ): ProgressRate {
    if (samples.length === 0) samples.push({ atMs: startMs, block: batch.fromBlock - 1, logs: 0 })
    logs += batch.logs
    samples.push({ atMs: nowMs, block: batch.toBlock, logs })
    while (samples.length > 2 && (samples[1]?.atMs ?? nowMs) <= nowMs - WINDOW_MS) samples.shift()
    const [first] = samples
    if (first === undefined || nowMs <= first.atMs) return { logsPerSecond: 0, etaMs: null }
    const elapsedMs = nowMs - first.atMs
    const blocks = batch.toBlock - first.block
    return {
      logsPerSecond: ((logs - first.logs) / elapsedMs) * 1_000,
      etaMs: blocks <= 0 ? null : (Math.max(0, toBlock - batch.toBlock) * elapsedMs) / blocks,
    }
  }
}
