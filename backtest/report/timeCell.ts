import { html, type Markup } from './markup.ts'
import { dayText, minuteText } from './reportNumbers.ts'

/** An instant in a table, UTC; on a narrow page the clock goes below the day. */
export const timeCell = (timeMs: number): Markup =>
  html`<td class="time">${dayText(timeMs)}<span class="clock">${minuteText(timeMs).slice(10)}</span></td>`
