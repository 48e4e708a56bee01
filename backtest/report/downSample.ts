/**
 * Chooses which points of a line to draw, by largest-triangle-three-buckets (S. Steinarsson, "Downsampling Time
 * Series for Visual Representation", University of Iceland 2013): of each bucket the point that spans the largest
 * triangle with the one chosen before it and the mean of the bucket after it. Ascending indices; all of them when
 * there are no more than `points`, and always the first and the last.
 *
 * @param points at least 3.
 */
export function downSample(x: Float64Array, y: Float64Array, points: number): Uint32Array {
  const count = x.length
  if (count <= points) return Uint32Array.from({ length: count }, (_, i) => i)
  const chosen = new Uint32Array(points)
  const width = (count - 2) / (points - 2)
  let last = 0
  for (let bucket = 0; bucket < points - 2; bucket++) {
    const from = Math.floor(bucket * width) + 1
    const to = Math.floor((bucket + 1) * width) + 1
    const after = Math.min(Math.floor((bucket + 2) * width) + 1, count)
    let meanX = 0
    let meanY = 0
    for (let i = to; i < after; i++) {
      meanX += x[i] ?? 0
      meanY += y[i] ?? 0
    }
    meanX /= after - to
    meanY /= after - to
    const lastX = x[last] ?? 0
    const lastY = y[last] ?? 0
    let largest = -1
    let best = from
    for (let i = from; i < to; i++) {
      // Twice the area.
      const area = Math.abs((lastX - meanX) * ((y[i] ?? 0) - lastY) - (lastX - (x[i] ?? 0)) * (meanY - lastY))
      if (area > largest) {
        largest = area
        best = i
      }
    }
    chosen[bucket + 1] = best
    last = best
  }
  chosen[points - 1] = count - 1
  return chosen
}

/** All indices of several lists, each once, ascending. */
export function mergeIndices(count: number, ...lists: readonly ArrayLike<number>[]): Uint32Array {
  const present = new Uint8Array(count)
  for (const list of lists) for (let i = 0; i < list.length; i++) present[list[i] ?? 0] = 1
  const merged: number[] = []
  for (let i = 0; i < count; i++) if (present[i] === 1) merged.push(i)
  return Uint32Array.from(merged)
}

/** Where a column, not empty, is least and where it is greatest; the first of equal ones. */
export function extremes(values: Float64Array): readonly [lowest: number, highest: number] {
  let lowest = 0
  let highest = 0
  for (let i = 1; i < values.length; i++) {
    if ((values[i] ?? 0) < (values[lowest] ?? 0)) lowest = i
    if ((values[i] ?? 0) > (values[highest] ?? 0)) highest = i
  }
  return [lowest, highest]
}
