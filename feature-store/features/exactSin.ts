// Math.sin differs between processors; these use only + − * / (core/exactMath.ts says why that is exact).

const TWO_PI = 6.283185307179586

/**
 * Sine of an angle in turns (1 is a full circle), the same bits on every machine; within 2 units in the last
 * place of the true value. The angle is reduced to an eighth of a turn, which is exact, then Taylor's series.
 */
export function exactSin(turns: number): number {
  const fraction = turns - Math.floor(turns)
  // Quadrant 0 is centred on 0, so that the series sees at most an eighth of a turn.
  const quadrant = Math.floor(fraction * 4 + 0.5)
  const radians = (fraction - quadrant / 4) * TWO_PI
  const series = quadrant % 2 === 0 ? sineSeries(radians) : cosineSeries(radians)
  // Adding 0 turns −0 into 0, so that zero has one text.
  return (quadrant % 4 < 2 ? series : -series) + 0
}

/** Cosine of an angle in turns, exact as `exactSin` is. */
export function exactCos(turns: number): number {
  return exactSin(turns - Math.floor(turns) + 0.25)
}

/** sin x for |x| ≤ π/4: Σ (−1)ⁿ x²ⁿ⁺¹/(2n+1)!, to the term in x¹⁷. */
function sineSeries(x: number): number {
  const square = x * x
  let sum = 0
  for (let n = 8; n >= 1; n--) sum = ((1 + sum) * -square) / (2 * n * (2 * n + 1))
  return x + x * sum
}

/** cos x for |x| ≤ π/4: Σ (−1)ⁿ x²ⁿ/(2n)!, to the term in x¹⁸. */
function cosineSeries(x: number): number {
  const square = x * x
  let sum = 0
  for (let n = 9; n >= 1; n--) sum = ((1 + sum) * -square) / ((2 * n - 1) * 2 * n)
  return 1 + sum
}
