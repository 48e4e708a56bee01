// What trains networks, in binary32 with SIMD. Every sum has one order, whatever the machine and the number of
// threads: no fused multiply-add, no relaxed operation. Widths are padded to multiples of 8 with zeros, blocks of rows
// to multiples of 4; addresses are bytes. The weights of a layer lie in panels of 8 outputs, [panel][tap][input][8].
export { adam, transpose } from './_networkUpdate'

/**
 * output[row][o] = biases[o] + the sum over taps, then over inputs, of segment[row][input] · weight: a layer at one
 * position, and with transposed weights the gradient of its input. A segment is the address of a block of rows for
 * each tap, 0 for a tap that reads nothing.
 */
export function multiply(
  segments: usize, taps: i32, inputs: i32, rows: i32, panels: i32, weights: usize, biases: usize, output: usize,
): void {
  // No address is odd, so that no comparison with these holds: each ends a block of instructions, without which V8
  // loads ahead for all four inputs, runs out of registers and takes twice as long.
  const fence1 = weights + 1
  const fence2 = weights + 2
  const fence3 = weights + 3
  const xBytes: usize = inputs << 2
  const outputBytes: usize = panels << 5
  const tapBytes: usize = inputs << 5
  for (let panel = 0; panel < panels; panel++) {
    const bias0 = v128.load(biases + (<usize>panel << 5))
    const bias1 = v128.load(biases + (<usize>panel << 5), 16)
    const panelAt = weights + <usize>(panel * taps) * tapBytes
    // Blocks of 4 rows by 8 outputs: their sums stay in registers.
    for (let row = 0; row < rows; row += 4) {
      let a0 = bias0
      let b0 = bias1
      let a1 = bias0
      let b1 = bias1
      let a2 = bias0
      let b2 = bias1
      let a3 = bias0
      let b3 = bias1
      for (let tap = 0; tap < taps; tap++) {
        const segment = <usize>load<u32>(segments + (<usize>tap << 2))
        if (segment == 0) continue
        let x0 = segment + <usize>row * xBytes
        let x1 = x0 + xBytes
        let x2 = x1 + xBytes
        let x3 = x2 + xBytes
        let w = panelAt + <usize>tap * tapBytes
        const end = w + tapBytes
        while (w < end) {
          let w0: v128, w1: v128, x: v128
          w0 = v128.load(w, 0)
          w1 = v128.load(w, 16)
          x = v128.load32_splat(x0, 0)
          a0 = f32x4.add(a0, f32x4.mul(x, w0))
          b0 = f32x4.add(b0, f32x4.mul(x, w1))
          x = v128.load32_splat(x1, 0)
          a1 = f32x4.add(a1, f32x4.mul(x, w0))
          b1 = f32x4.add(b1, f32x4.mul(x, w1))
          x = v128.load32_splat(x2, 0)
          a2 = f32x4.add(a2, f32x4.mul(x, w0))
          b2 = f32x4.add(b2, f32x4.mul(x, w1))
          x = v128.load32_splat(x3, 0)
          a3 = f32x4.add(a3, f32x4.mul(x, w0))
          b3 = f32x4.add(b3, f32x4.mul(x, w1))
          if (w == fence1) break
          w0 = v128.load(w, 32)
          w1 = v128.load(w, 48)
          x = v128.load32_splat(x0, 4)
          a0 = f32x4.add(a0, f32x4.mul(x, w0))
          b0 = f32x4.add(b0, f32x4.mul(x, w1))
          x = v128.load32_splat(x1, 4)
          a1 = f32x4.add(a1, f32x4.mul(x, w0))
          b1 = f32x4.add(b1, f32x4.mul(x, w1))
          x = v128.load32_splat(x2, 4)
          a2 = f32x4.add(a2, f32x4.mul(x, w0))
          b2 = f32x4.add(b2, f32x4.mul(x, w1))
          x = v128.load32_splat(x3, 4)
          a3 = f32x4.add(a3, f32x4.mul(x, w0))
          b3 = f32x4.add(b3, f32x4.mul(x, w1))
          if (w == fence2) break
          w0 = v128.load(w, 64)
          w1 = v128.load(w, 80)
          x = v128.load32_splat(x0, 8)
          a0 = f32x4.add(a0, f32x4.mul(x, w0))
          b0 = f32x4.add(b0, f32x4.mul(x, w1))
          x = v128.load32_splat(x1, 8)
          a1 = f32x4.add(a1, f32x4.mul(x, w0))
          b1 = f32x4.add(b1, f32x4.mul(x, w1))
          x = v128.load32_splat(x2, 8)
          a2 = f32x4.add(a2, f32x4.mul(x, w0))
          b2 = f32x4.add(b2, f32x4.mul(x, w1))
          x = v128.load32_splat(x3, 8)
          a3 = f32x4.add(a3, f32x4.mul(x, w0))
          b3 = f32x4.add(b3, f32x4.mul(x, w1))
          if (w == fence3) break
          w0 = v128.load(w, 96)
          w1 = v128.load(w, 112)
          x = v128.load32_splat(x0, 12)
          a0 = f32x4.add(a0, f32x4.mul(x, w0))
          b0 = f32x4.add(b0, f32x4.mul(x, w1))
          x = v128.load32_splat(x1, 12)
          a1 = f32x4.add(a1, f32x4.mul(x, w0))
          b1 = f32x4.add(b1, f32x4.mul(x, w1))
          x = v128.load32_splat(x2, 12)
          a2 = f32x4.add(a2, f32x4.mul(x, w0))
          b2 = f32x4.add(b2, f32x4.mul(x, w1))
          x = v128.load32_splat(x3, 12)
          a3 = f32x4.add(a3, f32x4.mul(x, w0))
          b3 = f32x4.add(b3, f32x4.mul(x, w1))
          x0 += 16
          x1 += 16
          x2 += 16
          x3 += 16
          w += 128
        }
      }
      let out = output + <usize>row * outputBytes + (<usize>panel << 5)
      v128.store(out, a0)
      v128.store(out, b0, 16)
      out += outputBytes
      v128.store(out, a1)
      v128.store(out, b1, 16)
      out += outputBytes
      v128.store(out, a2)
      v128.store(out, b2, 16)
      out += outputBytes
      v128.store(out, a3)
      v128.store(out, b3, 16)
    }
  }
}

