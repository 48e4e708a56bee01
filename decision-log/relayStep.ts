import type { LocalAccount } from 'viem'
import { type Address, type Hash, TouchstoneError, toError, type UnixMs } from '../core/index.ts'
import type { AnchorContext, AnchorLogger } from './anchorContext.ts'
import type { AnchorLane } from './anchorLane.ts'
import type { AnchorNodes, ChosenNode } from './anchorNodes.ts'
import { lookAfter } from './lookAfter.ts'
import { type AnchorState, reconcileAnchors } from './reconcileAnchors.ts'
import { type Batch, openCommit, sendBatches } from './sendBatch.ts'
import { sendEpoch } from './startEpoch.ts'
import type { Replacing, TransactionLine } from './transactionLine.ts'

/** Leaves in one transaction, of all agents together: 96 kB, below the 128 kB that nodes take. */
const MAX_LEAVES = 3_000

/** Something is on its way: look again soon. */
export const WAITING = 'waiting'

export type RelayStepOptions = {
  readonly nodes: AnchorNodes
  readonly account: LocalAccount
  readonly contract: Address
  readonly intervalMs: number
  readonly stuckAfterMs: number
  readonly maxFeePerGas: bigint
  readonly fromBlock: number
  readonly backoffMs: (failures: number) => number
  readonly now: () => UnixMs
  readonly logger: AnchorLogger
}

/** An agent as one look at the chain found it. */
type View = { readonly lane: AnchorLane; readonly context: AnchorContext; readonly state: AnchorState }

/** Takes the step that comes next, and tells how long to pause after it, in milliseconds. */
export type RelayStep = (lanes: readonly AnchorLane[]) => Promise<number | typeof WAITING>

/** Creates what a relay repeats: reconcile every agent with the chain, then send what comes next. */
export function createRelayStep(options: RelayStepOptions): RelayStep {
  const { nodes, account, contract, intervalMs, stuckAfterMs, backoffMs, now, logger } = options
  const sentAt = new Map<Hash, UnixMs>()
  let lastCommitMs: number | null = null

  return async lanes => {
    const node = await nodes.choose()
    const line: TransactionLine = {
      ...{ client: node.client, chainId: node.chainId, account, contract, now, logger, sentAt },
      broadcast: nodes.broadcast,
      maxFeePerGas: options.maxFeePerGas,
    }
    const found = await Promise.all(lanes.map(lane => look(lane, node)))
    const views = found.filter(view => view !== null)
    const troubled = lanes.flatMap(({ trouble }) => (trouble === null ? [] : [trouble.retryAtMs]))
    if (troubled.length > 0) nodes.leave()
    const next = await act(line, views, node.latest)
    if (troubled.length === 0) return next
    const restMs = Math.max(0, Math.min(...troubled) - performance.now())
    return views.length === 0 ? restMs : next === WAITING ? next : Math.min(next, restMs)
  }

  /** Reconciles one agent; null for one that fails, which does not hold up the others. */
  async function look(lane: AnchorLane, node: ChosenNode): Promise<View | null> {
    if (lane.trouble !== null && lane.trouble.retryAtMs > performance.now()) return null
    const context = contextOf(lane, node)
    try {
      const state = await reconcileAnchors(context)
      lane.trouble = null
      if (state.missingEpoch === null) lane.anchoredThrough(state.anchoredThrough)
      return { lane, context, state }
    } catch (error) {
      giveUp(lane, error)
      return null
    }
  }

  /** Ends the work for an agent, or puts it off where what failed may pass. */
  function giveUp(lane: AnchorLane, thrown: unknown): void {
    const error = toError(thrown)
    if (error instanceof TouchstoneError && !error.retryable) {
      lane.fail(error)
      return
    }
    const failures = (lane.trouble?.failures ?? 0) + 1
    const pauseMs = backoffMs(failures)
    lane.trouble = { failures, retryAtMs: performance.now() + pauseMs }
    logger.warn({ agent: lane.agent, failures, pauseMs }, error.message)
  }

  function contextOf(
    { options: lane, memory }: AnchorLane,
    { client, chainId, latest }: ChosenNode,
  ): AnchorContext {
    const { store, signer, host, anchor: form, confirmations, onAnchored = () => {} } = lane
    const { fromBlock } = options
    return {
      ...{ store, signer, host, form, confirmations, onAnchored, memory },
      ...{ client, chainId, latest, contract, fromBlock, now, logger },
    }
  }

  async function act(
    line: TransactionLine,
    views: readonly View[],
    latest: number,
  ): Promise<number | typeof WAITING> {
    // Epochs first: the chain takes no batch of an epoch that it is not in.
    const behind = views.find(({ state }) => state.missingEpoch !== null)
    if (behind !== undefined) return askForEpoch(line, behind, latest)

    const flying = views.filter(({ state }) => state.pending !== null)
    const due = views.filter(({ state }) => state.pending === null && state.recorded > state.chainNext)
    if (flying.length > 0) {
      const sent = flying.flatMap(({ state }) => state.pending ?? [])
      const what = await lookAfter(line, sent, { latest, stuckAfterMs })
      if (what !== 'wait') await send(line, [...flying, ...due], what)
      return WAITING
    }
    sentAt.clear()
    if (due.length > 0) {
      const restMs = restOfInterval()
      const isUrgent = due.some(
        ({ lane, state }) => lane.hasWaiters || state.recorded - state.chainNext >= lane.options.maxBatch,
      )
      if (restMs > 0 && !isUrgent) return restMs
      lastCommitMs = now()
      await send(line, due, {})
      return 0
    }
    return views.some(({ state }) => state.anchoredThrough < state.chainNext) ? WAITING : intervalMs
  }

  async function askForEpoch(
    line: TransactionLine,
    { context, state }: View,
    latest: number,
  ): Promise<typeof WAITING> {
    const { epochSent } = context.memory
    const claimed = state.missingEpoch
    if (claimed === null) return WAITING
    const what = epochSent === null ? {} : await lookAfter(line, [epochSent], { latest, stuckAfterMs })
    if (what !== 'wait') await sendEpoch(line, context, state, claimed, what)
    return WAITING
  }

  /** Sends the next batches of agents, those that were sent before in the same cut, as many as fit. */
  async function send(line: TransactionLine, views: readonly View[], replacing: Replacing): Promise<void> {
    const batches: Batch[] = []
    let leaves = 0
    for (const { lane, context, state } of views) {
      const { pending, chainNext: firstSequence, recorded } = state
      const count = pending?.count ?? Math.min(lane.options.maxBatch, recorded - firstSequence)
      leaves += context.form === 'leaves' ? count : 1
      if (leaves > MAX_LEAVES && batches.length > 0) break
      try {
        batches.push(await openCommit({ context, state: state.state, firstSequence, count }))
      } catch (error) {
        giveUp(lane, error)
      }
    }
    if (batches.length === 0) return
    let unsaved = false
    const onUnsaved = ({ context }: Batch, error: unknown) => {
      unsaved = true
      for (const { lane } of views) if (lane.agent === context.signer.agent) giveUp(lane, error)
    }
    await sendBatches(line, batches, { ...replacing, onUnsaved }).catch((error: unknown) => {
      // The next pass sends those of the others.
      if (!unsaved) throw error
    })
  }

  function restOfInterval(): number {
    if (lastCommitMs === null) return 0
    // After the clock was set back, the interval begins again instead of lasting until the clock is there again.
    if (lastCommitMs > now()) lastCommitMs = now()
    return Math.max(0, lastCommitMs + intervalMs - now())
  }
}
