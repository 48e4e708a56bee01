import { InvalidInputError } from '../core/index.ts'

/** Writes numbers, in order, as Solidity's `abi.encode` does: each as a word of 32 bytes, big-endian. */
export type WordWriter = {
  begin(): void
  /** @throws InvalidInputError when the value is no whole number from 0 of so many bits. */
  unsigned(value: number | bigint, bits: number): void
  /** In two's complement. @throws InvalidInputError when the value is no whole number of so many bits. */
  signed(value: number | bigint, bits: number): void
  /** As 1 or 0. */
  truth(value: boolean): void
  /** The words since `begin`; they stand until its next call. */
  end(): Uint8Array
}

const WORD = 32
const HALF = 2 ** 32

/** Creates a writer of at most so many words, whose bytes are reused. */
export function createWordWriter(words: number): WordWriter {
  const bytes = new Uint8Array(words * WORD)
  const view = new DataView(bytes.buffer)
  let at = 0

  function write(value: number | bigint): void {
    bytes.fill(value < 0 ? 255 : 0, at, at + WORD)
    at += WORD
    if (typeof value === 'number') {
      // Two halves, as a shift would lose the upper one.
      view.setInt32(at - 8, Math.floor(value / HALF))
      view.setUint32(at - 4, value >>> 0)
      return
    }
    let rest = value
    for (let place = at - 8; rest !== 0n && rest !== -1n && place >= at - WORD; place -= 8) {
      view.setBigUint64(place, BigInt.asUintN(64, rest))
      rest >>= 64n
    }
  }
  return {
    begin() {
      at = 0
    },
    unsigned(value, bits) {
      if (!isWhole(value) || value < 0 || !fits(value, bits)) throw misfit(value, `from 0 of ${bits} bits`)
      write(value)
    },
    signed(value, bits) {
      if (!isWhole(value) || !fits(value < 0 ? -value : value, bits - 1, value < 0))
        throw misfit(value, `of ${bits} bits with its sign`)
      write(value)
    },
    truth(value) {
      write(value ? 1 : 0)
    },
    end: () => bytes.subarray(0, at),
  }
}

const isWhole = (value: number | bigint): boolean => typeof value === 'bigint' || Number.isSafeInteger(value)

/** Whether a magnitude has at most so many bits; of a negative number the power itself does too. */
function fits(magnitude: number | bigint, bits: number, isNegative = false): boolean {
  const end = typeof magnitude === 'number' ? 2 ** bits : 1n << BigInt(bits)
  return isNegative ? magnitude <= end : magnitude < end
}

function misfit(value: number | bigint, form: string): InvalidInputError {
  return new InvalidInputError(`${value} is no whole number ${form}.`, {
    facts: { value: String(value) },
    hint: 'Correct what made this number.',
  })
}
