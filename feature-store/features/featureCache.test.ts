import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { digestOf, MINUTE_MS, toStoredObservation, UnavailableError, unixMs } from '../../core/index.ts'
import { openPglite } from '../store/index.ts'
import { buildFeatureMatrix } from './buildFeatureMatrix.ts'
import { builtInFeatures } from './builtin/builtInFeatures.ts'
import { logReturn } from './builtin/logReturn.ts'
import { type CachedMatrixOptions, openFeatureCache } from './featureCache.ts'
import { randomStream } from './randomStream.conformance.ts'
import { GOLD } from './sampleEvents.conformance.ts'
import { storeFingerprint } from './storeFingerprint.ts'

const events = randomStream(4, 600)
const everyMs = 10 * MINUTE_MS
let directory: string
let opened = 0
const options = (): CachedMatrixOptions => ({
  features: builtInFeatures,
  instrument: GOLD,
  everyMs,
  fingerprint: digestOf('the events'),
  events: () => {
    opened += 1
    return events
  },
})

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'feature-cache-'))
  opened = 0
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

describe('a feature cache', () => {
  test('builds a matrix once, and gives the same without its events', async () => {
    const cache = openFeatureCache(join(directory, 'made'))
    const built = await cache.matrix(options())
    const kept = await openFeatureCache(join(directory, 'made')).matrix(options())
    expect([built.origin, kept.origin, opened]).toEqual(['built', 'kept', 1])
    expect(kept.matrix).toEqual(built.matrix)
    expect(kept.matrix).toEqual(
      await buildFeatureMatrix({ features: builtInFeatures, instrument: GOLD, events, everyMs }),
    )
    expect(readdirSync(join(directory, 'made'))).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.f32$/)])
  })

  test.each<[string, Partial<CachedMatrixOptions>]>([
    ['other data', { fingerprint: digestOf('other events') }],
    ['a feature fewer', { features: builtInFeatures.slice(1) }],
    ['another order', { features: builtInFeatures.toReversed() }],
    ['another version', { features: builtInFeatures.with(0, { ...builtInFeatures[0]!, version: 2 }) }],
    ['another parameter', { features: builtInFeatures.with(0, logReturn({ horizonMs: MINUTE_MS })) }],
    ['another cadence', { everyMs: everyMs + 1 }],
    ['another start', { fromMs: unixMs(events[100]!.knownAt) }],
    ['another end', { toMs: unixMs(events[500]!.knownAt) }],
    ['other decimals', { instrument: { ...GOLD, decimals: 6 } }],
  ])('keeps apart %s', async (_what, changed) => {
    const cache = openFeatureCache(directory)
    await cache.matrix(options())
    expect((await cache.matrix({ ...options(), ...changed })).origin).toBe('built')
    expect((await cache.matrix(options())).origin).toBe('kept')
  })

  test('trusts no file with a changed byte, wherever it is, and none that is cut off or grown', async () => {
    const cache = openFeatureCache(directory)
    const { matrix, path } = await cache.matrix(options())
    const whole = readFileSync(path)
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.nat(whole.length - 1), fc.nat(400)),
        fc.integer({ min: 1, max: 255 }),
        fc.constantFrom('changed', 'cut', 'grown'),
        async (at, change, how) => {
          const damaged = Buffer.from(whole)
          damaged[at] = (damaged[at] ?? 0) ^ change
          if (how === 'changed') writeFileSync(path, damaged)
          if (how === 'cut') writeFileSync(path, whole.subarray(0, at))
          if (how === 'grown') writeFileSync(path, Buffer.concat([whole, damaged.subarray(0, 1)]))
          const again = await cache.matrix(options())
          expect([again.origin, again.matrix]).toEqual(['rebuilt', matrix])
          expect(readFileSync(path).equals(whole)).toBe(true)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('does not take the file of another matrix for its own', async () => {
    const cache = openFeatureCache(directory)
    const { path } = await cache.matrix(options())
    const other = { ...options(), fingerprint: digestOf('other events') }
    const { path: otherPath } = await cache.matrix(other)
    writeFileSync(otherPath, readFileSync(path))
    expect((await cache.matrix(other)).origin).toBe('rebuilt')
  })

  test('serves several at once, and leaves nothing beside the file', async () => {
    const cache = openFeatureCache(directory)
    const found = await Promise.all([1, 2, 3].map(() => cache.matrix(options())))
    for (const { matrix } of found) expect(matrix).toEqual(found[0]?.matrix)
    expect(readdirSync(directory)).toHaveLength(1)
  })

  test('keeps a matrix without rows, and one without columns', async () => {
    const cache = openFeatureCache(directory)
    for (const changed of [{ toMs: unixMs(1) }, { features: [] }]) {
      const built = await cache.matrix({ ...options(), ...changed })
      const kept = await cache.matrix({ ...options(), ...changed })
      expect([kept.origin, kept.matrix]).toEqual(['kept', built.matrix])
    }
  })

  test('keeps nothing of what could not be built', async () => {
    const cache = openFeatureCache(directory)
    const broken = { ...options(), events: () => events.toReversed() }
    await expect(cache.matrix(broken)).rejects.toThrow('not before it in the total order')
    expect(readdirSync(directory)).toEqual([])
  })

  test('says so when its folder cannot be one', async () => {
    const file = join(directory, 'file')
    writeFileSync(file, '')
    const kept = openFeatureCache(file).matrix(options())
    await expect(kept).rejects.toThrow(UnavailableError)
    await expect(openFeatureCache(join(file, 'below')).matrix(options())).rejects.toThrow('could not be kept')
  })

  test('leaves nothing half written when the file cannot take its place', async () => {
    const cache = openFeatureCache(directory)
    const { path } = await cache.matrix(options())
    rmSync(path)
    const taken = {
      ...options(),
      events: () => {
        mkdirSync(join(path, 'in the way'), { recursive: true })
        return events
      },
    }
    await expect(cache.matrix(taken)).rejects.toThrow('The feature matrix could not be kept')
    expect(readdirSync(directory)).toHaveLength(1)
    rmSync(path, { recursive: true })
    await expect(cache.matrix(options())).resolves.toMatchObject({ origin: 'built' })
  })
})

test('the fingerprint of a store changes with what it holds, and with nothing else', async () => {
  const store = await openPglite({ directory: null })
  try {
    const { observations } = store
    const fingerprint = () => storeFingerprint(observations, [GOLD.id])
    const empty = await fingerprint()
    const event = events.find(({ instrument }) => instrument === GOLD.id)!
    const cursor = { source: 'sample', stream: 'all', block: 1, blockHash: null }
    await observations.append({ observations: [toStoredObservation(event, 'row')], cursor })
    const one = await fingerprint()
    expect(one).not.toBe(empty)
    expect(await fingerprint()).toBe(one)
    await observations.append({ observations: [], cursor: { ...cursor, block: 2 } })
    expect(await fingerprint()).not.toBe(one)
  } finally {
    await store.close()
  }
})
