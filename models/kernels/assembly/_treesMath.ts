// core's exactExp and exactLog, and rounding, of two numbers at a time: the same bits.

/** One step of Horner's rule for the series of exp, as core's exactExp takes it. */
@inline function expStep(sum: v128, r: v128, n: f64): v128 {
  return f64x2.add(f64x2.splat(1), f64x2.div(f64x2.mul(sum, r), f64x2.splat(n)))
}

/** core's exactExp of two arguments of at most 0. */
@inline export function exactExp(value: v128): v128 {
  const ratio = f64x2.div(value, f64x2.splat(0.6931471805599453))
  const below = f64x2.floor(ratio)
  const isUpper = f64x2.ge(f64x2.sub(ratio, below), f64x2.splat(0.5))
  const k = f64x2.add(below, v128.and(isUpper, f64x2.splat(1)))
  const high = f64x2.mul(k, f64x2.splat(0.6931471803691238))
  const low = f64x2.mul(k, f64x2.splat(1.9082149292705877e-10))
  const r = f64x2.sub(f64x2.sub(value, high), low)
  let sum = f64x2.splat(1)
  sum = expStep(sum, r, 14)
  sum = expStep(sum, r, 13)
  sum = expStep(sum, r, 12)
  sum = expStep(sum, r, 11)
  sum = expStep(sum, r, 10)
  sum = expStep(sum, r, 9)
  sum = expStep(sum, r, 8)
  sum = expStep(sum, r, 7)
  sum = expStep(sum, r, 6)
  sum = expStep(sum, r, 5)
  sum = expStep(sum, r, 4)
  sum = expStep(sum, r, 3)
  sum = expStep(sum, r, 2)
  sum = f64x2.add(f64x2.splat(1), f64x2.mul(sum, r))
  const exponent = i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(k))
  const power = i64x2.shl(i64x2.add(exponent, i64x2.splat(1023)), 52)
  const isNone = f64x2.lt(value, f64x2.splat(-708.396418532264))
  return v128.andnot(f64x2.mul(sum, power), isNone)
}

/** One step of the series of artanh, as core's exactLog takes it. */
@inline function logStep(sum: v128, z: v128, term: f64): v128 {
  return f64x2.mul(f64x2.add(sum, f64x2.splat(term)), z)
}

/** core's exactLog of two arguments between 1 and 2. */
@inline export function exactLog(value: v128): v128 {
  const isHigh = f64x2.gt(value, f64x2.splat(1.4142135623730951))
  const mantissa = v128.bitselect(f64x2.mul(value, f64x2.splat(0.5)), value, isHigh)
  const one = f64x2.splat(1)
  const two = f64x2.splat(2)
  const s = f64x2.div(f64x2.sub(mantissa, one), f64x2.add(mantissa, one))
  const z = f64x2.mul(s, s)
  let sum = f64x2.splat(0)
  sum = logStep(sum, z, 1.0 / 25.0)
  sum = logStep(sum, z, 1.0 / 23.0)
  sum = logStep(sum, z, 1.0 / 21.0)
  sum = logStep(sum, z, 1.0 / 19.0)
  sum = logStep(sum, z, 1.0 / 17.0)
  sum = logStep(sum, z, 1.0 / 15.0)
  sum = logStep(sum, z, 1.0 / 13.0)
  sum = logStep(sum, z, 1.0 / 11.0)
  sum = logStep(sum, z, 1.0 / 9.0)
  sum = logStep(sum, z, 1.0 / 7.0)
  sum = logStep(sum, z, 1.0 / 5.0)
  sum = logStep(sum, z, 1.0 / 3.0)
  const high = v128.and(isHigh, f64x2.splat(0.6931471803691238))
  const low = v128.and(isHigh, f64x2.splat(1.9082149292705877e-10))
  const twice = f64x2.mul(two, s)
  return f64x2.add(high, f64x2.add(twice, f64x2.add(f64x2.mul(twice, sum), low)))
}

/** Nearest integers of two numbers, halves upwards. */
@inline export function nearest(value: v128): v128 {
  return f64x2.floor(f64x2.add(value, f64x2.splat(0.5)))
}
