import { expect, test } from 'vitest'
import { choice, integer, parameters, real } from '../backtest/index.ts'
import { parameterValues } from './parameterValues.ts'

const space = parameters({
  fast: integer(1, 9),
  rate: real(0, 1),
  side: choice(['long', 'both', 'a=b']),
  count: choice([1, 2]),
  hedged: choice([true, false]),
})

test('reads texts as values of the types that the parameters have', () => {
  const pairs = ['fast=3', 'rate=1e-3', 'side=a=b', 'count=2', 'hedged=false']
  expect(parameterValues(space, pairs)).toEqual({
    fast: 3,
    rate: 0.001,
    side: 'a=b',
    count: 2,
    hedged: false,
  })
})

test('leaves what fits no type to the space', () => {
  expect(parameterValues(space, ['fast=three', 'side=short', 'other=1'])).toEqual({
    fast: 'three',
    side: 'short',
    other: 1,
  })
})

test.each([
  ['fast', '"fast" is no name=value.'],
  ['=3', '"=3" is no name=value.'],
  ['fast=', '"fast=" is no name=value.'],
])('refuses %s', (pair, message) => {
  expect(() => parameterValues(space, [pair])).toThrow(message)
})

test('refuses a name that comes twice', () => {
  expect(() => parameterValues(space, ['fast=1', 'fast=2'])).toThrow('Parameter "fast" is given twice.')
})
