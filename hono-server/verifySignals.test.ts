import { afterAll, beforeAll, expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { type Anvil, startAnvil } from '../cli/startAnvil.ts'
import { type DecisionStore, type Hex, type Store, unixMs } from '../core/index.ts'
import { createAnchorWorker, createRecorder, createSigner, deployDecisionLog } from '../decision-log/index.ts'
import { hashOf, KEYS, OUTPUTS, sampleDecision } from '../decision-log/test/sampleDecisions.ts'
import { verifySignals } from '../examples/verifySignals.ts'
import { onEachStore } from '../test/eachStore.ts'
import { createFeed, createProofOf, type Feed, startServer } from './index.ts'

const signer = createSigner(KEYS[0])
const { agent } = signer
const SIGNALS = [0, 2, 4, 6, 8]

onEachStore(({ open }) => {
  let anvil: Anvil
  let store: Store
  let contract: Hex

  beforeAll(async () => {
    anvil = await startAnvil()
    store = await open()
    contract = (await deployDecisionLog({ rpcUrl: anvil.url, privateKey: KEYS[0] })).address
  })
  afterAll(async () => {
    await anvil?.stop()
    await store?.close()
  })

  /** Serves a store's feed and runs the example on it until it has printed so many lines. */
  async function runExample(
    decisions: DecisionStore,
    lines: number,
    whileItRuns: (feed: Feed) => Promise<void>,
  ) {
    const domain = { chainId: anvil.chainId, verifyingContract: contract }
    const feed = createFeed({ decisions, proofOf: createProofOf(decisions, domain), domain })
    const server = await startServer({ app: { fetch: () => new Response() }, feed, port: 0 })
    const printed: string[] = []
    let socket: WebSocket | null = null
    try {
      await new Promise<void>((resolve, reject) => {
        verifySignals(server.wsUrl, anvil.url, contract, (line: string) => {
          printed.push(line)
          if (printed.length === lines) resolve()
        })
          .then(opened => {
            socket = opened
            return whileItRuns(feed)
          })
          .catch(reject)
      })
      // Anything printed twice would come now.
      await new Promise(resolve => setTimeout(resolve, 100))
    } finally {
      ;(socket as WebSocket | null)?.terminate()
      await server.close()
    }
    return printed.toSorted()
  }

  test('the example verifies each signal once, live, against the chain; a changed one is false', async () => {
    const { decisions } = store
    const domain = { chainId: anvil.chainId, verifyingContract: contract }
    const recorder = createRecorder({ store: decisions, signer, domain })
    const record = (sequences: readonly number[]) =>
      recorder.record(
        sequences.map(sequence => sampleDecision(agent, sequence, OUTPUTS[sequence % 2])),
        hashOf('e'),
      )
    const worker = createAnchorWorker({
      store: decisions,
      rpcUrl: anvil.url,
      contract,
      signer,
      now: () => unixMs(Date.now()),
      intervalMs: 50,
    })

    await record([0, 1, 2])
    await worker.flush()
    const live = await runExample(decisions, SIGNALS.length, async feed => {
      await record([3, 4, 5])
      feed.notifyRecorded()
      await worker.flush()
      feed.notifyAnchored(agent)
      await record([6, 7, 8])
      feed.notifyRecorded()
      await worker.flush()
      feed.notifyAnchored(agent)
    })
    await worker.stop()
    expect(live).toEqual(
      SIGNALS.map(sequence =>
        expect.stringMatching(
          `^true   ${agent}/${sequence}  oanda:XAUUSD  {"kind":"signal","direction":-1,.*}  block \\d+$`,
        ),
      ),
    )

    // A publisher that shows a better signal than it signed.
    const lying: DecisionStore = {
      ...decisions,
      list: async query =>
        (await decisions.list(query)).map(row => ({
          ...row,
          body: row.sequence === 4 ? row.body.replace('"direction":-1', '"direction":1') : row.body,
        })),
    }
    const told = await runExample(lying, SIGNALS.length, async () => undefined)
    expect(told.filter(line => line.startsWith('FALSE'))).toEqual([
      expect.stringContaining(`${agent}/4  the hash of the body: expected `),
    ])
    expect(told.filter(line => line.startsWith('true'))).toHaveLength(4)
  })
})
