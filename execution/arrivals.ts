/** Tells a reader of a store that new rows came, without losing a call that comes while it reads. */
export type Arrivals = {
  /** Says that rows were added. */
  notify(): void
  /** Says that no more rows will come. */
  finish(): void
  readonly finished: boolean
  /** Resolves at the next `notify` or `finish`, at once if one came since the last call. */
  notified(): Promise<void>
}

/** Creates the link between one process's writers and one reader. */
export function createArrivals(): Arrivals {
  let rung = false
  let finished = false
  let wake: (() => void) | null = null
  const ring = () => {
    rung = true
    wake?.()
  }
  return {
    notify: ring,
    finish() {
      finished = true
      ring()
    },
    get finished() {
      return finished
    },
    async notified() {
      if (!rung && !finished)
        await new Promise<void>(resolve => {
          wake = resolve
        })
      wake = null
      rung = false
    },
  }
}
