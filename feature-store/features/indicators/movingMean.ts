/**
 * The mean of the last `length` numbers; NaN before there are that many. TA-Lib's SMA. It sums as `QueueSum` does, to
 * the last bit, in a ring of its own: the mean of a bar's closes is what most strategies ask for, at every bar.
 */
export class MovingMean {
  private readonly length: number
  /** The last numbers; of the older ones, sums from each to the end of their group. */
  private readonly ring: Float64Array
  /** Place of the next number: once the ring is full, of the oldest. */
  private next = 0
  private older = 0
  private newerSum = 0
  /** The mean at a turn: a field, since a double that a function returns is allocated. */
  private turned = Number.NaN
  private isFull = false

  constructor(length: number) {
    this.length = length
    this.ring = new Float64Array(length)
  }

  add(value: number): number {
    const { length, ring, older } = this
    const at = this.next
    const next = at + 1 < length ? at + 1 : 0
    const newerSum = this.newerSum + value
    ring[at] = value
    this.next = next
    this.newerSum = newerSum
    if (older > 1) {
      this.older = older - 1
      return ((ring[next] ?? Number.NaN) + newerSum) / length
    }
    this.turn()
    return this.turned
  }

  /** Adds several numbers, and writes the mean after each. */
  addAll(values: Float64Array, count: number, means: Float64Array): void {
    const { length, ring } = this
    for (let index = 0; index < count; ) {
      // As far as neither the ring ends nor the older numbers do, what `add` does is a loop over neighbours.
      const run = Math.min(count - index, this.older - 1, length - 1 - this.next)
      if (run < 1) {
        means[index] = this.add(values[index] as number)
        index++
        continue
      }
      const { next } = this
      let { newerSum } = this
      for (let step = 0; step < run; step++) {
        const value = values[index + step] as number
        newerSum += value
        ring[next + step] = value
        means[index + step] = ((ring[next + step + 1] as number) + newerSum) / length
      }
      this.newerSum = newerSum
      this.next = next + run
      this.older -= run
      index += run
    }
  }

  get capacity(): number {
    return this.length
  }

  /** While the ring fills, when the last older number goes, and when the newer ones become the older. */
  private turn(): void {
    const { length, ring } = this
    if (!this.isFull) {
      this.isFull = this.next === 0
      if (this.isFull) this.turned = this.newerSum / length
      return
    }
    if (this.older === 1) {
      this.older = 0
      this.turned = this.newerSum / length
      return
    }
    let suffix = 0
    let at = this.next
    for (let count = 0; count < length; count++) {
      at = at === 0 ? length - 1 : at - 1
      suffix += ring[at] ?? Number.NaN
      ring[at] = suffix
    }
    this.older = length
    this.newerSum = 0
    this.turned = suffix / length
  }
}
