// Evaluates quantised networks. Positions are what one layer computes at once: rows of a batch, or steps in time. A row
// of activations is int16, padded with zeros to a multiple of 4; a layer is described by words in memory (the caller's
// layout, models/sealed/networkLayout.ts, names them in this order).

const POSITIONS: i32 = 0
const TAPS: i32 = 1
/** Pairs of inputs of a tap, the last one padded. */
const PAIRS: i32 = 2
/** Outputs, padded to a multiple of 4. */
const OUTPUTS: i32 = 3
/** int16 [block of outputs][tap][pair][output of the block][input of the pair]; blocks of 16, then of 4. */
const WEIGHTS: i32 = 4
/** int32 by output. */
const BIASES: i32 = 5
/** float64 by output: multiplier / 2^shift, which is exact. */
const SCALES: i32 = 6
/** Addresses [position][tap] of rows of inputs. */
const READS: i32 = 7
/** Address [position] of the row of outputs. */
const WRITES: i32 = 8
/** Addresses [position] of rows that are added after the ReLU; 0 for a layer without. */
const CARRIES: i32 = 9
/** Address of a float64: multiplier / 2^shift of what is added. */
const CARRY_SCALE: i32 = 10
const RELU: i32 = 11
/** Whether the outputs are the score, an int32. */
const LAST: i32 = 12
/** int32 [position][output]: sums that `change` keeps up. */
const SUMS: i32 = 13
/** int16 [tap][input][output], for `change`. */
const COLUMN_WEIGHTS: i32 = 14
const LAYER_BYTES: i32 = 64

// @ts-ignore: decorator
@inline function word(layer: usize, place: i32): i32 {
  return load<i32>(layer + (place << 2))
}

// @ts-ignore: decorator
@inline function entry(table: i32, place: i32): usize {
  return <usize>load<i32>(<usize>table + (place << 2))
}

/** Scaled to (value − mean) / std within ±8, in 1/4,096 rounded half up; 0 where missing, infinite or never varying. */
export function scaleInputs(
  features: usize, inputs: usize, rows: i32, columns: i32, padded: i32, mean: usize, std: usize,
): void {
  const zero = f32x4.splat(0)
  const low = f32x4.splat(-8)
  const high = f32x4.splat(8)
  const one = f32x4.splat(4096)
  const half = f32x4.splat(0.5)
  for (let row = 0; row < rows; row++) {
    // The lanes behind the last column read what follows; their deviation is 0, so they are 0.
    for (let column = 0; column < padded; column += 4) {
      const value = v128.load(features + (<usize>column << 2))
      const deviation = v128.load(std + (<usize>column << 2))
      const live = v128.and(f32x4.eq(f32x4.sub(value, value), zero), f32x4.ne(deviation, zero))
      const scaled = f32x4.div(f32x4.sub(value, v128.load(mean + (<usize>column << 2))), deviation)
      const limited = f32x4.mul(f32x4.max(f32x4.min(v128.and(scaled, live), high), low), one)
      // Adding a half first could round; the part behind the point is exact wherever it is near a half.
      const whole = f32x4.floor(limited)
      const up = f32x4.ge(f32x4.sub(limited, whole), half)
      const rounded = i32x4.sub(i32x4.trunc_sat_f32x4_s(whole), up)
      v128.store64_lane(inputs + (<usize>column << 1), i16x8.narrow_i32x4_s(rounded, rounded), 0)
    }
    features += <usize>columns << 2
    inputs += <usize>padded << 1
  }
}

/**
 * ⌊value · scale + ½⌋ of four int32, saturating; for a ReLU 0 where that is negative. Products stay under 2^47, so that
 * a float64 holds them exactly.
 */
