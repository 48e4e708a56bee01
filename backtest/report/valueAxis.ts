import { exactLog } from '../../core/index.ts'
import { grouped } from './reportNumbers.ts'

/** A mark of an axis. */
export type Tick = {
  /** 0 at the low end of the axis, 1 at the high end. */
  readonly at: number
  readonly label: string
}

/** An axis of values: where a value lies between its ends, and its marks. */
export type ValueAxis = {
  /** 0 at the low end, 1 at the high end; beyond them for values outside. */
  at(value: number): number
  readonly ticks: readonly Tick[]
  readonly log: boolean
}

/** How the marks of an axis are written: in thousands and millions, or as per cent. */
export type AxisStyle = 'amount' | 'share'

/** Ranges from one to so many times go on a logarithmic axis: equal rises then look equal. */
const LOG_FROM = 5

/** A range of a lesser part of its values is none: it would have no marks that differ. */
const LEAST_RANGE = 1e-9
/** Range about a value that is next to nothing itself. */
const ROOM = 1

/** Marks of a logarithmic axis that spans many powers of ten. */
const MOST_POWERS = 7

/**
 * Makes a linear axis from a round number at or below `low` to one at or above `high`, marked at 1, 2 or 5 times a
 * power of ten. A range of nothing is widened about its value.
 */
export function linearAxis(low: number, high: number, style: AxisStyle, marks = 5): ValueAxis {
  const size = Math.max(Math.abs(low), Math.abs(high))
  if (high - low <= LEAST_RANGE * Math.max(size, LEAST_RANGE)) {
    const room = size < LEAST_RANGE ? ROOM : size * 0.01
    return linearAxis(low - room, high + room, style, marks)
  }
  const step = roundStep((high - low) / marks)
  // A bound that is a multiple of the step but for rounding stays its own mark.
  const first = Math.floor(low / step + 1e-9)
  const last = Math.ceil(high / step - 1e-9)
  const span = last - first
  const values = Array.from({ length: span + 1 }, (_, k) => (first + k) * step)
  const write = writerOf(style, step, Math.max(Math.abs(first), Math.abs(last)) * step)
  return {
    at: value => (value / step - first) / span,
    ticks: values.map((value, k) => ({ at: k / span, label: write(value) })),
    log: false,
  }
}

/** Makes an axis for the numbers 1 to `count`, each in the middle of its part of the axis, marked at round numbers. */
export function countAxis(count: number, marks = 6): ValueAxis {
  const at = (value: number) => (value - 0.5) / count
  const step = Math.max(1, roundStep(count / marks))
  const round = Array.from({ length: Math.floor(count / step) }, (_, k) => (k + 1) * step)
  const write = writerOf('amount', step, count)
  return {
    at,
    ticks: (step === 1 ? round : [1, ...round]).map(value => ({ at: at(value), label: write(value) })),
    log: false,
  }
}

/** Makes an axis for amounts: logarithmic where the range is wide and above zero, linear otherwise. */
export function amountAxis(low: number, high: number, marks = 5): ValueAxis {
  return low >= LEAST_AMOUNT && high / low >= LOG_FROM
    ? logAxis(low, high)
    : linearAxis(low, high, 'amount', marks)
}

/** Multiples of each power of ten that a logarithmic axis may mark. */
const LOG_LEADS = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7]]

/** Amounts have eight decimals: what lies below is nothing, and an axis from there would have no end. */
const LEAST_AMOUNT = 1e-8

function logAxis(low: number, high: number): ValueAxis {
  const from = exactLog(low) - 0.03 * exactLog(high / low)
  const span = exactLog(high) + 0.03 * exactLog(high / low) - from
  const at = (value: number) => (exactLog(value) - from) / span
  const [first, last] = [exponentOf(low), exponentOf(high)]
  const marksAt = (leads: readonly number[]) => {
    const stride = Math.ceil((last - first) / MOST_POWERS)
    const found: number[] = []
    for (let exponent = first; exponent <= last; exponent += Math.max(1, stride))
      for (const lead of leads) {
        const value = Number(`${lead}e${exponent}`)
        if (at(value) >= 0 && at(value) <= 1) found.push(value)
      }
    return found
  }
  // The sparsest that is not too sparse.
  const marks = LOG_LEADS.map(marksAt).find(found => found.length >= 4) ?? marksAt(LOG_LEADS.at(-1) ?? [1])
  return {
    at,
    ticks: marks.map(value => ({ at: at(value), label: shortest(value) })),
    log: true,
  }
}

/** The least of 1, 2 and 5 times a power of ten that is at or above a step. */
export function roundStep(step: number): number {
  const power = powerOfTen(step)
  for (const lead of [1, 2, 5]) if (lead * power >= step * (1 - 1e-9)) return lead * power
  return 10 * power
}

/** The exponent of a number above zero in scientific notation, from its own digits. */
const exponentOf = (value: number): number => Number(value.toExponential().split('e')[1])

/** The greatest power of ten at or below a number above zero. */
const powerOfTen = (value: number): number => Number(`1e${exponentOf(value)}`)

type AmountUnit = { readonly scale: number; readonly suffix: string; readonly from: number }

/** Amounts are written in the largest unit that they reach; prices of some thousands stay as they are. */
const UNITS: readonly AmountUnit[] = [
  { scale: 1e12, suffix: 'T', from: 1e12 },
  { scale: 1e9, suffix: 'B', from: 1e9 },
  { scale: 1e6, suffix: 'M', from: 1e6 },
  { scale: 1e3, suffix: 'k', from: 2e4 },
]
const PLAIN: AmountUnit = { scale: 1, suffix: '', from: 0 }

/** A mark of a logarithmic axis: no more digits than it has. */
function shortest(value: number): string {
  const { scale, suffix } = UNITS.find(({ from }) => value >= from) ?? PLAIN
  return `${grouped(plain((value / scale).toPrecision(3)))}${suffix}`
}

/** A number without an exponent and without zeros at its end; amounts have eight decimals. */
const plain = (digits: string): string =>
  Number(digits)
    .toFixed(8)
    .replace(/\.?0+$/, '')

function writerOf(style: AxisStyle, step: number, largest: number): (value: number) => string {
  if (style === 'share') return value => `${withoutSign(value * 100, decimalsOf(step * 100))} %`
  const { scale, suffix } =
    UNITS.find(unit => largest >= unit.from && decimalsOf(step / unit.scale) <= 2) ?? PLAIN
  const places = decimalsOf(step / scale)
  return value => {
    const text = withoutSign(value / scale, places)
    return /^-?0(\.0*)?$/.test(text) ? '0' : `${grouped(text)}${suffix}`
  }
}

const decimalsOf = (step: number): number =>
  Math.min(8, Math.max(0, -Number(step.toExponential(3).split('e')[1])))

/** What rounds to zero has no sign. */
const withoutSign = (value: number, places: number): string =>
  value.toFixed(places).replace(/^-(?=0(\.0*)?$)/, '')
