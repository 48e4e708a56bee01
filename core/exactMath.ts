// JavaScript's + - * / and Math.sqrt are correctly rounded on every machine; Math.log and Math.exp are not
// required to be, and differ between processors. Whatever is recorded uses these instead.

const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10
const WORDS = new DataView(new ArrayBuffer(8))

/** 2 to a whole power between -1022 and 1023, exactly. */
function powerOfTwo(exponent: number): number {
  WORDS.setUint32(0, (exponent + 1023) << 20)
  WORDS.setUint32(4, 0)
  return WORDS.getFloat64(0)
}

/**
 * Natural logarithm, the same bits on every machine; within 2 units in the last place of the true value.
 * Range reduction to m·2^k with m in [√½, √2), then 2·artanh((m−1)/(m+1)) by its series.
 */
export function exactLog(value: number): number {
  if (Number.isNaN(value) || value < 0) return Number.NaN
  if (value === 0) return Number.NEGATIVE_INFINITY
  if (value === Number.POSITIVE_INFINITY) return value
  let scaled = value
  let exponent = 0
  if (scaled < 2.2250738585072014e-308) {
    scaled *= 18_014_398_509_481_984 // 2^54 lifts a subnormal into the normal range.
    exponent = -54
  }
  WORDS.setFloat64(0, scaled)
  const high = WORDS.getUint32(0)
  exponent += (high >>> 20) - 1023
  WORDS.setUint32(0, (high & 0x000fffff) | 0x3ff00000)
  let mantissa = WORDS.getFloat64(0)
  if (mantissa > Math.SQRT2) {
    mantissa /= 2
    exponent += 1
  }
  const s = (mantissa - 1) / (mantissa + 1)
  const z = s * s
  // artanh(s)/s = Σ z^n/(2n+1); |s| ≤ 0.1716, so twelve terms reach the last bit.
  let sum = 0
  for (let n = 12; n >= 1; n--) sum = (sum + 1 / (2 * n + 1)) * z
  return exponent * LN2_HIGH + (2 * s + (2 * s * sum + exponent * LN2_LOW))
}

/**
 * Exponential, the same bits on every machine; within 2 units in the last place of the true value. Range
 * reduction by k·ln 2, then the Taylor series on |r| ≤ ln 2 / 2.
 */
export function exactExp(value: number): number {
  if (Number.isNaN(value)) return value
  if (value > 709.782712893384) return Number.POSITIVE_INFINITY
  if (value < -708.396418532264) return 0
  const k = Math.round(value / Math.LN2)
  const r = value - k * LN2_HIGH - k * LN2_LOW
  let sum = 1
  for (let n = 14; n >= 1; n--) sum = 1 + (sum * r) / n
  return k > 1023 ? sum * powerOfTwo(1023) * 2 : sum * powerOfTwo(k)
}