/**
 * Adds to the gradient of one tap's weights input · delta, summed over pairs of blocks and then over their rows.
 *
 * @param pairs addresses of a block of inputs and of a block of deltas, alternating.
 * @param gradient of the tap in the first panel; the next panel's lies `panelBytes` further.
 */
export function addWeightGradient(
  pairs: usize, count: i32, rows: i32, inputs: i32, panels: i32, gradient: usize, panelBytes: usize,
): void {
  // As in `multiply`.
  const fence = pairs + 1
  const xBytes: usize = inputs << 2
  const dBytes: usize = panels << 5
  const pairsEnd = pairs + (<usize>count << 3)
  for (let panel = 0; panel < panels; panel++) {
    for (let input = 0; input < inputs; input += 4) {
      const at = gradient + <usize>panel * panelBytes + (<usize>input << 5)
      let a0 = v128.load(at)
      let b0 = v128.load(at, 16)
      let a1 = v128.load(at, 32)
      let b1 = v128.load(at, 48)
      let a2 = v128.load(at, 64)
      let b2 = v128.load(at, 80)
      let a3 = v128.load(at, 96)
      let b3 = v128.load(at, 112)
      for (let pair = pairs; pair < pairsEnd; pair += 8) {
        let x = <usize>load<u32>(pair) + (<usize>input << 2)
        let d = <usize>load<u32>(pair, 4) + (<usize>panel << 5)
        for (let row = 0; row < rows; row += 4) {
          let d0: v128, d1: v128, s: v128
          d0 = v128.load(d)
          d1 = v128.load(d, 16)
          s = v128.load32_splat(x, 0)
          a0 = f32x4.add(a0, f32x4.mul(s, d0))
          b0 = f32x4.add(b0, f32x4.mul(s, d1))
          s = v128.load32_splat(x, 4)
          a1 = f32x4.add(a1, f32x4.mul(s, d0))
          b1 = f32x4.add(b1, f32x4.mul(s, d1))
          s = v128.load32_splat(x, 8)
          a2 = f32x4.add(a2, f32x4.mul(s, d0))
          b2 = f32x4.add(b2, f32x4.mul(s, d1))
          s = v128.load32_splat(x, 12)
          a3 = f32x4.add(a3, f32x4.mul(s, d0))
          b3 = f32x4.add(b3, f32x4.mul(s, d1))
          x += xBytes
          d += dBytes
          if (d == fence) break
          d0 = v128.load(d)
          d1 = v128.load(d, 16)
          s = v128.load32_splat(x, 0)
          a0 = f32x4.add(a0, f32x4.mul(s, d0))
          b0 = f32x4.add(b0, f32x4.mul(s, d1))
          s = v128.load32_splat(x, 4)
          a1 = f32x4.add(a1, f32x4.mul(s, d0))
          b1 = f32x4.add(b1, f32x4.mul(s, d1))
          s = v128.load32_splat(x, 8)
          a2 = f32x4.add(a2, f32x4.mul(s, d0))
          b2 = f32x4.add(b2, f32x4.mul(s, d1))
          s = v128.load32_splat(x, 12)
          a3 = f32x4.add(a3, f32x4.mul(s, d0))
          b3 = f32x4.add(b3, f32x4.mul(s, d1))
          x += xBytes
          d += dBytes
          if (d == fence) break
          d0 = v128.load(d)
          d1 = v128.load(d, 16)
          s = v128.load32_splat(x, 0)
          a0 = f32x4.add(a0, f32x4.mul(s, d0))
          b0 = f32x4.add(b0, f32x4.mul(s, d1))
          s = v128.load32_splat(x, 4)
          a1 = f32x4.add(a1, f32x4.mul(s, d0))
          b1 = f32x4.add(b1, f32x4.mul(s, d1))
          s = v128.load32_splat(x, 8)
          a2 = f32x4.add(a2, f32x4.mul(s, d0))
          b2 = f32x4.add(b2, f32x4.mul(s, d1))
          s = v128.load32_splat(x, 12)
          a3 = f32x4.add(a3, f32x4.mul(s, d0))
          b3 = f32x4.add(b3, f32x4.mul(s, d1))
          x += xBytes
          d += dBytes
          if (d == fence) break
          d0 = v128.load(d)
          d1 = v128.load(d, 16)
          s = v128.load32_splat(x, 0)
          a0 = f32x4.add(a0, f32x4.mul(s, d0))
          b0 = f32x4.add(b0, f32x4.mul(s, d1))
          s = v128.load32_splat(x, 4)
          a1 = f32x4.add(a1, f32x4.mul(s, d0))
          b1 = f32x4.add(b1, f32x4.mul(s, d1))
          s = v128.load32_splat(x, 8)
          a2 = f32x4.add(a2, f32x4.mul(s, d0))
          b2 = f32x4.add(b2, f32x4.mul(s, d1))
          s = v128.load32_splat(x, 12)
          a3 = f32x4.add(a3, f32x4.mul(s, d0))
          b3 = f32x4.add(b3, f32x4.mul(s, d1))
          x += xBytes
          d += dBytes
        }
      }
      v128.store(at, a0)
      v128.store(at, b0, 16)
      v128.store(at, a1, 32)
      v128.store(at, b1, 48)
      v128.store(at, a2, 64)
      v128.store(at, b2, 80)
      v128.store(at, a3, 96)
      v128.store(at, b3, 112)
    }
  }
}

