import { describe, expect, test } from 'vitest'
import type { Hash } from '../core/index.ts'
import { SMALL_LEARNERS, smallMatrix, smallSpec } from './smallTraining.fixture.ts'
import { trainModels } from './trainModel.ts'

const KINDS = ['linear', 'mlp', 'tcn', 'trees'] as const

/** What the same data and specification give on every machine. They change with the arithmetic or the card alone. */
const GOLDEN: Record<(typeof KINDS)[number], Hash> = {
  linear: '0x0e0376c2e501adfbc7eda49626ebb1fd43cc15dd5e54968df26928f607601d98',
  mlp: '0x0abb6d165be4de199fc2cf5234d0f94fffd4efad399b62819b3408275ee54f9f',
  tcn: '0x750511f393b21c5f7881f2f0bc6849f57399200bf6d60edf4b6133ae034cb6d8',
  trees: '0x8fe530fd92e30a7e26f776e4058e796c05ceb0c11cc48ba2fe3b245b88ee1aff',
}

const hashOf = async (kind: (typeof KINDS)[number], { workers = 1, seed = 7 } = {}) => {
  const spec = smallSpec({ learner: SMALL_LEARNERS[kind], seed })
  const { models } = await trainModels({ matrix: smallMatrix(), spec, device: 'cpu', workers })
  return models[0]?.hash
}

describe.each(KINDS)('a model of kind %s', kind => {
  test('is the same in every run, on one, two and four workers, and on every machine', async () => {
    for (const workers of [1, 2, 4])
      expect(await hashOf(kind, { workers }), `${workers} workers`).toBe(GOLDEN[kind])
  })

  test('is another with another seed', async () => {
    expect(await hashOf(kind, { seed: 8 })).not.toBe(GOLDEN[kind])
  })
})
