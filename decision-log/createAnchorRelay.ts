import type { LocalAccount } from 'viem'
import {
  type Address,
  type AnchorBatch,
  type DecisionStore,
  type Hash,
  InvalidInputError,
  LockedError,
  TouchstoneError,
  toError,
  type UnixMs,
  ZERO_HASH,
} from '../core/index.ts'
import type { AnchorForm, AnchorLogger } from './anchorContext.ts'
import { type AnchorLane, createAnchorLane } from './anchorLane.ts'
import { createAnchorNodes } from './anchorNodes.ts'
import type { AgentSigner } from './createSigner.ts'
import { lowerCase } from './lowerCase.ts'
import { createRelayStep, WAITING } from './relayStep.ts'

/** Decisions per commit: beyond it the cost of one no longer falls, and the transaction gets too large. */
export const DEFAULT_MAX_BATCH = 1_000
/** Time between commits. */
export const DEFAULT_ANCHOR_INTERVAL_MS = 10_000
/** A transaction is replaced by a better paid one after this time: five blocks of Ethereum. */
export const DEFAULT_STUCK_AFTER_MS = 60_000
/** The most that is ever offered for a unit of gas, in wei: 500 gwei. */
export const DEFAULT_MAX_FEE_PER_GAS = 500_000_000_000n

/** Longest pause after failures in a row. */
const MAX_BACKOFF_MS = 30_000
const MAX_DOUBLINGS = 20
/** First and longest pause between looks at a transaction on its way. */
const MIN_POLL_MS = 20
const MAX_POLL_MS = 1_000

export type AnchorRelayOptions = {
  /** HTTP JSON-RPC addresses of nodes; of several, the first that works is used. */
  readonly rpcUrl: string | readonly string[]
  /** The DecisionLog. */
  readonly contract: Address
  /** The account that sends, and pays. It is used for nothing else. */
  readonly account: LocalAccount
  /** The chain that the nodes must be of; checked at the start when given. */
  readonly chainId?: number
  /** Time between commits unless a batch is full; default 10 s. */
  readonly intervalMs?: number
  /** Default 60 s. */
  readonly stuckAfterMs?: number
  /** The most to offer per gas, in wei; default 500 gwei. */
  readonly maxFeePerGas?: bigint
  /** Block of the contract's deployment; commits are never looked for before it. Default 0. */
  readonly fromBlock?: number
  /** When a node that failed or lags is asked again; default 30 s. */
  readonly nodeRecheckMs?: number
  /** How long a chain that went back is taken for nodes that lag; default 60 s. */
  readonly lagPatienceMs?: number
  readonly now: () => UnixMs
  readonly logger?: AnchorLogger
}

/** An agent whose decisions are anchored. */
export type AnchoredAgent = {
  readonly store: DecisionStore
  readonly signer: AgentSigner
  /** What goes on chain of each batch; default `leaves`. With `root`, who publishes decisions publishes their leaves. */
  readonly anchor?: AnchorForm
  /** Names this host among those that may work for the agent: 32 bytes, at random. The same name unless given. */
  readonly host?: Hash
  /** Most decisions in one commit; default 1,000. */
  readonly maxBatch?: number
  /** Blocks that must hold a commit, its own included, before it counts as anchored; default 1. */
  readonly confirmations?: number
  /** Called after a batch was saved as anchored; again when a reorg moved it to another block. */
  readonly onAnchored?: (batch: AnchorBatch) => void
  /**
   * Called once when the work for the agent ends by itself: the record and the chain contradict each other, or
   * another host took the agent over (TakenOverError).
   */
  readonly onFailure?: (error: TouchstoneError) => void
}

/** Anchors an agent's recorded decisions in the background. */
export type AnchorWorker = {
  /** @throws LockedError when another worker in this process runs for the agent, or with the sending account. */
  start(): void
  /**
   * Resolves once the chain says that this host may work for the agent; starts the worker if needed. Waits through
   * outages.
   *
   * @throws as `flush` does.
   */
  held(): Promise<void>
  /** Ends the work after the step at hand; unfinished batches are taken up by the next worker. */
  stop(): Promise<void>
  /**
   * Resolves when every decision recorded before the call is anchored; starts the worker if needed, and sends
   * at once instead of waiting for the interval. Waits through outages.
   *
   * @throws IntegrityError when the record and the chain contradict each other.
   * @throws TakenOverError when another host works for the agent.
   * @throws UnavailableError when the worker is stopped first.
   */
  flush(): Promise<void>
}

/** Anchors the decisions of agents through one account. */
export type AnchorRelay = {
  /** @throws InvalidInputError for options that make no sense. */
  add(agent: AnchoredAgent): AnchorWorker
}

/** What runs on a host, agents and accounts: two would fight over an agent's state, or over an account's nonces. */
const running = new Set<string>()

const silent: AnchorLogger = { info() {}, warn() {}, error() {} }

