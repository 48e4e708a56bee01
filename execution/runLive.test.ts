import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Decision,
  EMPTY_DATA_ROOT,
  extendDataRoot,
  type MarketEvent,
  MINUTE_MS,
  type StoredObservation,
  unixMs,
} from '../core/index.ts'
import { createRecorder, createSigner, parseBody, type Recorder, signerOf } from '../decision-log/index.ts'
import {
  createKernel,
  createPaperVenue,
  type LiveOptions,
  replayDecisions,
  runLive,
  type Venue,
} from './index.ts'
import { LINEAR_SPEC, linearModel } from './test/linearModel.ts'
import {
  asDecisionStore,
  collect,
  type MemoryDecisions,
  memoryDecisions,
  storedObservations,
  streamOf,
} from './test/memoryStore.ts'
import { AGENT, restlessAgent } from './test/restlessAgent.ts'
import { runKernel } from './test/runKernel.ts'
import { randomBars, START_MS, streams } from './test/syntheticMarket.ts'

// The first well-known key of every local test chain.
const signer = createSigner('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')
const domain = { chainId: 31_337, verifyingContract: '0x5fbdb2315678afecb367f032d93f642f64180aa3' } as const
const definition = restlessAgent({ model: LINEAR_SPEC })
const options = {
  agent: signer.agent,
  definition,
  inference: linearModel(definition, [60, 2, -1]),
  activeFromMs: unixMs(START_MS),
}

/** A paper venue that tells what it is given, before it takes it. */
function watchedVenue(onPlace: (placement: Parameters<Venue['place']>[0]) => void): Venue {
  const paper = createPaperVenue(definition)
  const place: Venue['place'] = placement => {
    onPlace(placement)
    paper.place(placement)
  }
  return Object.assign(Object.create(paper), { place })
}

function live(
  memory: MemoryDecisions,
  observations: readonly StoredObservation[],
  { venue, ...changes }: Partial<LiveOptions> & { venue?: Venue } = {},
) {
  return runLive({
    kernel: createKernel({ ...options, ...(venue === undefined ? {} : { venue }) }),
    recorder: createRecorder({ store: asDecisionStore(memory), signer, domain }),
    events: streamOf(observations),
    history: memory,
    ...changes,
  })
}
const bodies = ({ rows }: MemoryDecisions) => rows.map(({ body }) => body)
const sample = (seed: number): MarketEvent[] =>
  fc.sample(streams(), { numRuns: 20, seed }).toSorted((a, b) => b.length - a.length)[0]!

