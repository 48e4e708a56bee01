import { describe, expect, test } from 'vitest'
import { ZERO_HASH } from '../../core/index.ts'
import { defineFeature, type FeatureFacts } from './defineFeature.ts'
import { durationName } from './durationName.ts'
import { featureSetHash } from './featureSetHash.ts'

const feature = (facts: Partial<FeatureFacts> = {}) =>
  defineFeature({
    name: 'sample',
    version: 1,
    unit: '1',
    description: 'A sample',
    inputs: ['swap'],
    init: () => null,
    update: () => {},
    value: () => 1,
    ...facts,
  })

describe('defineFeature', () => {
  test('refuses a malformed name, version or maximum age', () => {
    expect(() => feature({ name: 'Return 5m' })).toThrow('"Return 5m" is not a feature name.')
    expect(() => feature({ version: 0 })).toThrow('Feature "sample" has version 0.')
    expect(() => feature({ maxAgeMs: 0 })).toThrow('Feature "sample" has a maximum age of 0 ms.')
  })
  test('defaults to the traded instrument and no maximum age', () =>
    expect(feature()).toMatchObject({ scope: 'traded', maxAgeMs: null, params: {} }))
})

describe('featureSetHash', () => {
  test('is zero for none', () => expect(featureSetHash([])).toBe(ZERO_HASH))
  test('names a duplicate', () =>
    expect(() => featureSetHash([feature(), feature()])).toThrow(
      'The feature list has two features named "sample".',
    ))
  test('changes with everything that changes a value, and with the order', () => {
    const other = feature({ name: 'other' })
    const hashes = [
      [feature()],
      [feature({ version: 2 })],
      [feature({ unit: 'quote' })],
      [feature({ params: { windowMs: 1 } })],
      [feature({ maxAgeMs: 1 })],
      [feature({ scope: 'any' })],
      [feature({ inputs: ['bar'] })],
      [feature(), other],
      [other, feature()],
    ].map(featureSetHash)
    expect(new Set(hashes).size).toBe(hashes.length)
    expect(featureSetHash([feature({ description: 'Reworded' })])).toBe(hashes[0])
  })
})

test('durationName uses the largest whole unit', () => {
  expect([300_000, 3_600_000, 129_600_000, 86_400_000, 250, 90_000].map(durationName)).toEqual([
    '5m',
    '1h',
    '36h',
    '1d',
    '250ms',
    '90s',
  ])
  expect(() => durationName(0)).toThrow('0 is not a duration in whole milliseconds.')
})
