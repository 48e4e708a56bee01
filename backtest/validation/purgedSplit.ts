import type { LabelSpans, SampleSplit } from './labelSpans.ts'

/** Samples from and up to an index, the latter excluded. */
export type SampleRange = { readonly from: number; readonly to: number }

/** Cuts samples into groups of adjoining ones, as equal in size as they can be. */
export function groupsOf(samples: number, groups: number): SampleRange[] {
  return Array.from({ length: groups }, (_, group) => ({
    from: Math.floor((group * samples) / groups),
    to: Math.floor(((group + 1) * samples) / groups),
  }))
}

/**
 * Splits samples by which blocks test. A sample trains unless its label's span shares an instant with the
 * time from the start of a block's first label to the end of its last (purge), or starts within the embargo
 * after that (M. López de Prado, "Advances in Financial Machine Learning", 2018, sections 7.4.1 and 7.4.2).
 *
 * @param blocks in order, without overlap.
 */
export function purgedSplit(
  { startMs, endMs }: LabelSpans,
  blocks: readonly SampleRange[],
  embargoMs: number,
): SampleSplit {
  const samples = startMs.length
  const times = blocks.map(({ from, to }) => {
    let end = Number.NEGATIVE_INFINITY
    for (let i = from; i < to; i++) end = Math.max(end, endMs[i] ?? end)
    return { start: startMs[from] ?? 0, end }
  })
  const train = new Uint32Array(samples)
  const test = new Uint32Array(blocks.reduce((sum, { from, to }) => sum + to - from, 0))
  let trained = 0
  let tested = 0
  let purged = 0
  let embargoed = 0
  let block = 0
  for (let i = 0; i < samples; i++) {
    while (block < blocks.length && i >= (blocks[block]?.to ?? 0)) block++
    if (i >= (blocks[block]?.from ?? samples)) {
      test[tested++] = i
      continue
    }
    const start = startMs[i] ?? 0
    const end = endMs[i] ?? 0
    let overlaps = false
    let barred = false
    for (let b = 0; b < times.length; b++) {
      const time = times[b]
      if (time === undefined || end < time.start) continue
      if (start <= time.end) overlaps = true
      else if (start <= time.end + embargoMs) barred = true
    }
    if (overlaps) purged++
    else if (barred) embargoed++
    else train[trained++] = i
  }
  return { train: train.slice(0, trained), test, purged, embargoed }
}
