import { expect, test } from 'vitest'
import { runBacktest } from '../backtest/index.ts'
import { MINUTE_MS, type Store, unixMs } from '../core/index.ts'
import { createRecorder, createSigner, parseBody } from '../decision-log/index.ts'
import { onEachStore } from '../test/eachStore.ts'
import { createArrivals, createKernel, replayDecisions, runLive, tailObservations } from './index.ts'
import { LINEAR_SPEC, linearModel } from './test/linearModel.ts'
import { storedObservations } from './test/memoryStore.ts'
import { restlessAgent } from './test/restlessAgent.ts'
import { CURVE, GOLD, randomBars, START_MS } from './test/syntheticMarket.ts'

// The first well-known key of every local test chain.
const signer = createSigner('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')
const domain = { chainId: 31_337, verifyingContract: '0x5fbdb2315678afecb367f032d93f642f64180aa3' } as const
const definition = restlessAgent({ model: LINEAR_SPEC })
const options = {
  agent: signer.agent,
  definition,
  inference: linearModel(definition, [60, 2, -1]),
  activeFromMs: unixMs(START_MS + 20 * MINUTE_MS),
}
const instruments = [GOLD.id, CURVE]
const observations = storedObservations(randomBars(150, MINUTE_MS, 9))

/** Ingests rows one by one while an agent runs on them, and stops after so many. */
async function session(store: Store, from: number, to: number) {
  const arrivals = createArrivals()
  const run = runLive({
    kernel: createKernel(options),
    recorder: createRecorder({ store: store.decisions, signer, domain }),
    history: store.decisions,
    events: tailObservations({
      store: store.observations,
      instruments,
      notified: arrivals.notified,
      finished: () => arrivals.finished,
      pageSize: 7,
    }),
  })
  for (let row = from; row < to; row++) {
    const cursor = { source: 'test:feed', stream: 'bars', block: row, blockHash: null }
    await store.observations.append({ observations: observations.slice(row, row + 1), cursor })
    arrivals.notify()
  }
  arrivals.finish()
  return run
}

onEachStore(({ create }) =>
  test('over a database that is opened again, two sessions record what one backtest decides', async () => {
    const open = await create()
    const first = await open()
    const begun = await session(first, 0, 70)
    await first.close()
    const second = await open()
    try {
      const continued = await session(second, 70, observations.length)
      expect(begun.recorded).toBeGreaterThan(20)
      expect(continued).toMatchObject({ events: observations.length, replayed: begun.recorded })

      const rows = await second.decisions.list({ agent: signer.agent, limit: 10_000 })
      const records = rows.map(({ body }) => parseBody(body))
      const { decisions } = await runBacktest({
        ...options,
        events: observations.map(({ event }) => event),
        tracked: true,
      })
      expect(records.map(({ dataRoot: _, revealAtMs: __, salt: ___, ...decision }) => decision)).toEqual(
        decisions.map(decision => {
          const { receipt: _, ...bare } = { receipt: null, ...decision }
          return bare
        }),
      )
      const stored = tailObservations({
        store: second.observations,
        instruments,
        notified: async () => {},
        finished: () => true,
      })
      let made = 0
      for await (const { decision, dataRoot } of replayDecisions({ ...options, observations: stored })) {
        expect({ ...decision, dataRoot, revealAtMs: 0, salt: records[made]?.salt }).toEqual(records[made])
        made++
      }
      expect(made).toBe(records.length)
    } finally {
      await second.close()
    }
  }),
)