// @ts-ignore: decorator
@inline function requantised(values: v128, low: v128, high: v128, relu: bool): v128 {
  const half = f64x2.splat(0.5)
  const upper = i8x16.shuffle(values, values, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15)
  let first = f64x2.add(f64x2.mul(f64x2.convert_low_i32x4_s(values), low), half)
  let second = f64x2.add(f64x2.mul(f64x2.convert_low_i32x4_s(upper), high), half)
  // Cutting off the part behind the point is rounding down, but for what is negative.
  if (!relu) {
    first = f64x2.floor(first)
    second = f64x2.floor(second)
  }
  const whole = i8x16.shuffle(
    i32x4.trunc_sat_f64x2_s_zero(first), i32x4.trunc_sat_f64x2_s_zero(second),
    0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23,
  )
  return relu ? i32x4.max_s(whole, i32x4.splat(0)) : whole
}

/** Turns the sums of four outputs at a position into activations, or the score. */
// @ts-ignore: decorator
@inline function finish(layer: usize, position: i32, output: i32, sums: v128, offset: usize): void {
  const scales = <usize>word(layer, SCALES) + (<usize>output << 3)
  const target = entry(word(layer, WRITES), position) + offset
  if (word(layer, LAST)) {
    const values = requantised(sums, v128.load(scales), v128.load(scales, 16), false)
    store<i32>(target, i32x4.extract_lane(values, 0))
    return
  }
  const values = word(layer, RELU)
    ? requantised(sums, v128.load(scales), v128.load(scales, 16), true)
    : requantised(sums, v128.load(scales), v128.load(scales, 16), false)
  const activations = carried(layer, position, output, i16x8.narrow_i32x4_s(values, values))
  v128.store64_lane(target + (<usize>output << 1), activations, 0)
}

/** Four activations with what is added to them, where the layer adds something. */
// @ts-ignore: decorator
@inline function carried(layer: usize, position: i32, output: i32, activations: v128): v128 {
  const carries = word(layer, CARRIES)
  if (!carries) return activations
  const scale = v128.load64_splat(<usize>word(layer, CARRY_SCALE))
  const own = v128.load16x4_s(entry(carries, position) + (<usize>output << 1))
  const added = requantised(own, scale, scale, false)
  return i16x8.add_sat_s(activations, i16x8.narrow_i32x4_s(added, added))
}

/** The same of sixteen outputs. */
// @ts-ignore: decorator
@inline function finishSixteen(
  layer: usize, position: i32, output: i32, s0: v128, s1: v128, s2: v128, s3: v128,
): void {
  if (word(layer, LAST) || word(layer, CARRIES) || !word(layer, RELU)) {
    finish(layer, position, output, s0, 0)
    finish(layer, position, output + 4, s1, 0)
    finish(layer, position, output + 8, s2, 0)
    finish(layer, position, output + 12, s3, 0)
    return
  }
  // What nearly every layer is: a ReLU and nothing more.
  const scales = <usize>word(layer, SCALES) + (<usize>output << 3)
  const target = entry(word(layer, WRITES), position) + (<usize>output << 1)
  const v0 = requantised(s0, v128.load(scales), v128.load(scales, 16), true)
  const v1 = requantised(s1, v128.load(scales, 32), v128.load(scales, 48), true)
  const v2 = requantised(s2, v128.load(scales, 64), v128.load(scales, 80), true)
  const v3 = requantised(s3, v128.load(scales, 96), v128.load(scales, 112), true)
  v128.store(target, i16x8.narrow_i32x4_s(v0, v1))
  v128.store(target, i16x8.narrow_i32x4_s(v2, v3), 16)
}

// @ts-ignore: decorator
@inline function keep(layer: usize, position: i32, output: i32, sums: v128): void {
  v128.store(<usize>word(layer, SUMS) + (<usize>(position * word(layer, OUTPUTS) + output) << 2), sums)
}

