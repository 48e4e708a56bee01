import { html, type Markup } from './markup.ts'
import type { YearOfReturns } from './monthlyReturns.ts'
import { monthName, NOT_AVAILABLE } from './reportNumbers.ts'

const MONTHS = Array.from({ length: 12 }, (_, index) => index + 1)

/** Darkest shade from so large a return on, in a heat map that has larger ones; shades step by quarters of it. */
const FULL_SHADE = 0.1

/** Draws the returns of months as a table of years: sign in the text, size in the shade too. */
export function monthlySection(years: readonly YearOfReturns[]): Markup {
  if (years.length === 0)
    return html`<p class="empty">The run ends where it begins: there is no month to show.</p>`
  const sizes = years.flatMap(({ months }) => months.map(value => Math.abs(value ?? 0)))
  const scale = Math.min(FULL_SHADE, Math.max(...sizes))
  return html`<table class="months" role="table">
<caption>Returns of calendar months in per cent, UTC, after fees. The first and the last may be part of a month; the year is its months compounded.</caption>
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Year</th>${MONTHS.map(
    month => html`<th scope="col" role="columnheader">${monthName(month)}</th>`,
  )}<th scope="col" role="columnheader">Total</th></tr></thead>
<tbody role="rowgroup">${years.map(
    ({ year, months, total }) =>
      html`<tr role="row"><th scope="row" role="rowheader">${year}</th>${months.map((value, index) =>
        cell(value, shade(value, scale), monthName(index + 1)),
      )}${cell(total, 'total', 'Total')}</tr>`,
  )}</tbody></table>`
}

const cell = (value: number | null, look: string, month: string): Markup =>
  html`<td class="${look}" role="cell" data-month="${month}">${value === null ? html`<span class="none">–</span>` : inPercent(value)}</td>`

/** With sign and without unit: the caption names it. */
export function inPercent(value: number): string {
  if (!Number.isFinite(value)) return NOT_AVAILABLE
  const text = (value * 100).toFixed(Math.abs(value) >= 1 ? 0 : 1)
  return /[1-9]/.test(text) ? (value > 0 ? `+${text}` : text) : text.replace('-', '')
}

/** Which of four shades of gain or loss a value has; none for zero. */
export function shade(value: number | null, scale: number): string {
  // What is written as zero has no sign to show.
  if (value === null || !(scale > 0) || !/[1-9]/.test(inPercent(value))) return 'flat'
  const level = Math.min(4, Math.max(1, Math.ceil((Math.abs(value) / scale) * 4)))
  return `${value > 0 ? 'up' : 'down'}${level}`
}