/**
 * Creates what anchors the decisions of agents through one account. It is one loop that reconciles the stores with
 * the chain and then takes the step that comes next, with at most one transaction on its way, so that a start in any
 * state goes on where the last one was: the contract takes each sequence once, and in order. An agent that fails is
 * left out; the others are not held up.
 */
export function createAnchorRelay(options: AnchorRelayOptions): AnchorRelay {
  const { account, rpcUrl, logger = silent } = options
  const { intervalMs = DEFAULT_ANCHOR_INTERVAL_MS, stuckAfterMs = DEFAULT_STUCK_AFTER_MS } = options
  assertPositive({ intervalMs, stuckAfterMs })
  const sender = lowerCase(account.address)
  const longestPollMs = Math.max(MIN_POLL_MS, Math.min(intervalMs, MAX_POLL_MS))
  const backoffMs = (failures: number) =>
    Math.min(MAX_BACKOFF_MS, intervalMs * 2 ** Math.min(failures - 1, MAX_DOUBLINGS))
  const nodes = createAnchorNodes({
    urls: typeof rpcUrl === 'string' ? [rpcUrl] : rpcUrl,
    chainId: options.chainId,
    recheckMs: options.nodeRecheckMs,
    lagPatienceMs: options.lagPatienceMs,
    logger,
  })
  const step = createRelayStep({
    ...options,
    ...{ nodes, logger, intervalMs, stuckAfterMs, backoffMs },
    maxFeePerGas: options.maxFeePerGas ?? DEFAULT_MAX_FEE_PER_GAS,
    fromBlock: options.fromBlock ?? 0,
  })
  const lanes = new Set<AnchorLane>()
  const holding = new Set<string>()
  let loop: Promise<void> | null = null
  let passing: Promise<unknown> = Promise.resolve()
  let wake = () => {}
  let woken = false

  return {
    add(agent) {
      const { maxBatch = DEFAULT_MAX_BATCH, confirmations = 1, anchor = 'leaves', host = ZERO_HASH } = agent
      assertPositive({ maxBatch, confirmations })
      const lane = createAnchorLane({ ...agent, maxBatch, confirmations, anchor, host, logger })
      const start = () => {
        if (lanes.has(lane)) return
        const place = `agent ${lane.agent} ${host}`
        const line = `account ${sender} ${host}`
        if (running.has(place)) throw alreadyRunning(lane.agent)
        if (!holding.has(line) && running.has(line)) throw alreadyRunning(sender)
        running.add(place).add(line)
        holding.add(line)
        lane.begin(() => {
          lanes.delete(lane)
          running.delete(place)
          awaken()
        })
        lanes.add(lane)
        if (loop === null) run()
      }
      const reach = async (sequence: number) => {
        if (lane.failure !== null) throw lane.failure
        start()
        // Whoever waits is not kept waiting by a pause after failures.
        lane.trouble = null
        const done = lane.reached(sequence)
        awaken()
        await done
      }
      return {
        start,
        async stop() {
          lane.end()
          await passing
          if (lanes.size === 0) await loop
        },
        held: () => reach(0),
        flush: async () => reach(await lane.options.store.nextSequence(lane.agent)),
      }
    },
  }

  function run(): void {
    loop = work().finally(() => {
      loop = null
      // Started between the last look at the lanes and here.
      if (lanes.size > 0) return run()
      for (const line of holding) running.delete(line)
      holding.clear()
    })
  }

  async function work(): Promise<void> {
    // Agents that are started together go into the first transaction together.
    await new Promise(resolve => setImmediate(resolve))
    let failures = 0
    let pollMs = MIN_POLL_MS
    while (lanes.size > 0) {
      let pauseMs: number
      try {
        const taken = step([...lanes])
        passing = taken.catch(() => {})
        const next = await taken
        failures = 0
        pauseMs = next === WAITING ? pollMs : next
        pollMs = next === WAITING ? Math.min(pollMs * 2, longestPollMs) : MIN_POLL_MS
      } catch (thrown) {
        const error = toError(thrown)
        if (error instanceof TouchstoneError && !error.retryable) {
          for (const lane of lanes) lane.fail(error)
          return
        }
        failures += 1
        pauseMs = nodes.leave() ? MIN_POLL_MS : backoffMs(failures)
        logger.warn({ account: sender, failures, pauseMs }, error.message)
      }
      await pause(pauseMs)
    }
  }

  function awaken(): void {
    woken = true
    wake()
  }

  async function pause(ms: number): Promise<void> {
    if (!woken && lanes.size > 0)
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, ms)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    woken = false
  }
}

function assertPositive(values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values))
    if (!Number.isSafeInteger(value) || value < 1)
      throw new InvalidInputError(
        `The anchor worker's ${name} is ${value}; it must be a whole number from 1.`,
        {
          facts: { name, value },
          hint: `Correct ${name}.`,
        },
      )
}

function alreadyRunning(address: Address): LockedError {
  return new LockedError(`An anchor worker of ${address} runs already.`, {
    facts: { address },
    hint: 'Stop it first, or use it.',
  })
}
