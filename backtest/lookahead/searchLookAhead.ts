import type { FutureAlteration } from './alteredHistory.ts'

/**
 * Reruns one part of an agent on an altered history, and returns where it first differs over the events before
 * `until`; null where it does not.
 */
export type Witness<S extends Sighting> = (alteration: FutureAlteration, until: number) => Promise<S | null>

/** A difference by the index of the event at which it shows. */
export type Sighting = { readonly index: number }

/** Where a part of the agent first used what was not known yet, and what it used. */
export type Located<S extends Sighting> = {
  readonly sighting: S
  /** Index of the first event that should not have been used, and of the last; null where neither is found. */
  readonly first: number | null
  readonly last: number | null
}

/**
 * Finds the first of an agent's moments at which it uses what comes later, then the first and the last event
 * that it uses there: three bisections, so some tens of reruns, most of them short. Exact where a part that
 * looks ahead does so from then on; else what it finds is real, and an earlier one may exist.
 *
 * @param moments Indices of the events at which the agent does something, ascending.
 * @param found Index of the event at which a difference is known to show, with what lies after `cut` altered.
 */
export async function locateLookAhead<S extends Sighting>(
  witness: Witness<S>,
  { moments, found, length }: { moments: readonly number[]; found: S; length: number },
): Promise<Located<S>> {
  /** Tries every alteration of what comes after a moment. */
  const lookAt = async (cut: number) => {
    for (const alteration of alterationsFrom(cut, length)) {
      const sighting = await witness(alteration, cut)
      if (sighting !== null) return { sighting, alteration, cut }
    }
    return null
  }
  let high = placeOf(moments, found.index)
  let seen = await lookAt((moments[high] ?? found.index) + 1)
  // More is altered than before, so it shows again, unless a state outlived a run.
  if (seen === null) return { sighting: found, first: null, last: null }
  let low = -1
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    const earlier = await lookAt((moments[middle] ?? 0) + 1)
    if (earlier === null) low = middle
    else {
      seen = earlier
      high = Math.min(middle, placeOf(moments, earlier.sighting.index))
    }
  }
  // The first moment may have shown with a later cut: what it uses is searched from right after it.
  const moment = moments[high] ?? found.index
  if (seen.cut !== moment + 1) seen = (await lookAt(moment + 1)) ?? seen
  const { sighting, alteration, cut } = seen
  return { sighting, ...(await usedEvents(witness, { alteration, cut, length })) }
}

/** The alterations of everything from an event on, the most telling first. */
export function alterationsFrom(from: number, length: number): FutureAlteration[] {
  return [
    { kind: 'poisoned', from, to: length, direction: 1 },
    { kind: 'poisoned', from, to: length, direction: -1 },
    { kind: 'truncated', from },
  ]
}

async function usedEvents<S extends Sighting>(
  witness: Witness<S>,
  { alteration, cut, length }: { alteration: FutureAlteration; cut: number; length: number },
): Promise<{ first: number | null; last: number | null }> {
  if (alteration.kind === 'truncated') {
    // Only the presence of later events shows: the last one that has to be there.
    const enough = await smallest(cut, length, async from => {
      return (await witness({ kind: 'truncated', from }, cut)) === null
    })
    return { first: enough - 1, last: enough - 1 }
  }
  const { direction } = alteration
  const poisoned = (from: number, to: number) => witness({ kind: 'poisoned', from, to, direction }, cut)
  const to = await smallest(cut, length, async end => (await poisoned(cut, end)) !== null)
  const from = await smallest(cut, length, async start => (await poisoned(start, length)) === null)
  return { first: to - 1, last: Math.max(to, from) - 1 }
}

/** The smallest number in (low, high] for which a test holds that holds from there on; high if none below. */
async function smallest(
  low: number,
  high: number,
  holds: (value: number) => Promise<boolean>,
): Promise<number> {
  let [below, reached] = [low, high]
  while (reached - below > 1) {
    const middle = (below + reached) >>> 1
    if (await holds(middle)) reached = middle
    else below = middle
  }
  return reached
}

/** Place of the last moment that is not after an index; 0 where all are. */
function placeOf(moments: readonly number[], index: number): number {
  let low = 0
  let high = moments.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((moments[middle] ?? 0) <= index) low = middle + 1
    else high = middle
  }
  return Math.max(0, low - 1)
}
