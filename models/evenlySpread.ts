/** So many of the rows, as evenly spread as whole places allow; all when they are fewer. */
export function evenlySpread(rows: Uint32Array, most: number): Uint32Array {
  const count = Math.min(rows.length, most)
  return Uint32Array.from({ length: count }, (_, at) => rows[Math.floor((at * rows.length) / count)] ?? 0)
}
