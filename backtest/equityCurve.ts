/** A growing column pair of times and equity. */
export type EquityCurve = {
  add(timeMs: number, equityE8: number): void
  /** The columns so far. */
  columns(): { timeMs: Float64Array; equityE8: Float64Array }
}

const FIRST_CAPACITY = 4_096

/** Creates an empty curve; it doubles its columns as it grows beyond the points that are expected. */
export function createEquityCurve(expected = FIRST_CAPACITY): EquityCurve {
  let times = new Float64Array(Math.max(1, expected))
  let equities = new Float64Array(times.length)
  let length = 0
  const doubled = (column: Float64Array) => {
    const larger = new Float64Array(column.length * 2)
    larger.set(column)
    return larger
  }
  return {
    add(timeMs, equityE8) {
      if (length === times.length) {
        times = doubled(times)
        equities = doubled(equities)
      }
      times[length] = timeMs
      equities[length] = equityE8
      length++
    },
    columns: () => ({ timeMs: times.subarray(0, length), equityE8: equities.subarray(0, length) }),
  }
}
