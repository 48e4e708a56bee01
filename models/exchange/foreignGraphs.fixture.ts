import { gaussian, seededRandom } from '../../core/index.ts'
import { fitScaler } from '../scaler.ts'
import type { FromOnnxOptions } from './fromOnnx.ts'
import { OnnxWriter } from './onnxWriter.ts'
import { randomFeatures } from './randomModels.fixture.ts'

/** A graph as another framework would export it, from `x` to `y`. */
export type Graph = {
  readonly shape: readonly number[]
  readonly write: (writer: OnnxWriter, floats: (name: string, dims: readonly number[]) => string) => void
}

export function foreignBytes({ shape, write }: Graph): Uint8Array {
  const random = seededRandom(9)
  const writer = new OnnxWriter()
  write(writer, (name, dims) => {
    const count = dims.reduce((product, dim) => product * dim, 1)
    const spread = 1.5 / Math.sqrt(count / (dims[0] ?? 1))
    return writer.floats(
      name,
      Float32Array.from({ length: count }, () => gaussian(random) * spread),
      dims,
    )
  })
  return writer.toBytes({
    name: 'main_graph',
    input: { name: 'x', shape: ['batch', ...shape] },
    outputs: [{ name: 'y', shape: ['batch', 1] }],
    metadata: {},
  })
}

/** Writes the nodes of one fully connected layer with ReLU as PyTorch exports it. */
function linearRelu(
  writer: OnnxWriter,
  floats: (name: string, dims: readonly number[]) => string,
  { from, inputs, outputs, name }: { from: string; inputs: number; outputs: number; name: string },
): string {
  const weight = floats(`${name}.weight`, [outputs, inputs])
  const bias = floats(`${name}.bias`, [outputs])
  const sum = writer.node('Gemm', [from, weight, bias], { name: `/${name}/Gemm`, attributes: { transB: 1 } })
  return writer.node('Relu', [sum], { name: `/${name}/Relu` })
}

/** Writes the last layer, of one output. */
export const output = (
  writer: OnnxWriter,
  floats: (name: string, dims: readonly number[]) => string,
  from: string,
  inputs: number,
  name = 'y',
) =>
  writer.node('Gemm', [from, floats('out.weight', [1, inputs]), floats('out.bias', [1])], {
    name,
    attributes: { transB: 1 },
  })

/** Attributes of a convolution with so many steps of padding on either side. */
export const causal = (taps: number, dilation: number, before: number, after: number) => ({
  kernel_shape: [taps],
  dilations: [dilation],
  pads: [before, after],
})

/** The amounts of a padding before the first step as PyTorch calculates them from F.pad's, which begin at the end. */
function padAmounts(writer: OnnxWriter, before: number): string {
  const list = (...values: number[]) => writer.integers('list', values, [values.length])
  const all = writer.node('Concat', [list(before, 0), list(0, 0, 0, 0)], {
    name: 'all',
    attributes: { axis: 0 },
  })
  const pairs = writer.node('Reshape', [all, list(-1, 2)], { name: 'pairs' })
  const bounds = [list(-1), list(Number.MIN_SAFE_INTEGER), list(0), list(-1)]
  const reversed = writer.node('Slice', [pairs, ...bounds], { name: 'reversed' })
  const sides = writer.node('Transpose', [reversed], { name: 'sides', attributes: { perm: [1, 0] } })
  const flat = writer.node('Reshape', [sides, list(-1)], { name: 'flat_amounts' })
  return writer.node('Cast', [flat], { name: 'amounts', attributes: { to: 7 } })
}
/** Networks as other frameworks export them, by what is special about each. */
export const GRAPHS: Readonly<
  Record<
    string,
    Graph & {
      readonly isProbability?: boolean
      readonly options?: FromOnnxOptions
      readonly isChannelFirst?: boolean
    }
  >
