import { observedInstruments } from '../../agents/index.ts'
import { runBacktest, runBacktestOver } from '../../backtest/index.ts'
import { type Decision, type MarketEvent, marketColumns } from '../../core/index.ts'
import { createRecorder, createSigner, parseBody } from '../../decision-log/index.ts'
import { createKernel, type KernelOptions, replayDecisions, runLive } from '../index.ts'
import {
  asDecisionStore,
  collect,
  type MemoryDecisions,
  memoryDecisions,
  storedObservations,
  streamOf,
} from './memoryStore.ts'

// The first well-known key of every local test chain.
const signer = createSigner('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')
const domain = { chainId: 31_337, verifyingContract: '0x5fbdb2315678afecb367f032d93f642f64180aa3' } as const

/** What an agent decided, by each way of running it. */
export type EveryWay = {
  readonly backtest: readonly Decision[]
  readonly columns: readonly Decision[]
  readonly live: readonly Decision[]
  /** Live, stopped and started again. */
  readonly restarted: readonly Decision[]
  readonly audit: readonly Decision[]
}

/**
 * Runs an agent in a backtest over events and over columns, live, live with a restart after `cut` events, and in an
 * audit. Outcomes of the very last event are left out: a live run hears of them only with the next.
 */
export async function everyWay(
  given: Omit<KernelOptions, 'agent'>,
  events: readonly MarketEvent[],
  cut: number,
): Promise<EveryWay> {
  const options = { ...given, agent: signer.agent }
  const observations = storedObservations(events)
  const live = async (memory: MemoryDecisions, until: number) => {
    await runLive({
      kernel: createKernel(options),
      recorder: createRecorder({ store: asDecisionStore(memory), signer, domain }),
      events: streamOf(observations.slice(0, until)),
      history: memory,
    })
    return memory.rows.map(({ body }): Decision => {
      const { dataRoot: _, revealAtMs: __, salt: ___, ...decision } = parseBody(body)
      return decision
    })
  }
  const whole = await live(memoryDecisions(), events.length)
  const memory = memoryDecisions()
  await live(memory, cut)
  const columns = marketColumns(events, observedInstruments(options.definition))
  return {
    backtest: (await runBacktest({ ...options, events, tracked: true })).decisions.slice(0, whole.length),
    columns: runBacktestOver({ ...options, columns, tracked: true }).decisions.slice(0, whole.length),
    live: whole,
    restarted: await live(memory, events.length),
    audit: (await collect(replayDecisions({ ...options, observations }))).map(({ decision }) => decision),
  }
}
