/** What a benchmark measured: this project and its peers, side by side in one run. */
export type BenchmarkResult = {
  readonly name: string
  readonly unit: string
  readonly ours: number
  readonly peers: Readonly<Record<string, number>>
  /** What the design asks for, in the unit; null where it names no figure. */
  readonly limit: number | null
  /** Most memory that this project took, where peers ran in the same process; else what the run took. */
  readonly memoryMb?: number
  /** What whoever compares the figures must know. */
  readonly notes?: readonly string[]
}

/** Nanoseconds that one call takes: the median of several rounds, after a warm-up. */
export function nanosecondsPerCall(work: () => void, calls: number, rounds = 7): number {
  for (let call = 0; call < calls; call++) work()
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const from = performance.now()
    for (let call = 0; call < calls; call++) work()
    times.push(((performance.now() - from) * 1e6) / calls)
  }
  return times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN
}
