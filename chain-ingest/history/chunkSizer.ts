/** Logs that one request should bring: the node gives 2,000 to 10,000 about as fast, and a database takes more at once faster. */
const TARGET_LOGS = 8_000

/** Chooses how many blocks to ask for at a time, from how many logs the last ranges brought. */
export type ChunkSizer = {
  size(): number
  /** A range of so many blocks brought so many logs. */
  brought(blocks: number, logs: number): void
  /** A node refused a range of so many blocks. */
  refused(blocks: number): void
}

/** Starts at `initial`, doubles on thin ranges and halves on thick ones, up to `max`; never above what was refused. */
export function createChunkSizer(initial: number, max: number): ChunkSizer {
  let current = Math.min(initial, max)
  let limit = max
  return {
    size: () => current,
    brought(blocks, logs) {
      if (blocks < current) return
      if (logs < TARGET_LOGS / 2) current = Math.min(limit, current * 2)
      else if (logs > TARGET_LOGS * 2) current = Math.max(1, Math.floor(current / 2))
    },
    refused(blocks) {
      limit = Math.min(limit, Math.max(1, Math.floor(blocks / 2)))
      current = Math.min(current, limit)
    },
  }
}
