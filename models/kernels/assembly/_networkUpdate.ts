// The steps that follow a batch's gradient, over parameters as network.ts has them.

/** Moments nearer to 0 than this become 0: binary32 cannot hold them with all its digits, and is slow with them. */
const SMALLEST: f32 = 1e-30
const SMALLEST_SQUARE: f32 = 1e-37

/**
 * Adds the gradients of the slots in their order, and makes a step of Adam (Kingma and Ba, "Adam: A Method for
 * Stochastic Optimization", 2015, algorithm 1) for the parameters between two offsets, multiples of 16 bytes.
 *
 * @param scale multiplies the summed gradient, before l2 · parameter is added.
 * @param correction1, correction2 1 / (1 − β₁ᵗ) and 1 / (1 − β₂ᵗ).
 */
export function adam(
  parameters: usize, first: usize, second: usize, gradients: usize, slotBytes: usize, slots: i32, from: usize,
  to: usize, scale: f32, l2: f32, rate: f32, correction1: f32, correction2: f32,
): void {
  const beta1 = f32x4.splat(0.9)
  const rest1 = f32x4.splat(0.1)
  const beta2 = f32x4.splat(0.999)
  const rest2 = f32x4.splat(0.001)
  const epsilon = f32x4.splat(1e-8)
  const slotsEnd = gradients + <usize>slots * slotBytes
  for (let at = from; at < to; at += 16) {
    let sum = v128.load(gradients + at)
    for (let slot = gradients + slotBytes; slot < slotsEnd; slot += slotBytes)
      sum = f32x4.add(sum, v128.load(slot + at))
    const parameter = v128.load(parameters + at)
    const gradient = f32x4.add(
      f32x4.mul(sum, f32x4.splat(scale)), f32x4.mul(parameter, f32x4.splat(l2)))
    let m = f32x4.add(f32x4.mul(v128.load(first + at), beta1), f32x4.mul(gradient, rest1))
    m = v128.andnot(m, f32x4.lt(f32x4.abs(m), f32x4.splat(SMALLEST)))
    let v = f32x4.add(f32x4.mul(v128.load(second + at), beta2), f32x4.mul(f32x4.mul(gradient, gradient), rest2))
    v = v128.andnot(v, f32x4.lt(v, f32x4.splat(SMALLEST_SQUARE)))
    v128.store(first + at, m)
    v128.store(second + at, v)
    const step = f32x4.div(
      f32x4.mul(m, f32x4.splat(correction1)),
      f32x4.add(f32x4.sqrt(f32x4.mul(v, f32x4.splat(correction2))), epsilon))
    v128.store(parameters + at, f32x4.sub(parameter, f32x4.mul(step, f32x4.splat(rate))))
  }
}

/**
 * Transposes blocks of 8 inputs by 8 outputs of a layer's weights, numbered in their order, into panels of 8 inputs,
 * [panel][tap][output][8].
 */
export function transpose(
  weights: usize, transposed: usize, taps: i32, inputs: i32, outputs: i32, from: i32, to: i32,
): void {
  const inputBlocks = inputs >> 3
  const tapBlocks = taps * inputBlocks
  for (let block = from; block < to; block++) {
    const panel = block / tapBlocks
    const tap = (block % tapBlocks) / inputBlocks
    const inputBlock = block % inputBlocks
    const source = weights + (<usize>block << 8)
    const target = transposed + (<usize>((inputBlock * taps + tap) * outputs + (panel << 3)) << 5)
    for (let i: usize = 0; i < 8; i++)
      for (let o: usize = 0; o < 8; o++)
        store<f32>(target + (((o << 3) + i) << 2), load<f32>(source + (((i << 3) + o) << 2)))
  }
}
