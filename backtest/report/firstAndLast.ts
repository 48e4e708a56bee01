import { html, type Markup } from './markup.ts'
import { countText } from './reportNumbers.ts'

/** Rows shown from each end of a long table. */
const SHOWN = 200

/** The rows of a table, of a long one the first and the last with a row between that says how many are left out. */
export function firstAndLast<T>(
  all: readonly T[],
  row: (entry: T) => Markup,
  { columns, what }: { readonly columns: number; readonly what: string },
): { readonly rows: readonly Markup[]; readonly shown: string } {
  if (all.length <= 2 * SHOWN) return { rows: all.map(row), shown: `${countText(all.length)} ${what}` }
  const left = countText(all.length - 2 * SHOWN)
  const skipped = html`<tr><td class="skipped" colspan="${columns}">${left} between are left out</td></tr>`
  return {
    rows: [...all.slice(0, SHOWN).map(row), skipped, ...all.slice(-SHOWN).map(row)],
    shown: `The first and the last ${SHOWN} of ${countText(all.length)} ${what}`,
  }
}
