import type { LocalAccount } from 'viem'
import {
  type Address,
  type EmbargoStore,
  type RevealTime,
  type TouchstoneError,
  UnavailableError,
  type UnixMs,
  unixMs,
} from '../core/index.ts'
import type { AnchorLogger } from './anchorContext.ts'
import { DEFAULT_MAX_FEE_PER_GAS, DEFAULT_STUCK_AFTER_MS } from './createAnchorRelay.ts'
import type { AgentSigner } from './createSigner.ts'
import type { LogDomain } from './decisionTypes.ts'
import { chainFailure, connect } from './logChain.ts'
import { readRevealedKeys } from './readRevealedKeys.ts'
import { keyHashOf } from './revealKeys.ts'
import { type DueKey, findTransaction, type RevealTransaction, sendReveals } from './revealTransaction.ts'

/** Time between looks for keys that are due. */
export const DEFAULT_REVEAL_INTERVAL_MS = 2_000

/** Keys in one transaction: beyond it one costs no less, 3,800 gas. */
const MAX_KEYS = 100
/** Blocks after which a key's block is not looked at again while the revealer runs. */
const FINALITY_BLOCKS = 64
/** A transaction that was just sent may be unknown to the next node asked; dropped is one unknown for longer. */
const DROPPED_AFTER_MS = 5_000
const MAX_BACKOFF_MS = 30_000

export type RevealerOptions = {
  readonly store: Pick<EmbargoStore, 'revealTimes'>
  /** HTTP JSON-RPC address of a node of the log's chain. */
  readonly rpcUrl: string
  /** The RevealLog. */
  readonly contract: Address
  /** The decision log that the records are bound to. */
  readonly domain: LogDomain
  readonly signer: AgentSigner
  /** Keys that the agent had before: what was sealed under one is revealed by it. */
  readonly formerSigners?: readonly AgentSigner[]
  /** Who pays; the agent's key unless given. Anybody may post a key. */
  readonly account?: LocalAccount
  /** Default 2 s. */
  readonly intervalMs?: number
  /** Default 60 s. */
  readonly stuckAfterMs?: number
  /** The most to offer per gas, in wei; default 500 gwei. */
  readonly maxFeePerGas?: bigint
  /** Block of the contract's deployment; default 0. */
  readonly fromBlock?: number
  readonly now: () => UnixMs
  readonly logger?: AnchorLogger
}

/** Posts the keys of an agent's sealed decisions when their time has come. */
export type Revealer = {
  start(): void
  /** Ends the work after the step at hand. */
  stop(): Promise<void>
  /**
   * Resolves when every key that is due is on chain; starts the revealer if needed. Waits through outages.
   *
   * @throws UnavailableError when the revealer is stopped first.
   */
  flush(): Promise<void>
}

const silent: AnchorLogger = { info() {}, warn() {}, error() {} }

/**
 * Creates the revealer of one agent. It keeps nothing: which keys are due follows from the decisions, which ones were
 * posted from the chain, and the keys from the agent's own. So it goes on after a restart, a dropped transaction or a
 * reorg wherever the chain stands. A key that is posted twice does no harm.
 */
