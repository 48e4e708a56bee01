/** A first-in-first-out queue of (time, value) in typed arrays that double when full. Amortised O(1). */
export class TimedRing {
  size = 0
  private head = 0
  private times = new Float64Array(16)
  private values = new Float64Array(16)

  push(time: number, value: number): void {
    if (this.size === this.times.length) this.grow()
    const at = this.slot(this.size)
    this.times[at] = time
    this.values[at] = value
    this.size += 1
  }

  /** Drops the oldest entry. */
  shift(): void {
    this.head = this.slot(1)
    this.size -= 1
  }

  /** Drops the newest entry. */
  pop(): void {
    this.size -= 1
  }

  /** Time of the entry with this index, 0 being the oldest; NaN past the end. */
  timeAt(index: number): number {
    return index < this.size ? (this.times[this.slot(index)] ?? Number.NaN) : Number.NaN
  }

  /** Value of the entry with this index; NaN past the end. */
  valueAt(index: number): number {
    return index < this.size ? (this.values[this.slot(index)] ?? Number.NaN) : Number.NaN
  }

  setValueAt(index: number, value: number): void {
    this.values[this.slot(index)] = value
  }

  /** Entries that the arrays hold without growing. */
  get capacity(): number {
    return this.times.length
  }

  // The capacity is a power of two, so that wrapping is a mask.
  private slot(index: number): number {
    return (this.head + index) & (this.times.length - 1)
  }

  private grow(): void {
    const times = new Float64Array(this.times.length * 2)
    const values = new Float64Array(this.values.length * 2)
    for (let i = 0; i < this.size; i++) {
      times[i] = this.timeAt(i)
      values[i] = this.valueAt(i)
    }
    this.times = times
    this.values = values
    this.head = 0
  }
}
