/** Logs that one request should bring: the node gives 2,000 to 10,000 about as fast, and a database takes more at once faster. */
const TARGET_LOGS = 4_000
/** Ranges in a row that a node must have taken at its limit before it is asked for more again. */
const TRUSTED_RANGES = 16

/** Chooses how many blocks to ask for at a time, from how many logs the last ranges brought. */
export type ChunkSizer = {
  size(): number
  /** A range of so many blocks brought so many logs. */
  brought(blocks: number, logs: number): void
  /** A node refused a range of so many blocks, and perhaps said how many it would take. */
  refused(blocks: number, suggested?: number | null): void
}

/**
 * Starts at `initial`, doubles on thin ranges and halves on thick ones, up to `max`. What a node refused is its
 * limit for a while: a refusal may be of those blocks alone, so after some ranges at the limit it is doubled again.
 */
export function createChunkSizer(initial: number, max: number): ChunkSizer {
  let current = Math.min(initial, max)
  let limit = max
  let atLimit = 0
  return {
    size: () => current,
    brought(blocks, logs) {
      if (blocks < current) return
      if (logs > TARGET_LOGS * 2) current = Math.max(1, Math.floor(current / 2))
      else if (logs < TARGET_LOGS / 2) {
        if (current >= limit && limit < max && ++atLimit >= TRUSTED_RANGES) {
          limit = Math.min(max, limit * 2)
          atLimit = 0
        }
        current = Math.min(limit, current * 2)
      }
    },
    refused(blocks, suggested = null) {
      limit = Math.min(limit, Math.max(1, suggested ?? Math.floor(blocks / 2)))
      atLimit = 0
      current = Math.min(current, limit)
    },
  }
}