describe('a live run', () => {
  test('records exactly what the kernel decides, each with the data root of its moment', async () => {
    const observations = storedObservations(sample(1))
    const memory = memoryDecisions()
    const result = await live(memory, observations)
    const decisions = runKernel(
      options,
      observations.map(({ event }) => event),
      undefined,
      true,
    )
    expect(decisions.length).toBeGreaterThan(20)
    expect(result).toMatchObject({ events: observations.length, replayed: 0, recorded: decisions.length })
    const records = bodies(memory).map(parseBody)
    expect(records.map(({ dataRoot: _, revealAtMs: __, salt: ___, ...decision }) => decision)).toEqual(
      decisions,
    )
    let root = EMPTY_DATA_ROOT
    let place = 0
    for (const { event, digest } of observations) {
      root = extendDataRoot(root, digest)
      for (
        ;
        records[place]?.timeMs === event.knownAt && records[place]?.observed.block === rowOf(event);
        place++
      )
        expect(records[place]!.dataRoot).toBe(root)
    }
    expect(place).toBe(records.length)
    expect(result.dataRoot).toBe(root)
  })

  test('places an order only once its record is durable', async () => {
    const memory = memoryDecisions()
    const places: number[] = []
    const venue = watchedVenue(order => {
      const row = memory.rows[order.sequence]
      expect(order.receipt).toEqual({
        agent: signer.agent,
        sequence: order.sequence,
        leaf: row?.leaf,
        signature: row?.signature,
      })
      places.push(order.sequence)
    })
    await live(memory, storedObservations(sample(2)), { venue })
    expect(places.length).toBeGreaterThan(3)
    // Placed again after a restart, with the receipts of the records.
    const first = places.splice(0)
    await live(memory, storedObservations(sample(2)), {
      venue: watchedVenue(order => {
        places.push(order.sequence)
        expect(order.receipt.leaf).toBe(memory.rows[order.sequence]!.leaf)
      }),
    })
    expect(places).toEqual(first)
  })

  test('in strict mode, waits for the anchor of each order before it is placed', async () => {
    const memory = memoryDecisions()
    const log: string[] = []
    await live(memory, storedObservations(sample(3)), {
      onDecisions: decisions => {
        for (const { output, sequence } of decisions)
          if (output.kind === 'order') log.push(`recorded ${sequence}`)
      },
      waitForAnchor: async order => {
        await new Promise(resolve => setTimeout(resolve, 1))
        log.push(`anchored ${order.sequence}`)
      },
      venue: watchedVenue(order => log.push(`placed ${order.sequence}`)),
    })
    const orders = bodies(memory)
      .map(parseBody)
      .filter(({ output }) => output.kind === 'order')
    expect(log).toEqual(
      orders.flatMap(({ sequence: n }) => [`recorded ${n}`, `anchored ${n}`, `placed ${n}`]),
    )
  })

  test('ends between two events when told to', async () => {
    const stop = new AbortController()
    const memory = memoryDecisions()
    const result = await live(memory, storedObservations(randomBars(30, MINUTE_MS)), {
      signal: stop.signal,
      onDecisions: () => {
        if (memory.rows.length > 6) stop.abort()
      },
    })
    expect(result.events).toBeLessThan(30)
    expect(result.recorded).toBe(memory.rows.length)
  })

  test('needs a fresh kernel', async () => {
    const kernel = createKernel(options)
    const observations = storedObservations(randomBars(5, MINUTE_MS))
    await live(memoryDecisions(), observations, { kernel })
    await expect(live(memoryDecisions(), observations, { kernel })).rejects.toThrow(/has already run/)
  })
})