> = {
  'a perceptron of Gemm with a sigmoid': {
    shape: [5],
    isProbability: true,
    write(writer, floats) {
      const hidden = linearRelu(writer, floats, { from: 'x', inputs: 5, outputs: 7, name: 'fc1' })
      const next = linearRelu(writer, floats, { from: hidden, inputs: 7, outputs: 3, name: 'fc2' })
      writer.node('Sigmoid', [output(writer, floats, next, 3, 'logit')], { name: 'y' })
    },
  },
  'MatMul and Add, with scaling by Sub and Mul in front and dropout': {
    shape: [4],
    write(writer, floats) {
      const centred = writer.node('Sub', ['x', floats('centre', [4])], { name: 'centred' })
      const scaled = writer.node('Mul', [centred, floats('factor', [1, 4])], { name: 'scaled' })
      const product = writer.node('MatMul', [scaled, floats('kernel', [4, 6])], { name: 'product' })
      const sum = writer.node('Add', [floats('bias', [6]), product], { name: 'sum' })
      const hidden = writer.node('Relu', [sum], { name: 'hidden' })
      const kept = writer.node('Dropout', [hidden], { name: 'kept' })
      const last = writer.node('MatMul', [kept, floats('kernel_out', [6, 1])], { name: 'last' })
      writer.node('Add', [last, floats('bias_out', [1])], { name: 'y' })
    },
  },
  'layers with batch normalisation before and behind them, and none between two': {
    shape: [3],
    write(writer, floats) {
      const norm = (from: string, width: number, name: string) =>
        writer.node(
          'BatchNormalization',
          [
            from,
            floats(`${name}.scale`, [width]),
            floats(`${name}.shift`, [width]),
            floats(`${name}.mean`, [width]),
            writer.floats(`${name}.variance`, new Float32Array(width).fill(2.5), [width]),
          ],
          { name },
        )
      const scaled = norm('x', 3, 'bn0')
      const weight = floats('wide.weight', [3, 8])
      const wide = writer.node('Gemm', [scaled, weight], { name: 'wide' })
      const hidden = linearRelu(writer, floats, { from: wide, inputs: 8, outputs: 5, name: 'fc1' })
      const normed = norm(hidden, 5, 'bn1')
      const sum = writer.node('Gemm', [normed, floats('w2', [5, 4]), floats('b2', [4])], { name: 'fc2' })
      const rectified = writer.node('Relu', [norm(sum, 4, 'bn2')], { name: 'relu2' })
      writer.node(
        'Squeeze',
        [output(writer, floats, rectified, 4, 'wide_y'), writer.integers('axes', [1], [1])],
        {
          name: 'flat',
        },
      )
      writer.node('Reshape', ['flat', writer.integers('shape', [-1, 1], [2])], { name: 'y' })
    },
  },
  'limits of its own around the scaled features': {
    shape: [3],
    write(writer, floats) {
      const centred = writer.node('Sub', ['x', floats('centre', [3])], { name: 'centred' })
      const scaled = writer.node('Div', [centred, writer.floats('spread', [0.5, 2, 3], [3])], {
        name: 'scaled',
      })
      const limited = writer.node(
        'Clip',
        [scaled, writer.floats('low', [-0.5]), writer.floats('high', [2])],
        {
          name: 'limited',
        },
      )
      output(
        writer,
        floats,
        linearRelu(writer, floats, { from: limited, inputs: 3, outputs: 4, name: 'fc1' }),
        4,
      )
    },
  },
  'convolutions that cut off what they padded behind, each adding its input (Bai et al.)': {
    shape: [4, 10],
    isChannelFirst: true,
    write(writer, floats) {
      let value = 'x'
      for (const [level, dilation] of [1, 2, 4].entries()) {
        const inputs = level === 0 ? 4 : 6
        const padding = 2 * dilation
        const sum = writer.node(
          'Conv',
          [value, floats(`conv${level}.weight`, [6, inputs, 3]), floats(`conv${level}.bias`, [6])],
          { name: `/conv${level}/Conv`, attributes: causal(3, dilation, padding, padding) },
        )
        const ends = [0, -padding, 2].map((at, place) =>
          writer.integers(`slice_${level}_${place}`, [at], [1]),
        )
        const chomped = writer.node('Slice', [sum, ...ends], { name: `/chomp${level}/Slice` })
        const rectified = writer.node('Relu', [chomped], { name: `/relu${level}/Relu` })
        value = level === 0 ? rectified : writer.node('Add', [rectified, value], { name: `/Add_${level}` })
      }
      const last = writer.node('Gather', [value, writer.integers('minus_one', [-1])], {
        name: 'last',
        attributes: { axis: 2 },
      })
      output(writer, floats, last, 6)
    },
  },
  'convolutions behind a Pad, of different widths and none adding its input': {
    // As many features as the levels have channels together.
    shape: [9, 12],
    write(writer, floats) {
      let value = writer.node('Transpose', ['x'], { name: 'swapped', attributes: { perm: [0, 2, 1] } })
      for (const [level, [inputs, outputs, taps]] of [
        [12, 5, 4],
        [5, 5, 2],
        [5, 2, 1],
      ].entries()) {
        const dilation = 2 ** level
        const amounts = padAmounts(writer, ((taps ?? 1) - 1) * dilation)
        const padded = writer.node('Pad', [value, amounts], { name: `padded_${level}` })
        const sum = writer.node(
          'Conv',
          [padded, floats(`w${level}`, [outputs ?? 1, inputs ?? 1, taps ?? 1])],
          {
            name: `sum_${level}`,
            attributes: causal(taps ?? 1, dilation, 0, 0),
          },
        )
        value = writer.node('Relu', [sum], { name: `level_${level}` })
      }
      const back = writer.node('Transpose', [value], { name: 'back', attributes: { perm: [0, 2, 1] } })
      const bounds = [[8], [9], [1]].map((at, place) => writer.integers(`slice_${place}`, at, [1]))
      const last = writer.node('Slice', [back, ...bounds], { name: 'last' })
      output(writer, floats, writer.node('Flatten', [last], { name: 'flat' }), 2)
    },
  },
  'convolutions without padding down to one step, scaled by a scaler from outside': {
    // 1 + 2·(1 + 2) steps go in.
    shape: [7, 2],
    options: {
      scaler: fitScaler(
        randomFeatures(400, seededRandom(8)),
        2,
        Uint32Array.from({ length: 200 }, (_, row) => row),
      ),
    },
    write(writer, floats) {
      let value = writer.node('Transpose', ['x'], { name: 'swapped', attributes: { perm: [0, 2, 1] } })
      for (const [level, inputs] of [2, 4].entries()) {
        const sum = writer.node(
          'Conv',
          [value, floats(`w${level}`, [4, inputs, 3]), floats(`b${level}`, [4])],
          {
            name: `sum_${level}`,
            attributes: causal(3, 2 ** level, 0, 0),
          },
        )
        value = writer.node('Relu', [sum], { name: `level_${level}` })
      }
      output(writer, floats, writer.node('Flatten', [value], { name: 'flat' }), 4)
    },
  },
}
