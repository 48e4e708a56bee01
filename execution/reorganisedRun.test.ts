import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runBacktest } from '../backtest/index.ts'
import {
  chainSource,
  deliveredEvent,
  type InstrumentId,
  instrumentId,
  type MarketEvent,
  MINUTE_MS,
  type Random,
  type Store,
  type StoredObservation,
  seededRandom,
  sha256,
  toStoredObservation,
  unixMs,
  ZERO_ADDRESS,
} from '../core/index.ts'
import { createRecorder, createSigner, parseBody } from '../decision-log/index.ts'
import { onEachStore } from '../test/eachStore.ts'
import { createArrivals, createKernel, replayDecisions, runLive, tailObservations } from './index.ts'
import { LINEAR_SPEC, linearModel } from './test/linearModel.ts'
import { restlessAgent } from './test/restlessAgent.ts'
import { CURVE, GOLD, START_MS, swapValue } from './test/syntheticMarket.ts'

const domain = { chainId: 31_337, verifyingContract: '0x5fbdb2315678afecb367f032d93f642f64180aa3' } as const
const definition = restlessAgent({ model: LINEAR_SPEC })
const BLOCK_MS = 20_000

/** A swap of a chain's block; another branch has another price. */
function swapLog(gold: InstrumentId, chainId: number, block: number, price: bigint): StoredObservation {
  const at = unixMs(START_MS + block * BLOCK_MS)
  const hash = sha256(`${chainId}/${block}/${price}`)
  const event: MarketEvent = {
    instrument: gold,
    validAt: at,
    knownAt: at,
    lineage: {
      kind: 'chain',
      chainId,
      address: ZERO_ADDRESS,
      blockNumber: block,
      blockHash: hash,
      transactionHash: hash,
      logIndex: 0,
      estimated: [],
    },
    value: swapValue(price),
  }
  return toStoredObservation(event, `${block}/${price}`)
}

/** A chain that grows into the store and is reorganised now and then. */
function randomChain(store: Store, random: Random, gold: InstrumentId, chainId: number) {
  const source = chainSource(chainId)
  let head = 0
  let price = 2_000_00000000n
  return {
    reorgs: 0,
    async advance(): Promise<void> {
      if (head > 30 && random() < 0.12) {
        const toBlock = head - 1 - Math.floor(random() * 5)
        const noticedAtMs = unixMs(START_MS + (head + 1) * BLOCK_MS)
        const rollback = { source, toBlock, toBlockHash: null, noticedAtMs, confirmations: 0 }
        const { visibleAt } = await store.observations.rollback(rollback)
        if (visibleAt !== null) this.reorgs++
        head = toBlock
      }
      head++
      price += BigInt(Math.round((random() - 0.5) * 4e9))
      if (price < 1_00000000n) price = 1_00000000n
      const observations = random() < 0.3 ? [] : [swapLog(gold, chainId, head, price)]
      await store.observations.append({
        observations,
        cursor: { source, stream: 'all', block: head, blockHash: null },
      })
    },
  }
}

onEachStore(({ open }) =>
  describe('an agent whose chain is reorganised', () => {
    let store: Store
    beforeAll(async () => {
      store = await open()
    }, 60_000)
    afterAll(() => store.close())

    const NOTABLE_SEEDS = [1, 2, 3, 4, 5, 6]
    test.each(NOTABLE_SEEDS)(
      'decides the same again, over a restart, in an audit and in a backtest (seed %s)',
      async seed => {
        const random = seededRandom(seed)
        // All seeds share a store, so each has its own chain, agent and instrument.
        const gold = { ...GOLD, id: instrumentId(`test:XAU${seed}`) }
        const agentDefinition = { ...definition, instrument: gold }
        const signer = createSigner(sha256(`agent ${seed}`))
        const options = {
          agent: signer.agent,
          definition: agentDefinition,
          inference: linearModel(agentDefinition, [60, 2, -1]),
          activeFromMs: unixMs(START_MS + 10 * MINUTE_MS),
        }
        const chain = randomChain(store, random, gold.id, 9_000 + seed)
        const session = async (blocks: number) => {
          const arrivals = createArrivals()
          const run = runLive({
            kernel: createKernel({ ...options, retainBlocks: 64 }),
            recorder: createRecorder({ store: store.decisions, signer, domain }),
            history: store.decisions,
            events: tailObservations({
              store: store.observations,
              instruments: [gold.id, CURVE],
              notified: arrivals.notified,
              finished: () => arrivals.finished,
              pageSize: 5,
            }),
          })
          for (let block = 0; block < blocks; block++) {
            await chain.advance()
            arrivals.notify()
            // Now the agent keeps up with the chain, now it lags behind.
            if (random() < 0.5) await new Promise(resolve => setTimeout(resolve, 2))
          }
          arrivals.finish()
          return run
        }
        const begun = await session(150)
        const continued = await session(150)
        expect(chain.reorgs).toBeGreaterThan(5)
        expect(begun.recorded).toBeGreaterThan(20)
        expect(continued.replayed).toBe(begun.recorded)

        const rows = await store.decisions.list({ agent: signer.agent, limit: 10_000 })
        const records = rows.map(({ body }) => parseBody(body))
        const history = await store.observations.read({ instruments: [gold.id], limit: 100_000 })
        const events = history.map(deliveredEvent)
        expect(events.filter(({ value }) => value.type === 'withdrawal')).toHaveLength(chain.reorgs)
        const { decisions } = await runBacktest({ ...options, events, retainBlocks: 64, tracked: true })
        expect(
          decisions.map(
            ({ receipt: _, ...decision }: { receipt?: unknown } & (typeof decisions)[number]) => decision,
          ),
        ).toEqual(records.map(({ dataRoot: _, revealAtMs: __, salt: ___, ...decision }) => decision))
        let made = 0
        for await (const { decision, dataRoot } of replayDecisions({
          ...options,
          retainBlocks: 64,
          observations: history,
        })) {
          expect({ ...decision, dataRoot, revealAtMs: 0, salt: records[made]?.salt }).toEqual(records[made])
          made++
        }
        expect(made).toBe(records.length)
      },
      60_000,
    )
  }),
)
