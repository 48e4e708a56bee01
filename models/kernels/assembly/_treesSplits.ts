// Histograms of nodes, and the splits that they show.

import { TILE } from './_treesTile'

/** Bytes of one feature's histogram: 256 bins of two 64-bit sums, of gradients and of second derivatives. */
const FEATURE_BYTES: usize = 4096

@inline function addTo(at: usize, gradient: v128): void {
  v128.store(at, i64x2.add(v128.load(at), gradient))
}

/** Adds a row to the histograms of four features, whose bins are the bytes of a word. */
@inline function addFour(histogram: usize, bins: u32, gradient: v128): void {
  addTo(histogram + ((bins & 255) << 4), gradient)
  addTo(histogram + FEATURE_BYTES + (((bins >> 8) & 255) << 4), gradient)
  addTo(histogram + 2 * FEATURE_BYTES + (((bins >> 16) & 255) << 4), gradient)
  addTo(histogram + 3 * FEATURE_BYTES + ((bins >> 24) << 4), gradient)
}

@inline function addEight(histogram: usize, bins: u64, gradient: v128): void {
  addFour(histogram, <u32>bins, gradient)
  addFour(histogram + 4 * FEATURE_BYTES, <u32>(bins >> 32), gradient)
}

/**
 * Sums gradients by bin for 4, 8 or 16 neighbouring features.
 *
 * @param rows numbers of the rows; `gradients` has a pair of 32-bit integers for each.
 * @param bins of the first feature in its block, at row 0.
 * @param stage 8 KiB that this thread alone uses.
 */
export function sumHistograms(
  rows: usize,
  gradients: usize,
  count: i32,
  bins: usize,
  features: i32,
  histogram: usize,
  stage: usize,
): void {
  memory.fill(histogram, 0, <usize>features * FEATURE_BYTES)
  const n = <usize>count
  for (let from: usize = 0; from < n; from += TILE) {
    const size = min(TILE, n - from)
    const row = rows + (from << 2)
    const gradient = gradients + (from << 3)
    if (features == 16) {
      for (let i: usize = 0; i < size; i++)
        v128.store(stage + (i << 4), v128.load(bins + (<usize>load<u32>(row + (i << 2)) << 4)))
      for (let i: usize = 0; i < size; i++)
        addEight(histogram, load<u64>(stage + (i << 4)), v128.load_ext<i32>(gradient + (i << 3)))
      // The histograms of 8 features fill the first-level cache: the other 8 take their turn.
      for (let i: usize = 0; i < size; i++)
        addEight(histogram + 8 * FEATURE_BYTES, load<u64>(stage + (i << 4), 8), v128.load_ext<i32>(gradient + (i << 3)))
    } else if (features == 8) {
      for (let i: usize = 0; i < size; i++)
        store<u64>(stage + (i << 3), load<u64>(bins + (<usize>load<u32>(row + (i << 2)) << 4)))
      for (let i: usize = 0; i < size; i++)
        addEight(histogram, load<u64>(stage + (i << 3)), v128.load_ext<i32>(gradient + (i << 3)))
    } else {
      for (let i: usize = 0; i < size; i++)
        store<u32>(stage + (i << 2), load<u32>(bins + (<usize>load<u32>(row + (i << 2)) << 4)))
      for (let i: usize = 0; i < size; i++)
        addFour(histogram, load<u32>(stage + (i << 2)), v128.load_ext<i32>(gradient + (i << 3)))
    }
  }
}

/** Turns a parent's histograms into those of the child that the other child is not. */
export function subtractHistograms(parent: usize, child: usize, features: i32): void {
  const end = parent + <usize>features * FEATURE_BYTES
  for (; parent < end; parent += 16, child += 16)
    v128.store(parent, i64x2.sub(v128.load(parent), v128.load(child)))
}

@inline function leafScore(gradient: f64, curvature: f64, l2: f64): f64 {
  const weight = curvature + l2
  return weight > 0 ? (gradient * gradient) / weight : 0
}

/**
 * The split of greatest gain of a node over neighbouring features; the lower feature, then the lower threshold,
 * among equals. Writes gain, feature, threshold, and the left child's two sums as five binary64 numbers; a gain
 * of 0 where no split is allowed.
 *
 * @param binCounts by feature, 32 bits: how many bins it has, 0 for one that was not drawn.
 * @param sums the node's two sums, as integers in binary64.
 * @param rule by places of 8 bytes: unit of a gradient, unit of a second derivative, l2, least leaf weight, least
 *   gain, and the gain that rounding alone may give.
 */
export function findSplit(
  histogram: usize,
  firstFeature: i32,
  features: i32,
  binCounts: usize,
  sums: usize,
  rule: usize,
  out: usize,
): void {
  const gradientUnit = load<f64>(rule)
  const curvatureUnit = load<f64>(rule, 8)
  const l2 = load<f64>(rule, 16)
  const leastWeight = load<f64>(rule, 24)
  const leastGain = load<f64>(rule, 32)
  const allG = load<f64>(sums)
  const allH = load<f64>(sums, 8)
  const whole = leafScore(allG * gradientUnit, allH * curvatureUnit, l2)
  let bestGain = load<f64>(rule, 40)
  let bestFeature = -1
  let bestThreshold = 0
  let bestG: f64 = 0
  let bestH: f64 = 0
  for (let feature = 0; feature < features; feature++) {
    const last = load<i32>(binCounts + (<usize>(firstFeature + feature) << 2)) - 1
    let at = histogram + <usize>feature * FEATURE_BYTES
    let g: i64 = 0
    let h: i64 = 0
    for (let bin = 0; bin < last; bin++, at += 16) {
      g += load<i64>(at)
      h += load<i64>(at, 8)
      const leftG = <f64>g
      const leftH = <f64>h
      const leftWeight = leftH * curvatureUnit
      const rightWeight = (allH - leftH) * curvatureUnit
      if (leftWeight < leastWeight) continue
      if (rightWeight < leastWeight) break
      const left = leafScore(leftG * gradientUnit, leftWeight, l2)
      const right = leafScore((allG - leftG) * gradientUnit, rightWeight, l2)
      const gain = left + right - whole
      if (gain > bestGain && gain >= leastGain) {
        bestGain = gain
        bestFeature = firstFeature + feature
        bestThreshold = bin
        bestG = leftG
        bestH = leftH
      }
    }
  }
  store<f64>(out, bestFeature < 0 ? 0 : bestGain)
  store<f64>(out, <f64>bestFeature, 8)
  store<f64>(out, <f64>bestThreshold, 16)
  store<f64>(out, bestG, 24)
  store<f64>(out, bestH, 32)
}