/** Adds the deltas of blocks that lie one after the other, row by row, to the gradient of the biases. */
export function addBiasGradient(deltas: usize, rows: i32, panels: i32, gradient: usize): void {
  const bytes: usize = panels << 5
  for (let at: usize = 0; at < bytes; at += 16) {
    let sum = v128.load(gradient + at)
    let d = deltas + at
    for (let row = 0; row < rows; row++, d += bytes) sum = f32x4.add(sum, v128.load(d))
    v128.store(gradient + at, sum)
  }
}

/** Puts 0 for what is below it; `bytes` is a multiple of 16, as below. */
export function relu(values: usize, bytes: usize): void {
  const zero = f32x4.splat(0)
  // pmax(a, b) is a < b ? b : a, so that what is no number stays none.
  for (let at: usize = 0; at < bytes; at += 16)
    v128.store(values + at, f32x4.pmax(v128.load(values + at), zero))
}

/** sums = left + right. */
export function add(left: usize, right: usize, sums: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16)
    v128.store(sums + at, f32x4.add(v128.load(left + at), v128.load(right + at)))
}

/** The gradient before a ReLU: that of its output where the output is above 0, else 0. */
export function reluGradient(gradient: usize, outputs: usize, result: usize, bytes: usize): void {
  const zero = f32x4.splat(0)
  for (let at: usize = 0; at < bytes; at += 16) {
    const passes = f32x4.gt(v128.load(outputs + at), zero)
    v128.store(result + at, v128.and(v128.load(gradient + at), passes))
  }
}

/**
 * Gathers rows of a matrix, `back` rows before each of those named, and scales them as `scaleValue` does:
 * (value − mean) / std, cut off at the limit, 0 where the value is missing or the deviation is 0. Reads up to 7 values
 * past a row: padded columns have a deviation of 0.
 */
export function gather(
  matrix: usize, columns: i32, rows: usize, count: i32, back: i32, means: usize, deviations: usize, limit: f32,
  inputs: i32, output: usize,
): void {
  const bytes: usize = inputs << 2
  const zero = f32x4.splat(0)
  const high = f32x4.splat(limit)
  const low = f32x4.splat(-limit)
  let out = output
  for (let place = 0; place < count; place++, out += bytes) {
    const from = matrix + <usize>(load<i32>(rows + (<usize>place << 2)) - back) * (<usize>columns << 2)
    for (let at: usize = 0; at < bytes; at += 16) {
      const value = v128.load(from + at)
      const deviation = v128.load(deviations + at)
      const scaled = f32x4.div(f32x4.sub(value, v128.load(means + at)), deviation)
      // pmin(a, b) is b < a ? b : a.
      const limited = f32x4.pmax(f32x4.pmin(scaled, high), low)
      const usable = v128.and(f32x4.eq(f32x4.sub(value, value), zero), f32x4.ne(deviation, zero))
      v128.store(out + at, v128.and(limited, usable))
    }
  }
}
