import { exactExp, exactLog, InvalidInputError } from '../../core/index.ts'

type Rational = { readonly over: readonly number[]; readonly under: readonly number[] }

// Coefficients from the highest power down. W. J. Cody, "Rational Chebyshev Approximations for the Error
// Function", Mathematics of Computation 23, 1969: erf(z)/z in z², then exp(z²)·erfc(z) in z and in 1/z².
const NEAR: Rational = {
  over: [0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694],
  under: [1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171],
}
const MIDDLE: Rational = {
  over: [
    2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001,
    881.952221241769, 1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
  ],
  under: [
    1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
    4362.619090143247, 3439.3676741437216, 1230.3393548037495,
  ],
}
const FAR: Rational = {
  over: [
    0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275,
    0.0006587491615298378,
  ],
  under: [
    1, 2.568520192289822, 1.8729528499234604, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918,
  ],
}

// M. Wichura, "Algorithm AS 241: The Percentage Points of the Normal Distribution", Applied Statistics 37,
// 1988, its PPND16: the centre in 0.425² − (p − ½)², then two ranges of the tail in √(−ln p).
const CENTRE: Rational = {
  over: [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946,
    1971.5909503065513, 133.14166789178438, 3.3871328727963665,
  ],
  under: [
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751,
    687.1870074920579, 42.31333070160091, 1,
  ],
}
const TAIL: Rational = {
  over: [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
    5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  under: [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
    1.6763848301838038, 2.053191626637759, 1,
  ],
}
const FAR_TAIL: Rational = {
  over: [
    2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124,
    0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  under: [
    2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133,
    0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1,
  ],
}

const INVERSE_SQRT_PI = 0.5641895835477563
const NEAR_LIMIT = 0.46875
const FAR_LIMIT = 4

/**
 * Standard normal distribution function Φ(x), the same bits on every machine; relative error below 10⁻¹⁵
 * where Φ is at least 10⁻³⁰⁰ (x ≥ −37), and below 2⁻⁵² above zero. 0 from x = −37.6 down.
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return x
  const z = Math.abs(x) * Math.SQRT1_2
  if (z <= NEAR_LIMIT) return 0.5 + 0.5 * x * Math.SQRT1_2 * ratio(NEAR, z * z)
  const tail = 0.5 * scaledErfc(z) * expOfHalfSquare(Math.abs(x))
  return x < 0 ? tail : 1 - tail
}

/** exp(z²)·erfc(z) for z above NEAR_LIMIT. It varies slowly, so a rounded z costs it nothing. */
function scaledErfc(z: number): number {
  if (z <= FAR_LIMIT) return ratio(MIDDLE, z)
  const w = 1 / (z * z)
  return (INVERSE_SQRT_PI - w * ratio(FAR, w)) / z
}

/** exp(−x²/2). Squaring x first would lose x² units in the last place: its leading bits are squared exactly. */
function expOfHalfSquare(x: number): number {
  const leading = Math.floor(Math.min(x, 64) * 16) / 16
  return exactExp((-leading * leading) / 2) * exactExp((-(x - leading) * (x + leading)) / 2)
}

/**
 * Standard normal quantile Φ⁻¹(p), the same bits on every machine; relative error below 10⁻¹⁵ for p down
 * to 10⁻³⁰⁰. A p near 1 is itself rounded: take −Φ⁻¹(1 − p) where 1 − p is what is known.
 *
 * @throws InvalidInputError when p is not between 0 and 1, both excluded.
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1))
    throw new InvalidInputError(`${p} is not a probability between 0 and 1.`, {
      facts: { probability: p },
      hint: 'Pass a probability above 0 and below 1.',
    })
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) return q * ratio(CENTRE, 0.180625 - q * q)
  const r = Math.sqrt(-exactLog(q < 0 ? p : 1 - p))
  const value = r <= 5 ? ratio(TAIL, r - 1.6) : ratio(FAR_TAIL, r - 5)
  return q < 0 ? -value : value
}

function ratio({ over, under }: Rational, x: number): number {
  return polynomial(over, x) / polynomial(under, x)
}

function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0
  for (const coefficient of coefficients) value = value * x + coefficient
  return value
}
