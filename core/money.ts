import type { Unit } from './unit.ts'

/** Quote currency for one whole unit of the base, in 10⁻⁸: `100_000_000n` is a price of 1. */
export type PriceE8 = Unit<bigint, 'PriceE8'>

/** An amount of the quote currency (US dollars in every built-in market), in 10⁻⁸. */
export type CashE8 = Unit<bigint, 'CashE8'>

/** An amount of an instrument in its smallest unit (10 to the minus `decimals`). Negative when short. */
export type Quantity = Unit<bigint, 'Quantity'>

/** A share in millionths: `1_000_000` is all of it. */
export type Ppm = Unit<number, 'Ppm'>

export const PPM = 1_000_000 as Ppm
export const E8 = 100_000_000n

export const priceE8 = (value: bigint): PriceE8 => value as PriceE8
export const cashE8 = (value: bigint): CashE8 => value as CashE8
export const quantity = (value: bigint): Quantity => value as Quantity

/** Rounds a share to whole millionths, ties away from zero, so that it is the same on every machine. */
export function ppm(share: number): Ppm {
  const scaled = share * PPM
  return (scaled < 0 ? -Math.floor(-scaled + 0.5) : Math.floor(scaled + 0.5)) as Ppm
}

/** Divides towards negative infinity, so that rounding never favours the trader. */
export function floorDivide(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator
  return numerator % denominator !== 0n && numerator < 0n !== denominator < 0n ? quotient - 1n : quotient
}

/** The value of an amount at a price, rounded down. */
export function valueE8(amount: Quantity, price: PriceE8, decimals: number): CashE8 {
  return cashE8(floorDivide(amount * price, 10n ** BigInt(decimals)))
}

/** The largest amount that a sum of cash buys at a price, rounded towards zero. */
export function quantityFor(cash: CashE8, price: PriceE8, decimals: number): Quantity {
  return quantity((cash * 10n ** BigInt(decimals)) / price)
}

/**
 * Reads a decimal text exactly into an integer of the given scale; digits beyond the scale round half away
 * from zero. Returns null when the text is no decimal number.
 */
export function parseDecimal(text: string, scale: number): bigint | null {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text.trim())
  if (match === null) return null
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  if (whole === '' && fraction === '') return null
  const shift = scale + Number(exponent) - fraction.length
  const digits = BigInt(whole + fraction)
  const magnitude = shift >= 0 ? digits * 10n ** BigInt(shift) : roundedShift(digits, -shift)
  return sign === '-' ? -magnitude : magnitude
}

/** Writes an integer of the given scale as decimal text with a fixed number of places, rounding down. */
export function formatDecimal(value: bigint, scale: number, places = scale): string {
  const shown = places < scale ? floorDivide(value, 10n ** BigInt(scale - places)) : value
  const digits = (shown < 0n ? -shown : shown).toString().padStart(places + 1, '0')
  const whole = digits.slice(0, digits.length - places)
  return `${shown < 0n ? '-' : ''}${whole}${places > 0 ? `.${digits.slice(digits.length - places)}` : ''}`
}

function roundedShift(digits: bigint, places: number): bigint {
  const unit = 10n ** BigInt(places)
  return (digits + unit / 2n) / unit
}
