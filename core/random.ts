import { exactLog } from './exactMath.ts'

/** A source of uniform numbers in [0, 1), passed in wherever randomness is used. */
export type Random = () => number

/**
 * A seeded generator (Mulberry32, period 2³²): the same seed gives the same numbers on every machine. For
 * simulation and training, never for keys.
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A standard normal number by the polar method of Marsaglia; takes as many uniforms as it needs. */
export function gaussian(random: Random): number {
  for (;;) {
    const x = 2 * random() - 1
    const y = 2 * random() - 1
    const square = x * x + y * y
    if (square > 0 && square < 1) return x * Math.sqrt((-2 * exactLog(square)) / square)
  }
}
