// What a new tree changes: scores, losses and gradients.

import { drawOf } from './_treesDraw'
import { exactExp, exactLog, nearest } from './_treesMath'
import { TILE } from './_treesTile'

/** A score's unit: 1 / `SCORE_ONE`. */
const SCORE_UNIT: f64 = 1.0 / 1048576.0

/**
 * Takes rows through the newest tree: adds its leaf to their scores, sums their losses, and, for rows to fit to,
 * writes the gradients of those drawn for the next tree.
 *
 * @param plan by places of 4 bytes: nodes, leaf values, depth, scores, targets, weights, whether the loss is
 *   squared, key of the next draw, rows of the next list, its gradients; from byte 40, in binary64: scale of a
 *   gradient, of a second derivative, of a cover, and the limit of the next draw. A node is 8 bytes: address of
 *   its feature's bin at row 0, left child (16 bits), threshold. A leaf is its own left child, at threshold 255.
 * @param listAt place of the first row drawn in the next list; −1 for rows that are not fitted to.
 * @param covers by node, binary64: this thread's sums of weights.
 * @param stage 8 KiB that this thread alone uses.
 * @param out sum of losses; sums of gradients and of second derivatives of the rows drawn; greatest distance of
 *   score and target. Binary64.
 */
export function updateRows(
  plan: usize,
  firstRow: i32,
  count: i32,
  listAt: i32,
  covers: usize,
  stage: usize,
  out: usize,
): void {
  memory.fill(out, 0, 32)
  let place = listAt
  for (let row = firstRow, end = firstRow + count; row < end; row += <i32>TILE) {
    const size = min(<i32>TILE, end - row)
    walk(plan, row, size, stage)
    place = sumRows(plan, row, size, place, covers, stage, out)
  }
}

/** Adds the leaves of rows to their scores, and writes the leaves' nodes to the stage, 4 bytes each. */
function walk(plan: usize, firstRow: i32, count: i32, stage: usize): void {
  const nodes = <usize>load<u32>(plan)
  const values = <usize>load<u32>(plan, 4)
  const depth = load<i32>(plan, 8)
  const scores = <usize>load<u32>(plan, 12) + (<usize>firstRow << 2)
  for (let i: usize = 0; i < <usize>count; i++) {
    const binAt = (<usize>firstRow + i) << 4
    let node: usize = 0
    for (let level = 0; level < depth; level++) {
      const packed = load<u64>(nodes + (node << 3))
      const bin = <u32>load<u8>(<usize>(<u32>packed) + binAt)
      node = <usize>((<u32>(packed >> 32) & 0xffff) + <u32>(bin > <u32>(packed >> 48)))
    }
    store<u32>(stage + (i << 2), <u32>node)
    const score = scores + (i << 2)
    store<i32>(score, load<i32>(score) + load<i32>(values + (node << 2)))
  }
}

/** The rest of `updateRows`, two rows at a time; returns the next place in the list. */
function sumRows(
  plan: usize,
  firstRow: i32,
  count: i32,
  listAt: i32,
  covers: usize,
  stage: usize,
  out: usize,
): i32 {
  const from = <usize>firstRow << 2
  const scores = <usize>load<u32>(plan, 12) + from
  const targets = <usize>load<u32>(plan, 16) + from
  const weights = <usize>load<u32>(plan, 20) + from
  const isSquared = load<i32>(plan, 24) != 0
  const key = load<u32>(plan, 28)
  const listRows = <usize>load<u32>(plan, 32)
  const listGradients = <usize>load<u32>(plan, 36)
  const gradientScale = f64x2.splat(load<f64>(plan, 40))
  const curvatureScale = f64x2.splat(load<f64>(plan, 48))
  const coverScale = f64x2.splat(load<f64>(plan, 56))
  const limit = load<f64>(plan, 64)
  const isFitted = listAt >= 0
  let place = <usize>listAt
  let lossSum = load<f64>(out)
  let sumG = load<f64>(out, 8)
  let sumH = load<f64>(out, 16)
  let farthest = load<f64>(out, 24)
  for (let i = 0; i < count; i += 2) {
    const at = <usize>i << 2
    const margin = f64x2.mul(f64x2.convert_low_i32x4_s(v128.load64_zero(scores + at)), f64x2.splat(SCORE_UNIT))
    const target = f64x2.promote_low_f32x4(v128.load64_zero(targets + at))
    const weight = f64x2.promote_low_f32x4(v128.load64_zero(weights + at))
    let loss: v128
    let gradient: v128
    let curvature = f64x2.splat(1)
    if (isSquared) {
      gradient = f64x2.sub(margin, target)
      loss = f64x2.mul(f64x2.mul(f64x2.splat(0.5), gradient), gradient)
    } else {
      // Of the side that the score is on, and of the other: neither loses digits in 1 − p.
      const distance = f64x2.abs(margin)
      const e = exactExp(f64x2.neg(distance))
      const whole = f64x2.add(f64x2.splat(1), e)
      const near = f64x2.div(f64x2.splat(1), whole)
      const far = f64x2.mul(e, near)
      const isUp = f64x2.ge(margin, f64x2.splat(0))
      const isRise = f64x2.gt(target, f64x2.splat(0.5))
      gradient = f64x2.sub(v128.bitselect(near, far, isUp), target)
      curvature = f64x2.mul(near, far)
      loss = f64x2.add(exactLog(whole), v128.and(distance, v128.xor(isUp, isRise)))
    }
    loss = f64x2.mul(weight, loss)
    const isPair = i + 1 < count
    lossSum += f64x2.extract_lane(loss, 0)
    if (isPair) lossSum += f64x2.extract_lane(loss, 1)
    if (!isFitted) continue
    const cover = nearest(f64x2.mul(weight, coverScale))
    const g = nearest(f64x2.mul(f64x2.mul(weight, gradient), gradientScale))
    const h = nearest(f64x2.mul(f64x2.mul(weight, curvature), curvatureScale))
    const g32 = i32x4.trunc_sat_f64x2_s_zero(g)
    const h32 = i32x4.trunc_sat_f64x2_s_zero(h)
    const pairs = v128.shuffle<i32>(g32, h32, 0, 4, 1, 5)
    const first = covers + (<usize>load<u32>(stage + at) << 3)
    store<f64>(first, load<f64>(first) + f64x2.extract_lane(cover, 0))
    farthest = max(farthest, abs(f64x2.extract_lane(gradient, 0)))
    if (<f64>drawOf(<u32>(firstRow + i), key) < limit) {
      sumG += f64x2.extract_lane(g, 0)
      sumH += f64x2.extract_lane(h, 0)
      store<u32>(listRows + (place << 2), <u32>(firstRow + i))
      v128.store64_lane(listGradients + (place << 3), pairs, 0)
      place++
    }
    if (!isPair) break
    const second = covers + (<usize>load<u32>(stage + at, 4) << 3)
    store<f64>(second, load<f64>(second) + f64x2.extract_lane(cover, 1))
    farthest = max(farthest, abs(f64x2.extract_lane(gradient, 1)))
    if (<f64>drawOf(<u32>(firstRow + i + 1), key) < limit) {
      sumG += f64x2.extract_lane(g, 1)
      sumH += f64x2.extract_lane(h, 1)
      store<u32>(listRows + (place << 2), <u32>(firstRow + i + 1))
      v128.store64_lane(listGradients + (place << 3), pairs, 1)
      place++
    }
  }
  store<f64>(out, lossSum)
  store<f64>(out, sumG, 8)
  store<f64>(out, sumH, 16)
  store<f64>(out, farthest, 24)
  return isFitted ? <i32>place : listAt
}
