import fc from 'fast-check'
import { expect, test } from 'vitest'
import { InvalidInputError } from '../../core/index.ts'
import { bytesOf, floatsOf, intOf, intsOf, readFields, textOf, textsOf } from './protobufReader.ts'
import { ProtobufWriter } from './protobufWriter.ts'

test('what is written reads back, packed or not', () => {
  fc.assert(
    fc.property(
      fc.array(fc.maxSafeInteger()),
      fc.array(fc.float({ noNaN: true })),
      fc.array(fc.string({ unit: 'binary' })),
      fc.integer({ min: 1, max: 536_870_911 }),
      (integers, floats, texts, field) => {
        const writer = new ProtobufWriter()
        for (const value of integers) writer.int(1, value)
        writer.packedInts(2, integers)
        for (const value of floats) writer.float(3, value)
        for (const text of texts) writer.text(4, text)
        const outer = new ProtobufWriter().message(field, writer).toBytes()
        const [inner] = bytesOf(readFields(outer), field)
        const fields = readFields(inner ?? new Uint8Array(0))
        expect(intsOf(fields, 1)).toEqual(integers)
        expect(intsOf(fields, 2)).toEqual(integers)
        expect(intOf(fields, 1, 7)).toBe(integers.at(-1) ?? 7)
        expect(floatsOf(fields, 3)).toEqual(Float32Array.from(floats))
        expect(textsOf(fields, 4)).toEqual(texts)
        expect(textOf(fields, 4)).toBe(texts.at(-1) ?? '')
      },
    ),
    { seed: 12, numRuns: 300 },
  )
})

test('a message that says more than it holds is refused, wherever it is cut', () => {
  const bytes = new ProtobufWriter().text(1, 'a'.repeat(40)).toBytes()
  for (let length = 1; length < bytes.length; length++)
    expect(() => readFields(bytes.subarray(0, length)), `${length} bytes`).toThrow(InvalidInputError)
  expect(() => readFields(bytes.subarray(0, 10))).toThrow(
    'The file is not an ONNX model: a message in it says 40 bytes where 8 are left.',
  )
})

test('numbers of more than ten bytes, wire types and fields that there are not, and text that is not UTF-8', () => {
  expect(() => readFields(Uint8Array.of(8, ...new Array(10).fill(255), 1))).toThrow('more than ten bytes')
  expect(() => readFields(Uint8Array.of(8 + 7))).toThrow('has a wire type 7 in field 1')
  expect(() => readFields(Uint8Array.of(0))).toThrow('names a field 0')
  const fields = readFields(new ProtobufWriter().bytes(1, Uint8Array.of(255)).int(2, 1).toBytes())
  expect(() => textOf(fields, 1)).toThrow('has a text in field 1 that is not UTF-8')
  expect(() => textOf(fields, 2)).toThrow('has no text or message in field 2')
  expect(() => floatsOf(fields, 1)).toThrow('has 1 bytes of numbers that take four each')
  expect(() => floatsOf(fields, 2)).toThrow('has no numbers in field 2')
})

test('the greatest int64 stands for as far as it goes', () => {
  const fields = readFields(Uint8Array.of(8, 255, 255, 255, 255, 255, 255, 255, 255, 127))
  expect(intOf(fields, 1)).toBe(Number.MAX_SAFE_INTEGER)
})