export function createRevealer(options: RevealerOptions): Revealer {
  const { store, contract, domain, signer, now, logger = silent, formerSigners = [] } = options
  const { intervalMs = DEFAULT_REVEAL_INTERVAL_MS, stuckAfterMs = DEFAULT_STUCK_AFTER_MS } = options
  const { agent } = signer
  const client = connect(options.rpcUrl, 0)
  const sender = {
    client,
    chainId: domain.chainId,
    contract,
    account: options.account ?? signer.account,
    maxFeePerGas: options.maxFeePerGas ?? DEFAULT_MAX_FEE_PER_GAS,
  }
  /** What is deeper on chain than any expected reorg: every key up to a time, and some beyond. */
  const final = { throughMs: unixMs(0), throughBlock: (options.fromBlock ?? 0) - 1, names: new Set<string>() }
  const lost = new Set<string>()
  let pending: { transaction: RevealTransaction; sinceMs: UnixMs } | null = null
  let loop: Promise<void> | null = null
  let stopping = false
  let wake = () => {}
  let woken = false
  let waiters: { resolve: () => void; reject: (error: TouchstoneError) => void }[] = []

  return {
    start,
    async stop() {
      stopping = true
      awaken()
      await loop
    },
    async flush() {
      start()
      const done = new Promise<void>((resolve, reject) => {
        waiters = [...waiters, { resolve, reject }]
      })
      awaken()
      await done
    },
  }

  function start(): void {
    if (loop !== null) return
    stopping = false
    loop = run().finally(() => {
      loop = null
      for (const { reject } of waiters) reject(stopped(signer))
      waiters = []
    })
  }

  async function run(): Promise<void> {
    let failures = 0
    while (!stopping) {
      let pauseMs = intervalMs
      const asking = waiters
      try {
        const done = await pass()
        failures = 0
        if (done) {
          for (const { resolve } of asking) resolve()
          waiters = waiters.filter(waiter => !asking.includes(waiter))
        } else pauseMs = Math.min(intervalMs, 1_000)
      } catch (error) {
        failures += 1
        pauseMs = Math.min(MAX_BACKOFF_MS, intervalMs * 2 ** Math.min(failures, 20))
        logger.warn({ agent, failures, pauseMs }, error instanceof Error ? error.message : String(error))
      }
      await pause(pauseMs)
    }
  }

  /** Looks at what is due and what is on chain, and takes the one step that comes next; true when all is posted. */
  async function pass(): Promise<boolean> {
    const due = await store.revealTimes(agent, final.throughMs, now())
    if (due.length === 0) return true
    const block = await client.getBlock().catch((error: unknown) => {
      throw chainFailure(error, 'read its latest block')
    })
    const latest = { number: Number(block.number), timeMs: unixMs(Number(block.timestamp) * 1_000) }
    const posted = await readPosted(latest.number)
    settle(due, latest.number)
    const missing = due.filter(time => !final.names.has(nameOf(time)) && !posted.has(nameOf(time)))
    const keys = missing.flatMap(keysOf).slice(0, MAX_KEYS)
    if (keys.length === 0) {
      pending = null
      return true
    }
    await attend(keys, latest)
    return false
  }

  /** Names of the keys on chain that are not final yet; those that became final are kept. */
  async function readPosted(latest: number): Promise<ReadonlySet<string>> {
    const fromBlock = final.throughBlock + 1
    const posted = await readRevealedKeys(client, { contract, agent, fromBlock, toBlock: latest })
    const names = new Set<string>()
    for (const { revealAtMs, key, blockNumber } of posted) {
      const name = nameOf({ revealAtMs, keyHash: keyHashOf(key) })
      if (blockNumber <= latest - FINALITY_BLOCKS) final.names.add(name)
      else names.add(name)
    }
    return names
  }

  /** Moves what is final on: times below which every key is deep on chain, and blocks, are not asked for again. */
  function settle(due: readonly RevealTime[], latest: number): void {
    final.throughBlock = Math.max(final.throughBlock, latest - FINALITY_BLOCKS)
    const open = due.find(time => !final.names.has(nameOf(time)))
    const settled = due.filter(({ revealAtMs }) => open === undefined || revealAtMs < open.revealAtMs)
    for (const time of settled) final.names.delete(nameOf(time))
    final.throughMs = settled.at(-1)?.revealAtMs ?? final.throughMs
  }

  function keysOf(time: RevealTime): DueKey[] {
    const { revealAtMs, keyHash } = time
    for (const each of [signer, ...formerSigners]) {
      const key = each.revealKeyFor(revealAtMs, domain)
      if (keyHashOf(key) === keyHash) return [{ agent, revealAtMs, key }]
    }
    if (!lost.has(nameOf(time)))
      logger.error(
        { agent, revealAtMs, keyHash },
        'No key at hand opens the decisions of a reveal time: they were sealed under another key of the agent.',
      )
    lost.add(nameOf(time))
    return []
  }

  /** Sends the keys, or looks after the transaction that is on its way. */
  async function attend(keys: readonly DueKey[], latest: Latest): Promise<void> {
    let replaced: RevealTransaction | null = null
    if (pending !== null) {
      const { transaction, sinceMs } = pending
      const found = await findTransaction(client, transaction)
      const waitedMs = now() - sinceMs
      // Mined after the events were read: the next pass sees it.
      if (found.is === 'mined' && found.succeeded && found.blockNumber > latest.number) return
      if (found.is === 'pooled' && waitedMs < stuckAfterMs) return
      if (found.is === 'unknown' && waitedMs < Math.min(stuckAfterMs, DROPPED_AFTER_MS)) return
      if (found.is === 'pooled') replaced = transaction
      pending = null
      logger.warn({ agent, transactionHash: transaction.hash }, REASONS[found.is])
    }
    let transaction = await sendReveals(sender, keys, replaced)
    // Our clock is ahead of the chain's: what is due by the latest block need not wait for the others.
    const early = keys.filter(({ revealAtMs }) => revealAtMs > latest.timeMs)
    if (transaction === null && early.length > 0 && early.length < keys.length)
      transaction = await sendReveals(
        sender,
        keys.filter(key => !early.includes(key)),
        replaced,
      )
    if (transaction === null) return
    pending = { transaction, sinceMs: now() }
    logger.info({ agent, transactionHash: transaction.hash }, 'Sent keys whose time has come.')
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

/** The chain's latest block. */
type Latest = { readonly number: number; readonly timeMs: UnixMs }

const REASONS = {
  mined: 'A transaction of keys brought not all of them; sending the others.',
  pooled: 'A transaction of keys is stuck; replacing it.',
  unknown: 'A transaction of keys is not with the node; sending it again.',
} as const

const nameOf = ({ revealAtMs, keyHash }: RevealTime): string => `${revealAtMs}/${keyHash}`

function stopped({ agent }: AgentSigner): UnavailableError {
  return new UnavailableError(`The revealer of agent ${agent} was stopped.`, {
    facts: { agent },
    hint: 'Start it again: it goes on where the chain stands.',
  })
}