/** Sixteen outputs at two positions, which share the weights that are loaded. */
// @ts-ignore: decorator
@inline function sixteenTwice(layer: usize, position: i32, output: i32): void {
  const taps = word(layer, TAPS)
  const bytes = <usize>word(layer, PAIRS) << 2
  const biases = <usize>word(layer, BIASES) + (<usize>output << 2)
  let weights = <usize>word(layer, WEIGHTS) + <usize>(output * taps) * bytes
  let a0 = v128.load(biases), a1 = v128.load(biases, 16), a2 = v128.load(biases, 32), a3 = v128.load(biases, 48)
  let b0 = a0, b1 = a1, b2 = a2, b3 = a3
  for (let tap = 0; tap < taps; tap++) {
    let a = entry(word(layer, READS), position * taps + tap)
    const end = a + bytes
    const apart = entry(word(layer, READS), (position + 1) * taps + tap) - a
    for (; a < end; a += 4, weights += 64) {
      const x = v128.load32_splat(a)
      const y = v128.load32_splat(a + apart)
      const w0 = v128.load(weights), w1 = v128.load(weights, 16)
      const w2 = v128.load(weights, 32), w3 = v128.load(weights, 48)
      a0 = i32x4.add(a0, i32x4.dot_i16x8_s(x, w0))
      b0 = i32x4.add(b0, i32x4.dot_i16x8_s(y, w0))
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(x, w1))
      b1 = i32x4.add(b1, i32x4.dot_i16x8_s(y, w1))
      a2 = i32x4.add(a2, i32x4.dot_i16x8_s(x, w2))
      b2 = i32x4.add(b2, i32x4.dot_i16x8_s(y, w2))
      a3 = i32x4.add(a3, i32x4.dot_i16x8_s(x, w3))
      b3 = i32x4.add(b3, i32x4.dot_i16x8_s(y, w3))
    }
  }
  finishSixteen(layer, position, output, a0, a1, a2, a3)
  finishSixteen(layer, position + 1, output, b0, b1, b2, b3)
}

// @ts-ignore: decorator
@inline function sixteen(layer: usize, position: i32, output: i32, raw: bool): void {
  const taps = word(layer, TAPS)
  const bytes = <usize>word(layer, PAIRS) << 2
  const biases = <usize>word(layer, BIASES) + (<usize>output << 2)
  let weights = <usize>word(layer, WEIGHTS) + <usize>(output * taps) * bytes
  let a0 = v128.load(biases), a1 = v128.load(biases, 16), a2 = v128.load(biases, 32), a3 = v128.load(biases, 48)
  for (let tap = 0; tap < taps; tap++) {
    let a = entry(word(layer, READS), position * taps + tap)
    const end = a + bytes
    for (; a < end; a += 4, weights += 64) {
      const x = v128.load32_splat(a)
      a0 = i32x4.add(a0, i32x4.dot_i16x8_s(x, v128.load(weights)))
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(x, v128.load(weights, 16)))
      a2 = i32x4.add(a2, i32x4.dot_i16x8_s(x, v128.load(weights, 32)))
      a3 = i32x4.add(a3, i32x4.dot_i16x8_s(x, v128.load(weights, 48)))
    }
  }
  if (!raw) return finishSixteen(layer, position, output, a0, a1, a2, a3)
  keep(layer, position, output, a0)
  keep(layer, position, output + 4, a1)
  keep(layer, position, output + 8, a2)
  keep(layer, position, output + 12, a3)
}

// @ts-ignore: decorator
@inline function four(layer: usize, position: i32, output: i32, raw: bool): void {
  const taps = word(layer, TAPS)
  const bytes = <usize>word(layer, PAIRS) << 2
  let weights = <usize>word(layer, WEIGHTS) + <usize>(output * taps) * bytes
  let sums = v128.load(<usize>word(layer, BIASES) + (<usize>output << 2))
  for (let tap = 0; tap < taps; tap++) {
    let a = entry(word(layer, READS), position * taps + tap)
    const end = a + bytes
    for (; a < end; a += 4, weights += 16)
      sums = i32x4.add(sums, i32x4.dot_i16x8_s(v128.load32_splat(a), v128.load(weights)))
  }
  if (raw) keep(layer, position, output, sums)
  else finish(layer, position, output, sums, 0)
}

