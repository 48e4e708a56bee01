import { DAY_MS, daysFromCivil, HOUR_MS, MINUTE_MS } from '../../core/index.ts'
import { dateOf, minuteText, monthName } from './reportNumbers.ts'
import type { Tick } from './valueAxis.ts'

/** An axis of time, UTC. */
export type TimeAxis = {
  readonly fromMs: number
  readonly toMs: number
  /** 0 at the start, 1 at the end; times outside are taken to the nearer end. */
  at(timeMs: number): number
  readonly ticks: readonly Tick[]
}

const CLOCK_STEPS = [
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
]
const DAY_STEPS = [1, 2, 7, 14]
const MONTH_STEPS = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600]

/** Makes the axis of a period, with at most `marks` marks at round times. A period of one instant has one mark. */
export function timeAxis(fromMs: number, toMs: number, marks = 7): TimeAxis {
  const span = toMs - fromMs
  if (!(span > 0)) return { fromMs, toMs, at: () => 0.5, ticks: [{ at: 0.5, label: minuteText(fromMs) }] }
  const at = (timeMs: number) => Math.min(1, Math.max(0, (timeMs - fromMs) / span))
  const ticks = marksOf(fromMs, toMs, marks).map(({ timeMs, label }) => ({ at: at(timeMs), label }))
  return { fromMs, toMs, at, ticks }
}

type Mark = { readonly timeMs: number; readonly label: string }

function marksOf(fromMs: number, toMs: number, marks: number): Mark[] {
  const span = toMs - fromMs
  const clock = CLOCK_STEPS.find(step => span / step <= marks)
  if (clock !== undefined)
    return multiples(fromMs, toMs, clock).map(timeMs => ({ timeMs, label: clockLabel(timeMs) }))
  const days = DAY_STEPS.find(step => span / (step * DAY_MS) <= marks)
  if (days !== undefined)
    return multiples(fromMs, toMs, days * DAY_MS, days % 7 === 0 ? MONDAY_MS : 0).map(timeMs => ({
      timeMs,
      label: dayLabel(timeMs),
    }))
  const months = MONTH_STEPS.find(step => span / (step * 30.4 * DAY_MS) <= marks) ?? 1_200
  return monthStarts(fromMs, toMs, months)
}

/** 1970-01-05. */
const MONDAY_MS = 4 * DAY_MS

function multiples(fromMs: number, toMs: number, step: number, offset = 0): number[] {
  const found: number[] = []
  for (let t = Math.ceil((fromMs - offset) / step) * step + offset; t <= toMs; t += step) found.push(t)
  return found
}

function monthStarts(fromMs: number, toMs: number, step: number): Mark[] {
  const { year, month } = dateOf(fromMs)
  const found: Mark[] = []
  // Months are counted from year 0, so that a step of several falls on January.
  for (let m = Math.floor((year * 12 + month - 1) / step) * step; ; m += step) {
    const [y, name] = [Math.floor(m / 12), (m % 12) + 1]
    const timeMs = (daysFromCivil(y, name, 1) ?? 0) * DAY_MS
    if (timeMs > toMs) return found
    if (timeMs >= fromMs)
      found.push({ timeMs, label: step % 12 === 0 ? String(y) : `${monthName(name)} ${y}` })
  }
}

const dayLabel = (timeMs: number): string => {
  const { month, day } = dateOf(timeMs)
  return `${day} ${monthName(month)}`
}

const clockLabel = (timeMs: number): string =>
  timeMs % DAY_MS === 0 ? dayLabel(timeMs) : minuteText(timeMs).slice(11)
