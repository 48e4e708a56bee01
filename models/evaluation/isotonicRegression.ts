/** Adjoining scores that share one fitted value. */
export type IsotonicBlock = {
  /** Weighted mean of the scores. */
  readonly score: number
  /** Weighted mean of the outcomes. */
  readonly value: number
  readonly weight: number
}

/**
 * The never falling function of the scores that is nearest to the outcomes in weighted squares, by pooling adjacent
 * violators (M. Ayer et al., "An Empirical Distribution Function for Sampling with Incomplete Information", 1955).
 * Equal scores get one value.
 *
 * @returns blocks in the order of their scores, values rising strictly.
 */
export function isotonicRegression({
  scores,
  outcomes,
  weights,
}: {
  readonly scores: Float64Array
  readonly outcomes: ArrayLike<number>
  readonly weights: Float64Array
}): readonly IsotonicBlock[] {
  const order = Uint32Array.from(scores, (_, row) => row)
  order.sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || a - b)
  const size = scores.length
  // A stack of blocks, by their sums; the value of a block is outcome sum / weight.
  const weightOf = new Float64Array(size)
  const outcomeOf = new Float64Array(size)
  const scoreOf = new Float64Array(size)
  let blocks = 0
  const mergeLast = () => {
    const to = blocks - 2
    for (const sums of [weightOf, outcomeOf, scoreOf]) sums[to] = (sums[to] ?? 0) + (sums[to + 1] ?? 0)
    blocks--
  }
  const levelOf = (block: number) => (outcomeOf[block] ?? 0) / (weightOf[block] ?? 1)
  for (let place = 0; place < size; ) {
    const score = scores[order[place] ?? 0] ?? 0
    const at = blocks++
    weightOf[at] = outcomeOf[at] = scoreOf[at] = 0
    for (; place < size && scores[order[place] ?? 0] === score; place++) {
      const row = order[place] ?? 0
      const weight = weights[row] ?? 0
      weightOf[at] = (weightOf[at] ?? 0) + weight
      outcomeOf[at] = (outcomeOf[at] ?? 0) + weight * (outcomes[row] ?? 0)
      scoreOf[at] = (scoreOf[at] ?? 0) + weight * score
    }
    while (blocks > 1 && levelOf(blocks - 2) >= levelOf(blocks - 1)) mergeLast()
  }
  return Array.from({ length: blocks }, (_, block) => ({
    score: (scoreOf[block] ?? 0) / (weightOf[block] ?? 1),
    value: levelOf(block),
    weight: weightOf[block] ?? 0,
  }))
}
