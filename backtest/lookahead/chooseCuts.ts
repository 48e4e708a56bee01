import { type Random, seededRandom } from '../../core/index.ts'

/**
 * Chooses cuts through a history: one in each of `count` equal stretches of the agent's moments, right after a
 * moment, so that what lies one event ahead of a decision is cut off too.
 *
 * @param moments Indices of the events at which the agent does something, ascending.
 * @returns indices of first events after a cut, ascending; fewer where there are fewer moments.
 */
export function chooseCuts(
  moments: readonly number[],
  { count, seed, length }: { readonly count: number; readonly seed: number; readonly length: number },
): number[] {
  const random: Random = seededRandom(seed)
  // After the last event there is nothing to cut off.
  const usable = moments.filter(index => index + 1 < length)
  const cuts = new Set<number>()
  for (let stretch = 0; stretch < count; stretch++) {
    const place = Math.floor(((stretch + random()) * usable.length) / count)
    const moment = usable[place]
    if (moment !== undefined) cuts.add(moment + 1)
  }
  return [...cuts].sort((a, b) => a - b)
}
