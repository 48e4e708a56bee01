/**
 * Runs tasks side by side and yields their results in the order that they were started. `next` is asked for
 * the next task only when there is room, and returns null when there are no more.
 */
export async function* inOrder<T>(
  concurrency: number,
  next: () => (() => Promise<T>) | null,
): AsyncGenerator<T> {
  const running: Promise<T>[] = []
  let more = true
  const fill = () => {
    while (more && running.length < concurrency) {
      const task = next()
      if (task === null) {
        more = false
        break
      }
      const result = task()
      // A failure is thrown when its turn comes; until then it must not count as unhandled.
      result.catch(() => undefined)
      running.push(result)
    }
  }
  for (fill(); ; fill()) {
    const first = running.shift()
    if (first === undefined) return
    yield await first
  }
}

/** Maps items side by side, at most so many at a time, keeping their order. */
export async function mapInOrder<T, R>(
  items: readonly T[],
  concurrency: number,
  map: (item: T) => Promise<R>,
): Promise<R[]> {
  let index = 0
  const results: R[] = []
  const tasks = inOrder(concurrency, () => {
    if (index >= items.length) return null
    const item = items[index++] as T
    return () => map(item)
  })
  for await (const result of tasks) results.push(result)
  return results
}
