/**
 * Makes a task run one at a time, and at most once more for all the calls that arrive meanwhile. The promise
 * of a call settles with a run that began after the call, so whoever waits sees everything written before.
 */
export function coalesce(task: () => Promise<void>): () => Promise<void> {
  let queued: Promise<void> | null = null
  let tail: Promise<void> = Promise.resolve()
  return () => {
    if (queued === null) {
      queued = tail.then(() => {
        queued = null
        return task()
      })
      tail = queued.catch(() => undefined)
    }
    return queued
  }
}