/** Computes the layers from one place to before another, in order. */
export function evaluate(layers: usize, from: i32, to: i32): void {
  for (let place = from; place < to; place++) {
    const layer = layers + <usize>(place * LAYER_BYTES)
    const positions = word(layer, POSITIONS)
    const outputs = word(layer, OUTPUTS)
    let output = 0
    // Positions inside: a block's weights stay in the nearest cache.
    for (; output + 16 <= outputs; output += 16) {
      let position = 0
      for (; position + 2 <= positions; position += 2) sixteenTwice(layer, position, output)
      if (position < positions) sixteen(layer, position, output, false)
    }
    for (; output < outputs; output += 4)
      for (let position = 0; position < positions; position++) four(layer, position, output, false)
  }
}

/** Computes a layer's sums, and keeps them instead of going on. */
export function begin(layer: usize): void {
  const positions = word(layer, POSITIONS)
  const outputs = word(layer, OUTPUTS)
  let output = 0
  for (; output + 16 <= outputs; output += 16)
    for (let position = 0; position < positions; position++) sixteen(layer, position, output, true)
  for (; output < outputs; output += 4)
    for (let position = 0; position < positions; position++) four(layer, position, output, true)
}

/**
 * Sets a column of the inputs, at every step, to that of other inputs, and brings the kept sums up to date. Returns
 * whether any value differed.
 *
 * @param bytes of a row of inputs. `inputs` and `targets` are equally laid out.
 */
export function change(layer: usize, inputs: usize, targets: usize, steps: i32, bytes: i32, column: i32): bool {
  let changed = false
  const at = <usize>column << 1
  for (let step = 0; step < steps; step++) {
    const row = <usize>(step * bytes) + at
    if (load<i16>(inputs + row) != load<i16>(targets + row)) changed = true
  }
  if (!changed) return false
  const positions = word(layer, POSITIONS)
  const taps = word(layer, TAPS)
  const outputs = word(layer, OUTPUTS)
  const width = bytes >> 1
  const end = inputs + <usize>(steps * bytes)
  for (let position = 0; position < positions; position++) {
    const sums = <usize>word(layer, SUMS) + (<usize>(position * outputs) << 2)
    for (let tap = 0; tap < taps; tap++) {
      const row = entry(word(layer, READS), position * taps + tap)
      // Rows before the first step are zeros elsewhere.
      if (row < inputs || row >= end) continue
      const delta = <i32>load<i16>(targets + (row - inputs) + at) - <i32>load<i16>(row + at)
      if (delta == 0) continue
      const weights = <usize>word(layer, COLUMN_WEIGHTS) + (<usize>((tap * width + column) * outputs) << 1)
      const deltas = i32x4.splat(delta)
      for (let output: usize = 0; output < <usize>outputs; output += 4) {
        const sum = sums + (output << 2)
        const moved = i32x4.mul(v128.load16x4_s(weights + (output << 1)), deltas)
        v128.store(sum, i32x4.add(v128.load(sum), moved))
      }
    }
  }
  for (let step = 0; step < steps; step++) {
    const row = <usize>(step * bytes) + at
    store<i16>(inputs + row, load<i16>(targets + row))
  }
  return true
}

/** Turns the kept sums into the layer's outputs, written `offset` bytes behind their rows. */
export function complete(layer: usize, offset: usize): void {
  const positions = word(layer, POSITIONS)
  const outputs = word(layer, OUTPUTS)
  for (let position = 0; position < positions; position++) {
    const sums = <usize>word(layer, SUMS) + (<usize>(position * outputs) << 2)
    for (let output = 0; output < outputs; output += 4)
      finish(layer, position, output, v128.load(sums + (<usize>output << 2)), offset)
  }
}
