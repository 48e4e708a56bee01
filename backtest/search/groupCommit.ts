/** Writes what comes in, all that waits in one go. */
export type GroupCommit<T> = {
  push(items: readonly T[]): void
  /** Resolves once all is written; rejects with the first failure, after which nothing more is written. */
  settled(): Promise<void>
}

/** Creates one around a write, of which one at a time runs. `onFailure` hears of the first failure at once. */
export function createGroupCommit<T>(
  write: (items: readonly T[]) => Promise<void>,
  onFailure: (error: unknown) => void,
): GroupCommit<T> {
  let waiting: T[] = []
  let failure: { readonly error: unknown } | null = null
  let isRunning = false
  let running = Promise.resolve()

  async function run(): Promise<void> {
    while (waiting.length > 0 && failure === null) {
      const items = waiting
      waiting = []
      try {
        await write(items)
      } catch (error) {
        failure = { error }
        onFailure(error)
      }
    }
    // At once, not when the promise resolves: what is pushed in between must be written, too.
    isRunning = false
  }

  return {
    push(items) {
      for (const item of items) waiting.push(item)
      if (isRunning) return
      isRunning = true
      running = run()
    },
    async settled() {
      while (isRunning) await running
      if (failure !== null) throw failure.error
    },
  }
}
