import { formatDecimal } from '../core/index.ts'

/** Most decimal places of an amount that is not tiny. */
const PLACES = 6

/** Cash for people, rounded down to hundredths: `1,000.00`. */
export const readableCash = (cashE8: bigint): string => grouped(formatDecimal(cashE8, 8, 2))

/** Cash that came or went: `+12.30`. */
export const readableChange = (cashE8: bigint): string => `${cashE8 < 0n ? '' : '+'}${readableCash(cashE8)}`

/** A price for people: in hundredths, as `2,010.00`; below 1 with all its places, as `0.0125`. */
export const readablePrice = (priceE8: bigint): string =>
  priceE8 >= 100_000_000n || priceE8 === 0n ? readableCash(priceE8) : trimmed(formatDecimal(priceE8, 8))

/** A share for people: `2.5 %`. */
export const readableShare = (ppm: number): string => `${(ppm / 10_000).toFixed(1)} %`

/**
 * An amount of an instrument for people, in whole units: `2.5`, cut off after six places unless nothing were
 * left; in its smallest units where nobody knows its decimals: `25 smallest units`.
 */
export function readableAmount(amount: bigint, decimals: number | null): string {
  if (decimals === null) return `${grouped(amount.toString())} smallest unit${amount === 1n ? '' : 's'}`
  if (amount < 0n) return `-${readableAmount(-amount, decimals)}`
  const cut = formatDecimal(amount, decimals, Math.min(PLACES, decimals))
  return grouped(trimmed(amount > 0n && !/[1-9]/.test(cut) ? formatDecimal(amount, decimals) : cut))
}

/** The same of a fund or vault: `500 shares`. */
export function readableShares(amount: bigint, decimals: number | null): string {
  const text = readableAmount(amount, decimals)
  return decimals === null ? text : `${text} share${/^-?1$/.test(text) ? '' : 's'}`
}

const trimmed = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text)

/** Sets a comma between each three digits before the point. */
const grouped = (text: string): string =>
  text.replace(/^-?\d+/, whole => whole.replace(/\B(?=(\d{3})+$)/g, ','))
