import { setTimeout as sleep } from 'node:timers/promises'
import { DEFAULT_FINALITY_BLOCKS } from '../../chain-ingest/index.ts'
import { seededRandom, unixMsFromSeconds } from '../../core/index.ts'
import { deployMarket } from '../localMarket/deployMarket.ts'
import { openNodeRpc } from '../localMarket/nodeRpc.ts'
import { BLOCK_SECONDS, createParticipants } from '../localMarket/simulateParticipants.ts'
import type { AgentConfig } from '../projectSchema.ts'
import { LOCAL_URL } from '../workspace.ts'
import type { Scenario } from './scenario.ts'

/** Genesis of the local chain: a Monday, always the same, so that the same seed gives the same market. */
export const LOCAL_GENESIS_SECONDS = 1_767_571_200
const SEED = 20_260_105
/** Two days of history, and six hours live. */
const HISTORY_BLOCKS = 2_880
const LIVE_BLOCKS = 360
/** Wall-clock time between blocks while the agents run, and while the demo is left open. */
const LIVE_PACE_MS = 25
const LINGER_PACE_MS = 2_000
/** Chain time that deployment may take before the participants' first block. */
const FIRST_BLOCK_DELAY_SECONDS = 3_600
/** Gold's trend is measured in periods of this length here: a few days hold too few whole days. */
const TREND_PERIOD_MS = 5 * 60_000

/** A small RWA market on a local chain: a gold token, a treasury-bill vault and a pool, with seeded participants. */
export async function localScenario(
  chainUrl: string,
  chainId: number,
  onProgress: (done: number, total: number) => void,
): Promise<Scenario> {
  const rpc = openNodeRpc(chainUrl)
  const market = await deployMarket(rpc, chainId)
  await rpc.setAutomine(false)
  const startSeconds = LOCAL_GENESIS_SECONDS + FIRST_BLOCK_DELAY_SECONDS
  const participants = createParticipants(rpc, market, { random: seededRandom(SEED), startSeconds })
  for (let block = 1; block <= HISTORY_BLOCKS; block++) {
    await participants.block()
    onProgress(block, HISTORY_BLOCKS)
  }
  await rpc.setAutomine(true)
  const lastHistoryBlock = await rpc.blockNumber()
  const agent = (name: string, settings: AgentConfig['settings']): AgentConfig => ({
    name,
    definition: name,
    instrument: { ...market.goldInstrument },
    observes: [],
    settings,
  })
  const produce = async (
    blocks: number,
    paceMs: number,
    signal: AbortSignal,
    onBlock: (done: number) => void,
  ) => {
    // The participants set the time of each block, so the node must not mine one of its own between them.
    await rpc.setAutomine(false)
    try {
      for (let block = 1; block <= blocks && !signal.aborted; block++) {
        await participants.block()
        onBlock(block)
        await sleep(paceMs, undefined, { signal }).catch(() => undefined)
      }
    } finally {
      await rpc.setAutomine(true)
      // Carries the commits that arrived since the participants' last block.
      await participants.closingBlock()
    }
  }
  return {
    about: `a local market: ${HISTORY_BLOCKS + LIVE_BLOCKS} blocks of ${BLOCK_SECONDS} s from ${new Date(unixMsFromSeconds(LOCAL_GENESIS_SECONDS)).toISOString().slice(0, 10)}, seed ${SEED}`,
    poolSource: 'local-market',
    sources: [
      {
        kind: 'rpc',
        name: 'local-market',
        url: LOCAL_URL,
        chainId,
        requestsPerSecond: null,
        finality: DEFAULT_FINALITY_BLOCKS,
        confirmations: 0,
        contracts: [...market.contracts],
        fromBlock: market.fromBlock,
        toBlock: null,
        finalityDelayMs: 0,
      },
    ],
    agents: [agent('order-flow-momentum', {}), agent('gold-trend', { periodMs: TREND_PERIOD_MS })],
    tokens: [market.goldInstrument, market.vaultInstrument],
    historyEnd: () => ({ toBlock: lastHistoryBlock }),
    live: (signal, report) => produce(LIVE_BLOCKS, LIVE_PACE_MS, signal, done => report(done, LIVE_BLOCKS)),
    linger: signal => produce(Number.POSITIVE_INFINITY, LINGER_PACE_MS, signal, () => undefined),
  }
}
