import { IntegrityError } from '../core/index.ts'
import type { ReplayedDecision } from './compareReplay.ts'

/** What the replay has for the next sequence. */
export type ReplayOutcome =
  | { readonly kind: 'decision'; readonly replayed: ReplayedDecision }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly detail: string }
  /** There is no replay to compare with. */
  | { readonly kind: 'none' }

/** Takes a replay's decisions one by one. */
export type ReplayReader = {
  /** The next decision; sequences count from 0 in the order of the calls. */
  next(): Promise<ReplayOutcome>
  close(): Promise<void>
}

/** Opens a replay. That it finds the data changed (IntegrityError) is an outcome; other errors are thrown. */
export function createReplayReader(replay: AsyncIterable<ReplayedDecision> | null): ReplayReader {
  const iterator = replay?.[Symbol.asyncIterator]()
  let last: ReplayOutcome | null = iterator === undefined ? { kind: 'none' } : null
  return {
    async next() {
      if (last !== null || iterator === undefined) return last ?? { kind: 'none' }
      try {
        const { done, value } = await iterator.next()
        if (!done) return { kind: 'decision', replayed: value }
        last = { kind: 'end' }
      } catch (error) {
        if (!(error instanceof IntegrityError)) throw error
        last = { kind: 'failed', detail: `the replay stopped: ${error.message}` }
      }
      return last
    },
    async close() {
      await iterator?.return?.()
    },
  }
}
