import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareEvents, IntegrityError, seededRandom, unixMs } from '../../core/index.ts'
import { builtInFeatures } from './builtin/builtInFeatures.ts'
import { cloneState } from './cloneState.ts'
import { defineFeature } from './defineFeature.ts'
import { createFeaturePipeline } from './featurePipeline.ts'
import { packFeatures } from './packFeatures.ts'
import { randomStream } from './randomStream.conformance.ts'
import { isWithdrawn, onChain, reorganisedStream, withdrawal } from './reorganisedStream.conformance.ts'
import { GOLD, swap, TREASURY } from './sampleEvents.conformance.ts'

describe('after a withdrawal', () => {
  test.each(builtInFeatures.map(feature => [feature.name, feature] as const))(
    '%s is, to the last bit, what it would be had the withdrawn observations never come',
    (_name, feature) => {
      fc.assert(
        fc.property(fc.nat(), seed => {
          const random = seededRandom(seed)
          const delivered = reorganisedStream(random, 400)
          const at = new Set(
            delivered.filter(() => random() < 0.3).map(({ event }) => event.knownAt as number),
          )
          // A vector is asked for after the last event of its time: an earlier one would not be allowed.
          const events = delivered.map(({ event }) => event)
          const live = createFeaturePipeline([feature], GOLD, { retainBlocks: 64 })
          const fresh = createFeaturePipeline([feature], GOLD)
          let end = 0
          for (const [index, event] of events.entries()) {
            live.update(event)
            if (at.has(event.knownAt) && events[index + 1]?.knownAt !== event.knownAt)
              live.vector(event.knownAt)
            end = event.knownAt
          }
          for (const [index, { event, withdrawnBy }] of delivered.entries()) {
            if (withdrawnBy === null && event.value.type !== 'withdrawal') fresh.update(event)
            if (at.has(event.knownAt) && events[index + 1]?.knownAt !== event.knownAt)
              fresh.vector(event.knownAt)
          }
          expect(packFeatures(live.vector(unixMs(end)))).toBe(packFeatures(fresh.vector(unixMs(end))))
          expect(live.lastPriced()).toEqual(fresh.lastPriced())
        }),
        { numRuns: 15 },
      )
    },
  )

  test('the last price is that of the last event that stands', () => {
    const pipeline = createFeaturePipeline([], GOLD, { retainBlocks: 64 })
    const first = onChain(swap(1_000, { price: 10 }), 1, 0)
    for (const event of [first, onChain(swap(2_000, { price: 20 }), 2, 0)]) pipeline.update(event)
    pipeline.update(withdrawal(3_000, 1))
    expect(pipeline.lastPriced()).toBe(first)
    pipeline.update(withdrawal(4_000, 0))
    expect(pipeline.lastPriced()).toBeNull()
  })

  test('observations of other instruments and sources stay', () => {
    const count = defineFeature({
      name: 'swaps',
      version: 1,
      unit: '1',
      description: 'swaps so far',
      inputs: ['swap'],
      scope: 'any',
      init: () => ({ swaps: 0 }),
      update: state => void state.swaps++,
      value: ({ swaps }) => swaps,
    })
    const pipeline = createFeaturePipeline([count], GOLD, { retainBlocks: 64 })
    pipeline.update(onChain(swap(1_000), 1, 0))
    pipeline.update(onChain(swap(1_000, {}, { instrument: TREASURY }), 1, 1))
    pipeline.update(swap(2_000))
    pipeline.update(withdrawal(3_000, 0))
    expect(pipeline.vector(unixMs(3_000))).toEqual(Float32Array.of(2))
    pipeline.update(withdrawal(3_000, 0, TREASURY))
    expect(pipeline.vector(unixMs(3_000))).toEqual(Float32Array.of(1))
  })

  test('a withdrawal deeper than what is retained is refused', () => {
    const pipeline = createFeaturePipeline([], GOLD, { retainBlocks: 10 })
    for (let block = 1; block <= 50; block++) pipeline.update(onChain(swap(block * 1_000), block, 0))
    expect(() => pipeline.update(withdrawal(60_000, 30))).toThrow(IntegrityError)
    expect(() => pipeline.update(withdrawal(60_001, 30))).toThrow('go back 10 blocks at most')
    const keepsNothing = createFeaturePipeline([], GOLD)
    expect(() => keepsNothing.update(withdrawal(60_000, 30))).toThrow('keep nothing to go back to')
  })

  test('long streams keep no more than the blocks that may be withdrawn need', () => {
    const pipeline = createFeaturePipeline(builtInFeatures, GOLD, { retainBlocks: 16 })
    const stream = randomStream(5, 30_000).map((event, index) =>
      onChain(event, 1 + Math.floor(index / 4), index),
    )
    for (const event of stream.sort(compareEvents)) pipeline.update(event)
    const last = stream.at(-1)
    if (last?.lineage.kind !== 'chain') throw new Error('The stream is of a chain.')
    const { blockNumber } = last.lineage
    pipeline.update(withdrawal(last.knownAt + 1, blockNumber - 10))
    const fresh = createFeaturePipeline(builtInFeatures, GOLD)
    for (const event of stream) if (!isWithdrawn(event, blockNumber - 10)) fresh.update(event)
    const now = unixMs(last.knownAt + 1)
    expect(packFeatures(pipeline.vector(now))).toBe(packFeatures(fresh.vector(now)))
  })
})

describe('a copy of a state', () => {
  test('changes apart from its original, and keeps classes and shared parts', () => {
    class Window {
      private sum = 1
      add(): number {
        this.sum += 1
        return this.sum
      }
    }
    const shared = new Window()
    const state = {
      shared,
      again: shared,
      list: [1, new Map([['a', new Set([2])]])],
      typed: Float64Array.of(1, 2),
    }
    const copy = cloneState(state)
    expect(copy).toEqual(state)
    expect(copy.again).toBe(copy.shared)
    expect(copy.shared.add()).toBe(2)
    copy.typed[0] = 9
    expect(state.shared.add()).toBe(2)
    expect(state.typed[0]).toBe(1)
    expect(copy.shared).toBeInstanceOf(Window)
  })

  test.each([{ f: () => 1 }, [Promise.resolve()], { w: new WeakMap() }])('%o is refused', state => {
    expect(() => cloneState(state)).toThrow('cannot be copied')
  })
})
