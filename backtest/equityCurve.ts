/** A growing column pair of times and equity. */
export type EquityCurve = {
  add(timeMs: number, equityE8: bigint): void
  /** The columns so far, at their exact length. */
  columns(): { timeMs: Float64Array; equityE8: Float64Array }
}

const FIRST_CAPACITY = 4_096

/** Creates an empty curve; it doubles its columns as it grows. */
export function createEquityCurve(): EquityCurve {
  let times = new Float64Array(FIRST_CAPACITY)
  let equities = new Float64Array(FIRST_CAPACITY)
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
      equities[length] = Number(equityE8)
      length++
    },
    columns: () => ({ timeMs: times.slice(0, length), equityE8: equities.slice(0, length) }),
  }
}
