import { QueueSum } from '../windows/queueSum.ts'

/** The mean of the last `length` numbers; null before there are that many. TA-Lib's SMA. */
export class MovingMean {
  private readonly length: number
  private readonly queue = new QueueSum()
  private count = 0

  constructor(length: number) {
    this.length = length
  }

  add(value: number): number | null {
    this.queue.push(this.count++, value)
    if (this.queue.size > this.length) this.queue.shift()
    return this.queue.size < this.length ? null : this.queue.sum / this.length
  }

  get capacity(): number {
    return this.queue.capacity
  }
}
