import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  createCadence,
  eventAt,
  IntegrityError,
  type MarketEvent,
  MINUTE_MS,
  marketColumns,
  priceOf,
  seededRandom,
  unixMs,
} from '../../core/index.ts'
import { buildFeatureMatrix, type MatrixProgress } from './buildFeatureMatrix.ts'
import { builtInFeatures } from './builtin/builtInFeatures.ts'
import { logReturn } from './builtin/logReturn.ts'
import { timeSincePrice } from './builtin/timeSincePrice.ts'
import { createFeaturePipeline } from './featurePipeline.ts'
import { randomStream } from './randomStream.conformance.ts'
import { reorganisedStream } from './reorganisedStream.conformance.ts'
import { columnsWithoutBars, ROW_INSTRUMENTS, rowStream } from './rowStream.conformance.ts'
import { clock, GOLD, swap, TREASURY } from './sampleEvents.conformance.ts'
import { isWithdrawal, isWithdrawnBy } from './withdrawn.ts'

const everyMs = 10 * MINUTE_MS
const build = (events: readonly MarketEvent[], options: { fromMs?: never; toMs?: never } = {}) =>
  buildFeatureMatrix({ features: builtInFeatures, instrument: GOLD, events, everyMs, ...options })

describe('buildFeatureMatrix', () => {
  test('has the rows that an agent sees live', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(), async seed => {
        const events = randomStream(seed, 200)
        const pipeline = createFeaturePipeline(builtInFeatures, GOLD)
        const cadence = createCadence(everyMs)
        const rows: number[][] = []
        const times: number[] = []
        const prices: number[] = []
        let price = Number.NaN
        for (const event of events) {
          pipeline.update(event)
          const established = event.instrument === GOLD.id ? priceOf(event.value) : null
          if (established !== null) price = Number(established) / 1e8
          if (!cadence.due(event.knownAt)) continue
          rows.push([...pipeline.vector(event.knownAt)])
          times.push(event.knownAt)
          prices.push(price)
        }
        const matrix = await build(events)
        expect(matrix.rows).toBe(rows.length)
        expect(matrix.columns).toBe(builtInFeatures.length)
        expect([...matrix.values]).toEqual(rows.flat())
        expect([...matrix.timesMs]).toEqual(times)
        expect([...matrix.prices]).toEqual(prices)
        expect(matrix.featureSet).toBe(pipeline.featureSet)
      }),
      { numRuns: 20 },
    ))

  test('is the same over columns, whether or not their bars have events, and in any period', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(299), fc.nat(299), async (seed, from, to) => {
        const events = rowStream(seededRandom(seed), 300)
        const [fromMs, toMs] = [from, to].sort((a, b) => a - b).map(at => events[at]?.knownAt ?? unixMs(0))
        fc.pre(fromMs !== undefined && toMs !== undefined && fromMs < toMs)
        const columns = [marketColumns(events, ROW_INSTRUMENTS), columnsWithoutBars(events)]
        for (const given of columns) {
          const asEvents = events.map((_, row) => eventAt(given, row))
          const reports: MatrixProgress[][] = [[], []]
          const [expected, found] = await Promise.all(
            [asEvents, given].map((each, index) =>
              buildFeatureMatrix({
                features: builtInFeatures,
                instrument: GOLD,
                events: each,
                everyMs,
                ...(seed % 2 === 0 ? {} : { fromMs, toMs }),
                onProgress: progress => reports[index]?.push(progress),
              }),
            ),
          )
          expect(found).toEqual(expected)
          expect(reports[1]).toEqual(reports[0])
        }
      }),
      { numRuns: 20 },
    ))

  test('has the rows of an agent that saw late, doubled and withdrawn observations', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(), async seed => {
        const random = seededRandom(seed)
        const events = reorganisedStream(random, 300).map(({ event }) => event)
        const pipeline = createFeaturePipeline(builtInFeatures, GOLD, { retainBlocks: 64 })
        const cadence = createCadence(everyMs)
        const rows: number[][] = []
        const prices: number[] = []
        let standing: MarketEvent[] = []
        for (const [index, event] of events.entries()) {
          pipeline.update(event)
          // A source that gives a row again, or one from before, changes nothing.
          const again = events[index - Math.floor(random() * Math.min(index, 20))]
          if (random() < 0.2 && again !== undefined)
            expect(() => pipeline.update(again)).toThrow(IntegrityError)
          if (isWithdrawal(event)) standing = standing.filter(each => !isWithdrawnBy(each, event))
          else if (event.instrument === GOLD.id && priceOf(event.value) !== null) standing.push(event)
          if (!cadence.due(event.knownAt)) continue
          rows.push([...pipeline.vector(event.knownAt)])
          const priced = standing.at(-1)
          prices.push(priced === undefined ? Number.NaN : Number(priceOf(priced.value)) / 1e8)
        }
        const matrix = await buildFeatureMatrix({
          features: builtInFeatures,
          instrument: GOLD,
          events,
          everyMs,
          retainBlocks: 64,
        })
        expect([...matrix.values]).toEqual(rows.flat())
        expect([...matrix.prices]).toEqual(prices)
      }),
      { numRuns: 20 },
    ))

  test('has the same rows up to a time when everything later is cut off', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(200), async (seed, cut) => {
        const events = randomStream(seed, 200)
        const [whole, part] = [await build(events), await build(events.slice(0, cut))]
        expect([...part.values]).toEqual([...whole.values.subarray(0, part.values.length)])
        expect([...part.timesMs]).toEqual([...whole.timesMs.subarray(0, part.rows)])
        expect([...part.prices]).toEqual([...whole.prices.subarray(0, part.rows)])
      }),
      { numRuns: 20 },
    ))

  test('is the same from an array and from a stream', async () => {
    const events = randomStream(1, 2_000)
    const stream = (async function* () {
      yield* events
    })()
    const options = { features: builtInFeatures, instrument: GOLD, everyMs }
    expect(await buildFeatureMatrix({ ...options, events: stream })).toEqual(
      await buildFeatureMatrix({ ...options, events }),
    )
  })

  const features = [timeSincePrice, logReturn({ horizonMs: MINUTE_MS })]
  const minutes = [0, 1, 2, 3, 4].map(minute => swap(minute * MINUTE_MS, { price: 100 + minute }))

  test('emits rows from fromMs on and before toMs, warmed up by what came before', async () => {
    const matrix = await buildFeatureMatrix({
      features,
      instrument: GOLD,
      events: minutes,
      everyMs: MINUTE_MS,
      fromMs: unixMs(2 * MINUTE_MS),
      toMs: unixMs(4 * MINUTE_MS),
    })
    expect([...matrix.timesMs]).toEqual([2 * MINUTE_MS, 3 * MINUTE_MS])
    expect([...matrix.prices]).toEqual([102, 103])
    expect(matrix.values[1]).toBeCloseTo(Math.log(102 / 101), 6)
  })

  test('has NaN for a price that is not known, and takes none from another instrument', async () => {
    const events = [clock(0), swap(MINUTE_MS, { price: 5 }, { instrument: TREASURY }), clock(2 * MINUTE_MS)]
    const matrix = await buildFeatureMatrix({ features, instrument: GOLD, events, everyMs: MINUTE_MS })
    expect([...matrix.prices]).toEqual([Number.NaN, Number.NaN])
  })

  test('is empty for no events', async () => {
    const matrix = await buildFeatureMatrix({ features, instrument: GOLD, events: [], everyMs: 1 })
    expect([matrix.rows, matrix.columns, matrix.values.length]).toEqual([0, 2, 0])
  })

  test('reports its progress, and its end', async () => {
    const seen: number[] = []
    const events = Array.from({ length: 25_000 }, (_, i) => clock(i))
    await buildFeatureMatrix({
      features: [],
      instrument: GOLD,
      events,
      everyMs: 1_000,
      onProgress: progress => seen.push(progress.events),
    })
    expect(seen).toEqual([10_000, 20_000, 25_000])
  })

  test('hashes its data: one changed price, time or feature shows', async () => {
    const hash = async (events: MarketEvent[], used = features) =>
      (await buildFeatureMatrix({ features: used, instrument: GOLD, events, everyMs: MINUTE_MS })).dataHash
    const original = await hash(minutes)
    expect(await hash([...minutes])).toBe(original)
    const changed = minutes.with(2, {
      ...minutes[2]!,
      ...swap(2 * MINUTE_MS, { price: 102.5 }),
      lineage: minutes[2]!.lineage,
    })
    expect(await hash(changed)).not.toBe(original)
    expect(await hash(minutes, [timeSincePrice])).not.toBe(original)
    expect(await hash(minutes.slice(0, -1))).not.toBe(original)
  })

  test('refuses an empty period and an interval that is none', async () => {
    const options = { features, instrument: GOLD, events: minutes }
    await expect(buildFeatureMatrix({ ...options, everyMs: 0 })).rejects.toThrow(
      'The decision interval of 0 ms is not a positive whole number.',
    )
    await expect(
      buildFeatureMatrix({ ...options, everyMs: 1, fromMs: unixMs(5), toMs: unixMs(5) }),
    ).rejects.toThrow('The period from 5 to 5 is empty.')
  })
})
