import {
  type Address,
  type AgentId,
  type AnchorBatch,
  type DecisionStore,
  InvalidInputError,
  LockedError,
  TouchstoneError,
  UnavailableError,
  type UnixMs,
} from '../core/index.ts'
import { type AnchorContext, type AnchorLogger, emptyMemory } from './anchorContext.ts'
import type { AgentSigner } from './createSigner.ts'
import { chainFailure, connect, hasName } from './logChain.ts'
import { receiptOf, reconcileAnchors } from './reconcileAnchors.ts'
import { sendBatch } from './sendBatch.ts'

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
/** A transaction that was just sent may be unknown to the next node asked; dropped is one unknown for longer. */
const DROPPED_AFTER_MS = 5_000

export type AnchorWorkerOptions = {
  readonly store: DecisionStore
  /** HTTP JSON-RPC address of a node. */
  readonly rpcUrl: string
  /** The DecisionLog. */
  readonly contract: Address
  readonly signer: AgentSigner
  /** The chain that the node must be of; checked at the start when given. */
  readonly chainId?: number
  /** Most decisions in one commit; default 1,000. */
  readonly maxBatch?: number
  /** Time between commits unless a batch is full; default 10 s. */
  readonly intervalMs?: number
  /** Blocks that must hold a commit, its own included, before it counts as anchored; default 1. */
  readonly confirmations?: number
  /** Default 60 s. */
  readonly stuckAfterMs?: number
  /** The most to offer per gas, in wei; default 500 gwei. */
  readonly maxFeePerGas?: bigint
  /** Block of the contract's deployment; commits are never looked for before it. Default 0. */
  readonly fromBlock?: number
  readonly now: () => UnixMs
  readonly logger?: AnchorLogger
  /** Called after a batch was saved as anchored; again when a reorg moved it to another block. */
  readonly onAnchored?: (batch: AnchorBatch) => void
  /** Called once when the worker stops by itself, because the record and the chain contradict each other. */
  readonly onFailure?: (error: TouchstoneError) => void
}

/** Anchors an agent's recorded decisions in the background. */
export type AnchorWorker = {
  /** @throws LockedError when another worker in this process runs with the same key. */
  start(): void
  /** Ends the work after the step at hand; unfinished batches are taken up by the next worker. */
  stop(): Promise<void>
  /**
   * Resolves when every decision recorded before the call is anchored; starts the worker if needed, and sends
   * at once instead of waiting for the interval. Waits through outages.
   *
   * @throws IntegrityError when the record and the chain contradict each other.
   * @throws UnavailableError when the worker is stopped first.
   */
  flush(): Promise<void>
}

/** Agents whose worker runs: two workers of one key would fight over its nonces. */
const running = new Set<AgentId>()

const silent: AnchorLogger = { info() {}, warn() {}, error() {} }

/**
 * Creates the worker of one agent. It is one loop that reconciles the store with the chain and then sends what
 * comes next, with at most one commit on its way, so that a start in any state goes on where the last worker
 * was: the contract takes each sequence once, and in order.
 */
