import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvalidInputError, seededRandom } from '../../core/index.ts'
import { decodeProgram } from './decodeProgram.ts'
import { encodeProgram } from './encodeProgram.ts'
import { type Link, linkOf } from './link.ts'
import type { NetworkProgram, Program, TreesProgram } from './program.ts'
import { LEARNERS, randomEnsemble, randomProgram } from './randomProgram.fixture.ts'
import { treesProgram } from './treesProgram.ts'

const fullLink = linkOf({
  calibration: { scores: Float64Array.of(-1, 0.5), probabilities: Float64Array.of(0.4, 0.6) },
  expectedReturn: { of: 'probability', centre: -0.001, slope: -0.02 },
  interval: { lower: -0.01, upper: 0.02, coverage: 0.9 },
})
const network = randomProgram(
  seededRandom(1),
  LEARNERS['tcn whose first level is residual']?.learner ?? expect.fail(),
  6,
)
const trees = treesProgram(randomEnsemble(seededRandom(2), 4, 3, 3), fullLink)

describe('the bytes of a program', () => {
  test('are read back as they were, and are the same for equal programs', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(LEARNERS)), fc.nat(), ({ learner, columns }, seed) => {
        const program = randomProgram(seededRandom(seed), learner, columns)
        const bytes = encodeProgram(program)
        expect(decodeProgram(bytes)).toEqual(program)
        expect(Buffer.compare(encodeProgram(decodeProgram(bytes)), bytes)).toBe(0)
      }),
      { numRuns: 30, seed: 1 },
    )
    expect(decodeProgram(encodeProgram(trees))).toEqual(trees)
    expect(decodeProgram(encodeProgram({ ...network, link: fullLink })).link).toEqual(fullLink)
  })

  test.each<[string, Program]>([
    ['network', network],
    ['trees', trees],
  ])('any byte changed is refused, or is another program with its own bytes: %s', (_, program) => {
    const bytes = encodeProgram(program)
    for (let at = 0; at < bytes.length; at++)
      for (const flip of [1, 128, 255]) {
        const changed = Uint8Array.from(bytes)
        changed[at] = (changed[at] ?? 0) ^ flip
        let read: Program
        try {
          read = decodeProgram(changed)
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidInputError)
          continue
        }
        // Compared whole: `toEqual` takes its time over thousands of bytes.
        expect(Buffer.compare(encodeProgram(read), changed)).toBe(0)
      }
  })

  test('any part of them, and anything after them, is refused', () => {
    const bytes = encodeProgram(trees)
    for (let length = 0; length < bytes.length; length++)
      expect(() => decodeProgram(bytes.subarray(0, length))).toThrow(InvalidInputError)
    const longer = new Uint8Array(bytes.length + 1)
    longer.set(bytes)
    expect(() => decodeProgram(longer)).toThrow('field "end" is wrong: 1 bytes follow the program.')
  })

  test('random bytes are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        const begun = Uint8Array.from([...encodeProgram(network).subarray(0, 7), ...bytes])
        expect(() => decodeProgram(bytes)).toThrow(InvalidInputError)
        expect(() => decodeProgram(begun)).toThrow(InvalidInputError)
      }),
      { seed: 3 },
    )
  })
})

describe('a malformed program is refused, and the field named', () => {
  const [first, ...rest] = network.layers
  if (first === undefined) throw new Error('no layers')
  const withFirst = (fields: Partial<typeof first>): NetworkProgram => ({
    ...network,
    layers: [{ ...first, ...fields }, ...rest],
  })
  const withLink = (fields: Partial<Link>): NetworkProgram => ({
    ...network,
    link: { ...fullLink, ...fields },
  })
  const [tree, ...others] = trees.trees
  if (tree === undefined) throw new Error('no trees')
  const withTree = (fields: Partial<typeof tree>): TreesProgram => ({
    ...trees,
    trees: [{ ...tree, ...fields }, ...others],
  })
  test.each<[string, Program]>([
    [
      'scaler.mean.1',
      { ...network, scaler: { ...network.scaler, mean: Float32Array.of(0, Number.NaN, 0, 0, 0, 0) } },
    ],
    ['scaler.std.0', { ...network, scaler: { ...network.scaler, std: Float32Array.of(-1, 0, 0, 0, 0, 0) } }],
    ['scaler.std', { ...network, scaler: { ...network.scaler, std: new Float32Array(5) } }],
    ['columns', { ...network, columns: 0 }],
    ['steps', { ...network, steps: 2_000 }],
    ['layers.length', { ...network, layers: [] }],
    ['layers.0.outputs', { ...network, columns: 6, layers: [first] }],
    ['layers.0.weights', withFirst({ weights: new Int8Array(3) })],
    ['layers.0.weights.0', withFirst({ weights: new Int8Array(first.weights.length).fill(-128) })],
    ['layers.0.weights', withFirst({ biases: new Int32Array(6).fill(-2_147_483_648) })],
    ['layers.0.shifts.0', withFirst({ shifts: new Uint8Array(6).fill(47) })],
    ['layers.0.residual.multiplier', withFirst({ residual: { multiplier: 65_536, shift: 0 } })],
    ['layers.1.inputs', withFirst({ outputs: 5, residual: null, ...fill(5, first.taps * 30) })],
    ['link.scores.1', withLink({ scores: Int32Array.of(5, 5) })],
    ['link.probabilitiesPpm.1', withLink({ probabilitiesPpm: Int32Array.of(5, 4) })],
    ['link.interval', withLink({ expectedReturn: null })],
    [
      'edges.1.0',
      {
        ...trees,
        edges: [trees.edges[0], Float32Array.of(Number.NaN)].concat(trees.edges.slice(2)) as Float32Array[],
      },
    ],
    ['edges.0.1', { ...trees, edges: [Float32Array.of(1, 1), ...trees.edges.slice(1)] }],
    ['trees.0.0.left', withTree({ left: tree.left.with(0, 9_000) })],
    ['trees.0.0.feature', withTree({ feature: tree.feature.with(0, 4) })],
    ['trees', withTree({ value: tree.value.map((_, node) => (tree.left[node] === 0 ? 2_147_483_647 : 0)) })],
  ])('%s', (field, program) => {
    expect(() => encodeProgram(program)).toThrow(`The model program's field "${field}" is wrong: `)
  })

  function fill(outputs: number, weights: number) {
    return {
      weights: new Int8Array(weights),
      biases: new Int32Array(outputs),
      multipliers: new Uint16Array(outputs),
      shifts: new Uint8Array(outputs),
    }
  }
})
