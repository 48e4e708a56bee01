import { civilFromDays, DAY_MS, formatDecimal, formatInstant, type UnixMs } from '../../core/index.ts'
import { type Figure, type FigureUnit, formatFigure } from '../statisticsFigure.ts'

/** What is shown where there is no value. */
export const NOT_AVAILABLE = 'n/a'

/**
 * Writes a value as the text report writes it, with commas between thousands and instants to the minute; `n/a`
 * where it is null or not finite.
 */
export function formatValue(value: number | bigint | null, unit: FigureUnit): string {
  if (value === null || !Number.isFinite(Number(value))) return NOT_AVAILABLE
  if (unit === 'instantMs') return minuteText(Number(value))
  const whole = typeof value === 'number' && unit === 'cashE8' ? Math.round(value) : value
  return grouped(formatFigure({ name: '', label: '', convention: '', value: whole, unit }))
}

/** Writes the value of a figure. */
export const figureText = ({ value, unit }: Figure): string => formatValue(value, unit)

/** Puts a plus before what is above zero as it is written. */
export const signed = (text: string): string => (/^(?!-)[\d,.]*[1-9]/.test(text) ? `+${text}` : text)

/** A share of one with its sign: `+1.50 %`. */
export const signedShare = (share: number | null): string => signed(formatValue(share, 'share'))

/** An amount in 10⁻⁸ with two decimals: `1,234.50`. */
export const cashText = (amountE8: number | bigint | null): string => formatValue(amountE8, 'cashE8')

/** A price in 10⁻⁸ with six significant digits, from two to eight decimals. */
export function priceText(priceE8: number | bigint): string {
  const price = typeof priceE8 === 'bigint' ? priceE8 : BigInt(Math.round(priceE8))
  const digits = (price < 0n ? -price : price).toString().length
  const places = Math.min(8, Math.max(2, 14 - digits))
  return grouped(formatDecimal(price, 8, places))
}

/** A quantity with as many decimals as it needs, at most eight. */
export function quantityText(quantity: bigint, decimals: number): string {
  const text = formatDecimal(quantity, decimals, Math.min(decimals, 8))
  return grouped(text.includes('.') ? text.replace(/\.?0+$/, '') : text)
}

/** Puts commas between the thousands of a decimal number. */
export const grouped = (text: string): string =>
  text.replace(/^-?\d+/, whole => whole.replace(/\B(?=(\d{3})+$)/g, ','))

/** A count with thousands: `1,000`. */
export const countText = (count: number): string => grouped(String(count))

/** The minute of an instant, UTC: `2024-01-05 12:30`. */
export const minuteText = (timeMs: number): string =>
  formatInstant(Math.floor(timeMs) as UnixMs)
    .slice(0, 16)
    .replace('T', ' ')

/** The day of an instant, UTC: `2024-01-05`. */
export const dayText = (timeMs: number): string => minuteText(timeMs).slice(0, 10)

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

/** A month from 1 to 12, abbreviated. */
export const monthName = (month: number): string => MONTHS[month - 1] ?? ''

/** The UTC date of an instant. */
export const dateOf = (timeMs: number): { year: number; month: number; day: number } =>
  civilFromDays(Math.floor(timeMs / DAY_MS))

/** A duration in words: years from two on, whole days from two on, hours below. */
export function spanText(durationMs: number): string {
  const days = durationMs / DAY_MS
  if (days >= 2 * 365.25) return `${(days / 365.25).toFixed(1)} years`
  return days >= 2 ? `${countText(Math.round(days))} days` : formatValue(durationMs, 'durationMs')
}

/** A hash shortened for a table: its first and last characters. */
export const shortHash = (hash: string): string =>
  hash.length <= 16 ? hash : `${hash.slice(0, 8)}…${hash.slice(-6)}`