describe('a restart', () => {
  test('after a crash at any point, even between a signal and its order, ends as if there had been none', async () => {
    await fc.assert(
      fc.asyncProperty(streams(), fc.array(fc.nat(6), { maxLength: 6 }), async (events, crashes) => {
        const observations = storedObservations(events)
        const clean = memoryDecisions()
        await live(clean, observations)
        const memory = memoryDecisions()
        for (const survived of crashes) {
          await live(memory, observations, { recorder: dyingRecorder(memory, survived) }).catch(error => {
            if (!(error instanceof PowerCut)) throw error
          })
        }
        const before = memory.rows.length
        const result = await live(memory, observations)
        expect(bodies(memory)).toEqual(bodies(clean))
        // What was recorded together, and signed together, depends on where it crashed.
        for (const row of memory.rows.slice(-2)) expect(await signerOf(row, domain)).toBe(row.agent)
        expect(result).toMatchObject({ replayed: before, recorded: clean.rows.length - before })
      }),
      { numRuns: 25 },
    )
  })

  const observations = storedObservations(sample(5))
  async function recorded(): Promise<MemoryDecisions> {
    const memory = memoryDecisions()
    await live(memory, observations)
    expect(memory.rows.length).toBeGreaterThan(10)
    return memory
  }
  const refusal = (memory: MemoryDecisions, rows = observations, changes: Partial<LiveOptions> = {}) => {
    const placed: number[] = []
    const venue = watchedVenue(({ sequence }) => placed.push(sequence))
    return live(memory, rows, { venue, ...changes }).then(
      () => null,
      (error: unknown) => ({ error, placed }),
    )
  }

  test('refuses to trade when a stored decision was changed, naming its sequence and field', async () => {
    const memory = await recorded()
    const at = memory.rows.findIndex(({ kind }) => kind === 'order')
    const row = memory.rows[at]!
    memory.rows[at] = {
      ...row,
      body: row.body.replace(/"referencePriceE8":\{"\$int":"(\d)/, '"referencePriceE8":{"$int":"9$1'),
    }
    expect(memory.rows[at].body).not.toBe(row.body)
    const refused = await refusal(memory)
    expect(refused?.error).toMatchObject({
      name: 'IntegrityError',
      message: expect.stringMatching(
        new RegExp(`Decision ${at} .* differs from its record in output.referencePriceE8`),
      ),
      facts: { sequence: at, field: 'output.referencePriceE8' },
    })
    expect(refused?.placed.every(sequence => sequence < at)).toBe(true)
  })

  test('refuses when an observation was changed, inserted or lost: the data root differs', async () => {
    const memory = await recorded()
    const { event } = observations[0]!
    const changed = storedObservations([event]).map(row => ({
      ...row,
      digest: `0x${'11'.repeat(32)}` as const,
    }))
    for (const rows of [[...changed, ...observations.slice(1)], observations.slice(1)])
      expect((await refusal(memory, rows))?.error).toMatchObject({ facts: { field: 'dataRoot' } })
  })

  test('refuses when the agent would not decide what is recorded', async () => {
    const memory = await recorded()
    const lazy = createKernel({ ...options, definition: { ...definition, everyMs: 1_000_000_000 } })
    expect((await refusal(memory, observations, { kernel: lazy }))?.error).toMatchObject({
      message: expect.stringMatching(/is recorded but was not made again/),
    })
    const other = createKernel({ ...options, inference: linearModel(definition, [1, 1, 1]) })
    expect((await refusal(memory, observations, { kernel: other }))?.error).toMatchObject({
      facts: { sequence: 0, field: 'model' },
    })
  })

  test('refuses when recorded decisions lie beyond the last observation', async () => {
    const memory = await recorded()
    const last = parseBody(memory.rows.at(-1)!.body)
    const cut = observations.findIndex(({ event }) => rowOf(event) === last.observed.block)
    expect((await refusal(memory, observations.slice(0, cut)))?.error).toMatchObject({
      message: expect.stringMatching(/is recorded but was not made again/),
    })
  })

  test('refuses when the store has a gap', async () => {
    const memory = await recorded()
    memory.rows.splice(3, 1)
    expect((await refusal(memory))?.error).toMatchObject({
      message: expect.stringMatching(/Decision 3 .* is missing/),
    })
  })
})

describe('replayDecisions', () => {
  test('makes the decisions of a live run again, with their data roots', async () => {
    const observations = storedObservations(sample(7))
    const memory = memoryDecisions()
    await live(memory, observations)
    const replayed = await collect(replayDecisions({ ...options, observations }))
    expect(replayed.map(({ decision, dataRoot }) => ({ ...decision, dataRoot }))).toEqual(
      bodies(memory)
        .map(parseBody)
        .map(({ revealAtMs: _, salt: __, ...record }) => record),
    )
  })

  test('does not trust a stored digest: a changed row shows in every later data root', async () => {
    const observations = storedObservations(sample(7))
    const honest = await collect(replayDecisions({ ...options, observations }))
    const [first, ...rest] = observations
    const forged = await collect(
      replayDecisions({ ...options, observations: [{ ...first!, raw: 'another row' }, ...rest] }),
    )
    expect(forged.map(({ decision }) => decision)).toEqual(honest.map(({ decision }) => decision))
    forged.forEach(({ dataRoot }, index) => {
      expect(dataRoot).not.toBe(honest[index]!.dataRoot)
    })
  })
})

test('the agent of these tests is the signer', () => expect(signer.agent).toBe(AGENT))

class PowerCut extends Error {}

/** Records decisions one by one, and dies after so many, possibly in the middle of an event's. */
function dyingRecorder(memory: MemoryDecisions, survives: number): Recorder {
  const recorder = createRecorder({ store: asDecisionStore(memory), signer, domain })
  let left = survives
  return {
    async record(decisions: readonly Decision[], dataRoot) {
      const all = []
      for (const decision of decisions) {
        if (left-- === 0) throw new PowerCut()
        all.push(...(await recorder.record([decision], dataRoot)))
      }
      return all
    },
  }
}

function rowOf({ lineage }: MarketEvent): number {
  return lineage.kind === 'feed' ? lineage.sequence : -1
}
