import { type UnixMs, unixMs } from '../core/index.ts'

/** How far each source is completely stored: what may be read without later rows coming before it. */
export type Watermarks = {
  /** Says that everything of a source known up to this time is stored. */
  reach(source: string, knownAt: UnixMs): void
  /** Says that a source will bring nothing more. */
  finish(source: string): void
  /** True when all of these sources are finished. */
  finished(sources: readonly string[]): boolean
  /** Time up to which all of these sources are completely stored. */
  completeUntil(sources: readonly string[]): UnixMs
}

const NOTHING_YET = unixMs(0)
const EVERYTHING = unixMs(Number.MAX_SAFE_INTEGER)

/** Creates the watermarks of some sources, by name; none has reached anything. */
export function createWatermarks(names: readonly string[]): Watermarks {
  const reached = new Map<string, UnixMs>(names.map(name => [name, NOTHING_YET]))
  const open = new Set(names)
  return {
    reach(source, knownAt) {
      if (knownAt > (reached.get(source) ?? NOTHING_YET)) reached.set(source, knownAt)
    },
    finish: source => void open.delete(source),
    finished: sources => sources.every(source => !open.has(source)),
    completeUntil(sources) {
      const waiting = sources
        .filter(source => open.has(source))
        .map(source => reached.get(source) ?? NOTHING_YET)
      if (waiting.length === 0) return EVERYTHING
      const least = waiting.reduce((a, b) => (a < b ? a : b))
      // Among several sources, one that stands at a time may still bring a row of that very time.
      return sources.length === 1 ? least : unixMs(Math.max(0, least - 1))
    },
  }
}
