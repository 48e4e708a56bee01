import { describe, expect, test } from 'vitest'
import { InvalidInputError, seededRandom } from '../../core/index.ts'
import { fitScaler } from '../scaler.ts'
import { causal, foreignBytes, type Graph, output } from './foreignGraphs.fixture.ts'
import { type FromOnnxOptions, fromOnnx } from './fromOnnx.ts'
import { learnerOf, randomFeatures, randomNetwork, randomTrees } from './randomModels.fixture.ts'
import { toOnnx } from './toOnnx.ts'

const named = (columns: number) => Array.from({ length: columns }, (_, column) => `feature_${column}`)

describe('refuses, by name,', () => {
  const refused = (write: Graph['write'], shape: readonly number[] = [2], options?: FromOnnxOptions) => {
    try {
      fromOnnx(foreignBytes({ shape, write }), { scaler: 'unit', ...options })
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidInputError)
      return (error as Error).message
    }
    return 'nothing was refused'
  }

  test('an operator that it does not know', () => {
    expect(refused(writer => writer.node('Tanh', ['x'], { name: 'y' }))).toBe(
      'The ONNX node "y_node" (Tanh) is of an operator that is not supported; such a graph cannot be converted.',
    )
    expect(refused(writer => writer.node('toString', ['x'], { name: 'y' }))).toContain('not supported')
  })

  test('operators of another domain, trees among them', () => {
    const bytes = toOnnx(randomTrees(3, { seed: 1 }), { featureNames: named(3) })
    expect(() => fromOnnx(bytes)).toThrow(
      'The ONNX node "score_node" (TreeEnsembleRegressor) is of the operators of "ai.onnx.ml", of which none is supported',
    )
  })

  test('weights of another shape than their input', () => {
    expect(
      refused((writer, floats) => writer.node('MatMul', ['x', floats('w', [3, 1])], { name: 'y' })),
    ).toBe(
      'The ONNX node "y_node" (MatMul) takes weights of shape [3, 1] for 2 channels; such a graph cannot be converted.',
    )
  })

  test('more outputs than one', () => {
    expect(
      refused((writer, floats) => writer.node('MatMul', ['x', floats('w', [2, 3])], { name: 'y' })),
    ).toBe('Node "y_node" (MatMul) ends the network with 3 outputs; such a network cannot be imported.')
  })

  test('a convolution that sees later steps', () => {
    const message = refused(
      (writer, floats) => {
        const swap = writer.node('Transpose', ['x'], { name: 'swap', attributes: { perm: [0, 2, 1] } })
        writer.node('Conv', [swap, floats('w', [4, 2, 3])], { name: 'y', attributes: causal(3, 1, 1, 1) })
      },
      [6, 2],
    )
    expect(message).toContain('(Conv) pads 1 steps before and 1 after, not 2 before;')
  })

  test('steps behind the present one that nothing takes away', () => {
    const message = refused(
      (writer, floats) => {
        const sum = writer.node('Conv', ['x', floats('w', [4, 2, 3])], {
          name: 'c',
          attributes: causal(3, 1, 2, 2),
        })
        writer.node('Relu', [sum], { name: 'y' })
      },
      [2, 6],
    )
    expect(message).toContain('(Relu) sees steps after the present one;')
  })

  test('dilations that a network over time does not have', () => {
    const message = refused(
      (writer, floats) => {
        const sum = writer.node('Conv', ['x', floats('w', [4, 2, 3])], {
          name: 'c',
          attributes: causal(3, 3, 6, 0),
        })
        const level = writer.node('Relu', [sum], { name: 'r' })
        const last = writer.node('Gather', [level, writer.integers('i', [7])], {
          name: 'l',
          attributes: { axis: 2 },
        })
        output(writer, floats, last, 4)
      },
      [2, 8],
    )
    expect(message).toBe(
      'The convolution of node "c_node" (Conv) has dilation 3; level 0 of a network over time has 1.',
    )
  })

  test('missing values that stand for something other than the mean', () => {
    const message = refused((writer, floats) => {
      const missing = writer.node('IsNaN', ['x'], { name: 'missing' })
      const filled = writer.node('Where', [missing, writer.floats('fill', [-999]), 'x'], { name: 'filled' })
      output(writer, floats, filled, 2)
    })
    expect(message).toBe(
      'The imported network fills missing values of feature 0 with -999, in node "filled_node" (Where); Touchstone has no such scaling.',
    )
  })

  test('a sigmoid where a return is asked for', () => {
    const write: Graph['write'] = (writer, floats) =>
      writer.node('Sigmoid', [output(writer, floats, 'x', 2, 'logit')], { name: 'y' })
    expect(refused(write, [2], { objective: 'return' })).toBe(
      'The imported network ends in a sigmoid, so it cannot predict a return.',
    )
  })

  test('a second use of what another layer took', () => {
    const message = refused((writer, floats) => {
      writer.node('Relu', [writer.node('Gemm', ['x', floats('a', [2, 2])], { name: 'left' })], {
        name: 'used',
      })
      const right = writer.node('Gemm', ['x', floats('b', [2, 2])], { name: 'right' })
      writer.node('Add', ['used', right], { name: 'y' })
    })
    expect(message).toBe(
      'The ONNX node "right_node" (Gemm) branches off an earlier value; such a graph cannot be converted.',
    )
  })

  test('a step other than the last', () => {
    const message = refused(
      (writer, floats) => {
        const sum = writer.node('Conv', ['x', floats('w', [4, 2, 3])], {
          name: 'c',
          attributes: causal(3, 1, 2, 0),
        })
        const level = writer.node('Relu', [sum], { name: 'r' })
        const first = writer.node('Gather', [level, writer.integers('i', [0])], {
          name: 'l',
          attributes: { axis: 2 },
        })
        output(writer, floats, first, 4)
      },
      [2, 8],
    )
    expect(message).toContain('(Gather) takes something other than the last step;')
  })

  test('a tensor with fewer values than its shape', () => {
    expect(
      refused(writer => writer.node('MatMul', ['x', writer.floats('w', [1], [2, 1])], { name: 'y' })),
    ).toBe('The ONNX tensor "w" has 1 values for the shape [2, 1].')
  })

  test('a unit for what has none', () => {
    const write: Graph['write'] = (writer, floats) => output(writer, floats, 'x', 2)
    expect(refused(write, [2], { objective: 'direction', outputUnit: 0.01 })).toBe(
      'A model of the objective "direction" has no unit and no target scale.',
    )
    expect(refused(write, [2], { targetScale: 0 })).toBe(
      'The output unit 1 and the target scale 0 must be finite and above 0.',
    )
  })

  test('a scaler of other features, or beside limits of its own', () => {
    const scaler = fitScaler(
      randomFeatures(30, seededRandom(8)),
      3,
      Uint32Array.from({ length: 10 }, (_, row) => row),
    )
    const write: Graph['write'] = (writer, floats) => output(writer, floats, 'x', 2)
    expect(refused(write, [2], { scaler })).toBe('The scaler is of 3 features, the imported network of 2.')
    const own = toOnnx(randomNetwork(learnerOf({ kind: 'linear' }), 3, { seed: 1 }), {
      featureNames: named(3),
    })
    expect(() => fromOnnx(own, { scaler })).toThrow(
      'The imported network clips its inputs itself, in node "limited_node" (Clip).',
    )
  })

  test('padding that was shifted, where the last step sees it', () => {
    const message = refused(
      (writer, floats) => {
        let value = 'x'
        for (const [level, dilation] of [1, 2].entries()) {
          const inputs = level === 0 ? 2 : 4
          const sum = writer.node('Conv', [value, floats(`w${level}`, [4, inputs, 3])], {
            name: `c${level}`,
            attributes: causal(3, dilation, 2 * dilation, 0),
          })
          const rectified = writer.node('Relu', [sum], { name: `r${level}` })
          value = writer.node('Add', [rectified, floats(`shift${level}`, [4, 1])], { name: `a${level}` })
        }
        const last = writer.node('Gather', [value, writer.integers('i', [3])], {
          name: 'l',
          attributes: { axis: 2 },
        })
        output(writer, floats, last, 4)
      },
      [2, 4],
    )
    expect(message).toBe(
      'Node "c1_node" (Conv) pads with zeros what was shifted before; such a network cannot be imported.',
    )
  })

  test('features that nothing scales', () => {
    const bytes = foreignBytes({ shape: [2], write: (writer, floats) => output(writer, floats, 'x', 2) })
    expect(() => fromOnnx(bytes)).toThrow('The imported network takes its features unscaled.')
  })

  test('an output that is not there', () => {
    expect(refused((writer, floats) => output(writer, floats, 'x', 2), [2], { output: 'z' })).toBe(
      'The ONNX model has no output "z".',
    )
  })

  test('bytes that are no ONNX model', () => {
    expect(() => fromOnnx(new Uint8Array(0))).toThrow('The file is not an ONNX model: it holds no graph.')
    expect(() => fromOnnx(new TextEncoder().encode('{"format":"layers-model"}'))).toThrow(InvalidInputError)
  })
})
