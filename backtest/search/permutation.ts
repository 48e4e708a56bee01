/**
 * A seeded permutation of the whole numbers below `size`, one at a time and in no memory: a Feistel network of six
 * rounds over the next even number of bits, walked until it falls below `size` (J. Black and P. Rogaway, "Ciphers
 * with Arbitrary Finite Domains", 2002). For searching, never for secrets.
 *
 * @param size at most 2⁵².
 */
export function seededPermutation(size: number, seed: number): (index: number) => number {
  let half = 1
  while (2 ** (2 * half) < size) half++
  const base = 2 ** half
  const keys = Array.from({ length: ROUNDS }, (_, round) => mixBits((seed ^ 0x51_7e_a9) + round * 0x9e3779b9))
  const once = (value: number): number => {
    let left = Math.floor(value / base)
    let right = value % base
    for (const key of keys) {
      const next = (left ^ mixBits(right ^ key)) & (base - 1)
      left = right
      right = next
    }
    return left * base + right
  }
  return index => {
    let value = once(index)
    while (value >= size) value = once(value)
    return value
  }
}

const ROUNDS = 6

/** Mixes 32 bits so that each depends on all (the finaliser of MurmurHash3). */
export function mixBits(value: number): number {
  let bits = value | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