export function createAnchorWorker(options: AnchorWorkerOptions): AnchorWorker {
  const { store, signer, now, logger = silent, maxBatch = DEFAULT_MAX_BATCH } = options
  const { intervalMs = DEFAULT_ANCHOR_INTERVAL_MS, stuckAfterMs = DEFAULT_STUCK_AFTER_MS } = options
  const { confirmations = 1 } = options
  const longestPollMs = Math.max(MIN_POLL_MS, Math.min(intervalMs, MAX_POLL_MS))
  for (const [name, value] of Object.entries({ maxBatch, intervalMs, stuckAfterMs, confirmations }))
    if (!Number.isSafeInteger(value) || value < 1) throw notPositive(name, value)

  const client = connect(options.rpcUrl, 0)
  const base = {
    store,
    client,
    contract: options.contract,
    signer,
    maxBatch,
    confirmations,
    stuckAfterMs,
    maxFeePerGas: options.maxFeePerGas ?? DEFAULT_MAX_FEE_PER_GAS,
    fromBlock: options.fromBlock ?? 0,
    now,
    logger,
    onAnchored: options.onAnchored ?? (() => {}),
    memory: emptyMemory(),
  }
  let context: AnchorContext | null = null
  let loop: Promise<void> | null = null
  let stopping = false
  let failure: TouchstoneError | null = null
  let lastCommitMs: number | null = null
  let wake = () => {}
  let woken = false
  let waiters: { target: number; resolve: () => void; reject: (error: TouchstoneError) => void }[] = []

  return {
    start,
    async stop() {
      stopping = true
      awaken()
      await loop
    },
    async flush() {
      const target = await store.nextSequence(signer.agent)
      if (failure !== null) throw failure
      start()
      const done = new Promise<void>((resolve, reject) => {
        waiters.push({ target, resolve, reject })
      })
      awaken()
      await done
    },
  }

  function start(): void {
    if (loop !== null) return
    if (running.has(signer.agent)) throw alreadyRunning(signer.agent)
    running.add(signer.agent)
    stopping = false
    failure = null
    loop = run().finally(() => {
      running.delete(signer.agent)
      loop = null
      const error = failure ?? stopped(signer.agent)
      for (const { reject } of waiters) reject(error)
      waiters = []
    })
  }

  async function run(): Promise<void> {
    let failures = 0
    let pollMs = MIN_POLL_MS
    while (!stopping) {
      let pauseMs: number
      try {
        const next = await pass()
        failures = 0
        pauseMs = next === 'waiting' ? pollMs : next
        pollMs = next === 'waiting' ? Math.min(pollMs * 2, longestPollMs) : MIN_POLL_MS
      } catch (error) {
        if (error instanceof TouchstoneError && !error.retryable) return fail(error)
        failures += 1
        pauseMs = Math.min(MAX_BACKOFF_MS, intervalMs * 2 ** Math.min(failures - 1, MAX_DOUBLINGS))
        const message = error instanceof Error ? error.message : String(error)
        logger.warn({ agent: signer.agent, failures, pauseMs }, message)
      }
      await pause(pauseMs)
    }
  }

  function fail(error: TouchstoneError): void {
    failure = error
    logger.error({ agent: signer.agent, ...error.facts }, `${error.message} ${error.hint}`)
    options.onFailure?.(error)
  }

  /** Reconciles, then takes the one step that comes next. Returns how long to pause, in milliseconds. */
  async function pass(): Promise<number | 'waiting'> {
    context ??= { ...base, chainId: await checkedChainId() }
    const state = await reconcileAnchors(context)
    for (const waiter of waiters) if (waiter.target <= state.anchoredThrough) waiter.resolve()
    waiters = waiters.filter(({ target }) => target > state.anchoredThrough)

    if (state.pending !== null) return attend(context, state.pending, state.block)
    const unsent = state.recorded - state.chainNext
    if (unsent > 0) {
      const restMs = lastCommitMs === null ? 0 : Math.max(0, lastCommitMs + intervalMs - now())
      if (restMs > 0 && unsent < maxBatch && waiters.length === 0) return restMs
      lastCommitMs = now()
      await sendBatch(context, { firstSequence: state.chainNext, count: Math.min(maxBatch, unsent) })
      return 0
    }
    return state.anchoredThrough < state.chainNext ? 'waiting' : intervalMs
  }

  /** Waits for the commit that is on its way, or sends it again when it failed, was dropped or is stuck. */
  async function attend(
    current: AnchorContext,
    batch: AnchorBatch,
    block: number,
  ): Promise<number | 'waiting'> {
    const { agent, firstSequence, count, transactionHash } = batch
    const { sentAt } = current.memory
    const receipt = await receiptOf(current, transactionHash)
    // Mined after the head was read: the next pass sees it. Mined before, and yet not in the head, it is the
    // receipt of a block that a reorg removed, and says nothing.
    if (receipt !== null && receipt.mined.blockNumber > block) return 'waiting'
    if (receipt?.succeeded === false) {
      logger.warn({ agent, firstSequence, transactionHash }, 'A commit was reverted; sending another.')
      await sendBatch(current, { firstSequence, count })
      return 'waiting'
    }
    const pooled = await isPooled(current, batch)
    const since = sentAt.get(transactionHash)
    if (pooled && since === undefined) {
      sentAt.set(transactionHash, now())
      return 'waiting'
    }
    const patienceMs = pooled ? stuckAfterMs : Math.min(stuckAfterMs, DROPPED_AFTER_MS)
    if (since !== undefined && now() - since < patienceMs) return 'waiting'
    logger.warn(
      { agent, firstSequence, transactionHash },
      pooled ? 'A commit is stuck; replacing it.' : 'A commit is not with the node; sending it again.',
    )
    sentAt.delete(transactionHash)
    await sendBatch(current, { firstSequence, count, floor: batch, raise: pooled })
    return 'waiting'
  }

  async function checkedChainId(): Promise<number> {
    const chainId = await client.getChainId().catch((error: unknown) => {
      throw chainFailure(error, 'tell its chain id')
    })
    const expected = options.chainId ?? chainId
    if (chainId !== expected) throw wrongChain(chainId, expected)
    return chainId
  }

  function awaken(): void {
    woken = true
    wake()
  }

  async function pause(ms: number): Promise<void> {
    if (!woken && !stopping)
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

/** True when a transaction waits with the node to be mined. */
async function isPooled({ client }: AnchorContext, { transactionHash }: AnchorBatch): Promise<boolean> {
  try {
    const { blockNumber } = await client.getTransaction({ hash: transactionHash })
    return blockNumber === null
  } catch (error) {
    if (hasName(error, 'TransactionNotFoundError')) return false
    throw chainFailure(error, `read transaction ${transactionHash}`)
  }
}

function notPositive(name: string, value: number): InvalidInputError {
  return new InvalidInputError(`The anchor worker's ${name} is ${value}; it must be a whole number from 1.`, {
    facts: { name, value },
    hint: `Correct ${name}.`,
  })
}

function wrongChain(chainId: number, expected: number): InvalidInputError {
  return new InvalidInputError(
    `The node is of chain ${chainId}, and the decision log is on chain ${expected}.`,
    {
      facts: { chainId, expected },
      hint: 'Use the RPC address of a node of that chain.',
    },
  )
}

function alreadyRunning(agent: AgentId): LockedError {
  return new LockedError(`An anchor worker of agent ${agent} runs already.`, {
    facts: { agent },
    hint: 'Stop it first, or use it.',
  })
}

function stopped(agent: AgentId): UnavailableError {
  return new UnavailableError(`The anchor worker of agent ${agent} was stopped.`, {
    facts: { agent },
    hint: 'Start it again: it goes on where it was.',
  })
}
