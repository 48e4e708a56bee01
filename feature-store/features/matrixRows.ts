/** Rows of a growing matrix, in typed arrays that double when full. */
export class MatrixRows {
  length = 0
  #values: Float32Array
  #timesMs: Float64Array
  #prices: Float64Array
  readonly #columns: number

  constructor(columns: number, capacity = 1_024) {
    this.#columns = columns
    this.#values = new Float32Array(capacity * columns)
    this.#timesMs = new Float64Array(capacity)
    this.#prices = new Float64Array(capacity)
  }

  append(timeMs: number, price: number, vector: Float32Array): void {
    if (this.length === this.#timesMs.length) this.#grow()
    this.#values.set(vector, this.length * this.#columns)
    this.#timesMs[this.length] = timeMs
    this.#prices[this.length] = price
    this.length += 1
  }

  /** The rows in arrays of their exact length. */
  finish(): { values: Float32Array; timesMs: Float64Array; prices: Float64Array } {
    return {
      values: this.#values.slice(0, this.length * this.#columns),
      timesMs: this.#timesMs.slice(0, this.length),
      prices: this.#prices.slice(0, this.length),
    }
  }

  #grow(): void {
    const capacity = this.#timesMs.length * 2
    const values = new Float32Array(capacity * this.#columns)
    values.set(this.#values)
    const timesMs = new Float64Array(capacity)
    timesMs.set(this.#timesMs)
    const prices = new Float64Array(capacity)
    prices.set(this.#prices)
    this.#values = values
    this.#timesMs = timesMs
    this.#prices = prices
  }
}
