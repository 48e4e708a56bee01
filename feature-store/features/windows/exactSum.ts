/** The exact sum of whole numbers, given as doubles: as a double while that is exact, beyond it in integers. */
export class ExactSum {
  private low = 0
  private high = 0n

  /** The sum as the nearest double. */
  get value(): number {
    return this.high === 0n ? this.low : Number(this.high + BigInt(this.low))
  }

  add(value: number): void {
    // Two exact numbers whose sum, as it is rounded, is a safe integer have that very sum.
    const sum = this.low + value
    if (Number.isSafeInteger(sum) && Number.isSafeInteger(value)) this.low = sum
    else {
      this.high += BigInt(this.low) + BigInt(value)
      this.low = 0
    }
  }

  clear(): void {
    this.low = 0
    this.high = 0n
  }
}
