/** Rows whose bins are fetched together: so many misses of the cache overlap, and the copy stays in it. */
export const TILE: usize = 512
