import { QueueSum } from './queueSum.ts'

/**
 * Sum and count of what became known in the window (now − length, now]. Both are null until the first entry
 * is a whole window old: before that, the window reaches back to where nothing was recorded.
 */
export class WindowSum {
  private readonly windowMs: number
  private readonly queue = new QueueSum()
  private firstMs: number | null = null

  constructor(windowMs: number) {
    this.windowMs = windowMs
  }

  /** Starts the record at a time without adding an entry; later calls change nothing. */
  start(timeMs: number): void {
    this.firstMs ??= timeMs
  }

  add(timeMs: number, value: number): void {
    this.start(timeMs)
    this.drop(timeMs)
    this.queue.push(timeMs, value)
  }

  sumAt(nowMs: number): number | null {
    if (!this.covers(nowMs)) return null
    this.drop(nowMs)
    return this.queue.sum
  }

  countAt(nowMs: number): number | null {
    if (!this.covers(nowMs)) return null
    this.drop(nowMs)
    return this.queue.size
  }

  get capacity(): number {
    return this.queue.capacity
  }

  private covers(nowMs: number): boolean {
    return this.firstMs !== null && nowMs - this.firstMs >= this.windowMs
  }

  private drop(nowMs: number): void {
    while (this.queue.oldestTime <= nowMs - this.windowMs) this.queue.shift()
  }
}
