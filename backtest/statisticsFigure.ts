import { DAY_MS, formatDecimal, formatInstant, HOUR_MS, type UnixMs } from '../core/index.ts'

/**
 * What the value of a figure is: a share of one, a plain ratio, an amount in 10⁻⁸ of the quote currency, a
 * duration in milliseconds, an instant, a whole number, a multiple a year.
 */
export type FigureUnit = 'share' | 'ratio' | 'cashE8' | 'durationMs' | 'instantMs' | 'count' | 'perYear'

/** One figure of a report: its name in `BacktestStatistics` or of the luck figures, and what it is. */
export type Figure = {
  readonly name: string
  readonly label: string
  /** Null where the run does not define it. */
  readonly value: number | bigint | null
  readonly unit: FigureUnit
  /** Which of the formulas in use it follows, in words. */
  readonly convention: string
}

const UNDEFINED = 'n/a'

/** Two decimals; what rounds to zero has no sign. */
const fixed = (value: number): string => value.toFixed(2).replace(/^-(?=0\.00$)/, '')

/** Writes the value of a figure for a person. */
export function formatFigure({ value, unit }: Figure): string {
  if (value === null) return UNDEFINED
  const number = Number(value)
  switch (unit) {
    case 'share':
      return `${fixed(number * 100)} %`
    case 'ratio':
      return fixed(number)
    case 'cashE8':
      return formatDecimal(BigInt(value), 8, 2).replace(/\B(?=(\d{3})+\.)/g, ',')
    case 'durationMs':
      return number >= 2 * DAY_MS
        ? `${(number / DAY_MS).toFixed(1)} days`
        : `${(number / HOUR_MS).toFixed(1)} hours`
    case 'instantMs':
      return formatInstant(number as UnixMs)
    case 'count':
      return String(value)
    case 'perYear':
      return `${fixed(number)} a year`
  }
}
