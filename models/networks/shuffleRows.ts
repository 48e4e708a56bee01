import type { Random } from '../../core/index.ts'

/**
 * Shuffles rows in place, last place first (Durstenfeld, "Algorithm 235: Random permutation", 1964): one number a
 * place. A training draws its initial parameters first, then shuffles before each epoch what the epoch before left,
 * from one stream of its seed; at first the rows are ascending.
 */
export function shuffleRows(rows: Uint32Array, random: Random): void {
  for (let place = rows.length - 1; place > 0; place--) {
    const other = Math.floor(random() * (place + 1))
    const row = rows[place] ?? 0
    rows[place] = rows[other] ?? 0
    rows[other] = row
  }
}
