import {
  chainSource,
  IntegrityError,
  type MarketEvent,
  type UnixMs,
  type WithdrawalValue,
} from '../../core/index.ts'
import { isWithdrawnBy } from './withdrawn.ts'

/** A state that was saved, and how many entries had been taken in by then. */
type Checkpoint<S> = { readonly taken: number; readonly state: S }

/** An event that was taken in, or a time that the features were asked for. */
type Entry = MarketEvent | UnixMs

/** Entries between two checkpoints: a copy of all states costs about as much as some hundred updates. */
const CHECKPOINT_ENTRIES = 2_048

/** What a reorg may still take back: recent events, and states to start again from. */
export type RetainedEvents<S> = {
  /**
   * Takes in an event before it changes the state, or a time that the features are asked for: they drop then
   * what is too old, and so group their sums.
   */
  take(entry: Entry): void
  /**
   * Drops what an event withdraws. Returns the saved state to go back to and what to take in again from there,
   * or null when nothing that was taken in is withdrawn.
   *
   * @throws IntegrityError when more is withdrawn than is retained.
   */
  withdraw(event: MarketEvent<WithdrawalValue>): { readonly state: S; readonly replay: Entry[] } | null
}

/**
 * Retains the events of the last `blocks` blocks of every chain, with all that came after the first of them.
 * Events of feeds are never withdrawn: as long as there is no event of a chain, nothing is kept.
 *
 * @param save Copies the present state.
 */
export function retainEvents<S>(blocks: number, save: () => S): RetainedEvents<S> {
  let checkpoints: Checkpoint<S>[] = []
  let entries: Entry[] = []
  /** Entries taken in before the first retained one. */
  let dropped = 0
  const newestBlock = new Map<string, number>()

  const isFinal = (entry: Entry): boolean => {
    if (typeof entry === 'number' || entry.lineage.kind !== 'chain') return true
    const { lineage } = entry
    return lineage.blockNumber <= (newestBlock.get(chainSource(lineage.chainId)) ?? 0) - blocks
  }

  /** Forgets what lies before the newest checkpoint that precedes everything that may be withdrawn. */
  function prune(): void {
    const open = entries.findIndex(entry => !isFinal(entry))
    const needed = dropped + (open === -1 ? entries.length : open)
    let keep = checkpoints.length - 1
    while (keep > 0 && (checkpoints[keep]?.taken ?? 0) > needed) keep--
    const first = checkpoints[keep]
    if (first === undefined || first.taken === dropped) return
    checkpoints = checkpoints.slice(keep)
    entries = entries.slice(first.taken - dropped)
    dropped = first.taken
  }

  return {
    take(entry) {
      const lineage = typeof entry === 'number' ? null : entry.lineage
      if (lineage?.kind === 'chain') {
        const source = chainSource(lineage.chainId)
        newestBlock.set(source, Math.max(lineage.blockNumber, newestBlock.get(source) ?? 0))
      } else if (checkpoints.length === 0) return
      const taken = dropped + entries.length
      const last = checkpoints.at(-1)
      if (last === undefined || taken - last.taken >= CHECKPOINT_ENTRIES) {
        checkpoints.push({ taken, state: save() })
        prune()
      }
      entries.push(entry)
    },
    withdraw(withdrawal) {
      const { source, forkBlock } = withdrawal.value
      const newest = newestBlock.get(source)
      if (newest === undefined || forkBlock >= newest) return null
      if (newest - forkBlock > blocks) throw tooDeep(source, forkBlock, newest, blocks)
      const isWithdrawn = (entry: Entry): boolean =>
        typeof entry !== 'number' && isWithdrawnBy(entry, withdrawal)
      const first = entries.findIndex(isWithdrawn)
      if (first === -1) return null
      while ((checkpoints.at(-1)?.taken ?? 0) > dropped + first) checkpoints.pop()
      const start = checkpoints.pop()
      if (start === undefined) throw tooDeep(source, forkBlock, newest, blocks)
      const from = start.taken - dropped
      const replay = entries.slice(from).filter(entry => !isWithdrawn(entry))
      // They are taken in again one by one, after a checkpoint of the state that they start from.
      entries = entries.slice(0, from)
      return { state: start.state, replay }
    },
  }
}

function tooDeep(source: string, forkBlock: number, newest: number, blocks: number): IntegrityError {
  return new IntegrityError(
    `A reorg of ${source} withdraws the blocks after ${forkBlock} of ${newest}; the features go back ${blocks} blocks at most.`,
    {
      facts: { source, forkBlock, newest, blocks },
      hint: 'Retain as many blocks as may be reorganised; deeper than that, start the agent again from its first observation.',
    },
  )
}
