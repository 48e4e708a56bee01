import { setImmediate as nextTurn } from 'node:timers/promises'
import type { AgentId, DecisionStore, RecordedDecision } from '../core/index.ts'
import { coalesce } from './coalesce.ts'
import { countAnchored } from './countAnchored.ts'
import type { ProofOf } from './createProofOf.ts'
import { proofFrame } from './feedProtocol.ts'
import type { FeedSubscriber } from './feedSubscriber.ts'
import type { FrameCache } from './frameCache.ts'

/** Proofs made and sent at a time: a batch of thousands must not fill a client's buffer in one turn. */
const PROOF_PAGE = 128

/** Sends the proof of each decision once, after the decision; again where a reorg took the anchor away. */
export type FeedProofs = {
  /** Every agent met so far. */
  agents(): Iterable<AgentId>
  /** Learns how far an agent's proofs had been distributed before it was first seen. */
  meet(agent: AgentId): Promise<void>
  /** True when the proof of an agent's decision has been distributed. */
  isProven(agent: AgentId, sequence: number): boolean
  /** The message that proves a decision; null while it has no anchor. */
  frameOf(decision: RecordedDecision): Promise<Buffer | null>
  /** Distributes the proofs of an agent's new anchors; calls coalesce. */
  distribute(agent: AgentId): Promise<void>
}

/** Creates it for a hub's subscribers. */
export function createFeedProofs({
  decisions,
  proofOf,
  subscribers,
  frames,
  wants,
  onMet,
  head,
}: {
  readonly decisions: DecisionStore
  readonly proofOf: ProofOf
  readonly subscribers: ReadonlySet<FeedSubscriber>
  readonly frames: FrameCache
  readonly wants: (subscriber: FeedSubscriber, decision: RecordedDecision) => boolean
  /** What else must be known of an agent before its decisions are sent. */
  readonly onMet: (agent: AgentId) => Promise<void>
  /** Next feed sequence to be distributed; null before it was read. */
  readonly head: () => number | null
}): FeedProofs {
  // Per agent, the sequence below which every proof was distributed. It starts at the anchors that exist
  // when the agent is first met, which catching up covers, and never passes a decision not distributed yet.
  const proven = new Map<AgentId, number>()
  const meetings = new Map<AgentId, Promise<void>>()
  const provenOf = (agent: AgentId) => proven.get(agent) ?? 0

  /** Sequence below which the agent's decisions are anchored and not above the head. */
  async function settledProofs(agent: AgentId): Promise<number> {
    const bound = head() ?? 0
    const anchored = await countAnchored(decisions, agent)
    const [ahead] = await decisions.list({ agent, fromFeedSequence: bound, limit: 1 })
    return Math.min(anchored, ahead?.sequence ?? anchored)
  }

  function meet(agent: AgentId): Promise<void> {
    const known = meetings.get(agent)
    if (known !== undefined) return known
    const meeting = Promise.all([settledProofs(agent), onMet(agent)]).then(([sequence]) => {
      proven.set(agent, sequence)
    })
    meetings.set(agent, meeting)
    meeting.catch(() => meetings.delete(agent))
    return meeting
  }

  async function frameOf(decision: RecordedDecision): Promise<Buffer | null> {
    const key = `proof/${decision.agent}/${decision.sequence}`
    const cached = frames.get(key)
    if (cached !== undefined) return cached
    const proof = await proofOf(decision.agent, decision.sequence)
    if (proof === null) return null
    const frame = proofFrame(decision, proof)
    frames.set(key, frame)
    return frame
  }

  function receiversOf(decision: RecordedDecision): FeedSubscriber[] {
    return [...subscribers].filter(
      place =>
        decision.feedSequence >= place.proofFrom &&
        decision.feedSequence < place.next &&
        wants(place, decision),
    )
  }

  async function distributeOf(agent: AgentId): Promise<void> {
    await meet(agent)
    for (;;) {
      if (subscribers.size === 0) {
        const settled = await settledProofs(agent)
        if (subscribers.size === 0) {
          setProven(agent, settled)
          return
        }
      }
      const anchored = await countAnchored(decisions, agent)
      const from = provenOf(agent)
      // A reorg took anchors away: their proofs are void, and the new ones go to everybody again.
      if (anchored < from) setProven(agent, anchored)
      if (anchored <= from) {
        // They may have moved to another block or transaction: proofs made before are not sent again.
        frames.forget(`proof/${agent}/`)
        return
      }
      const page = await decisions.list({
        agent,
        fromSequence: from,
        limit: Math.min(PROOF_PAGE, anchored - from),
      })
      if (page.length === 0) return
      const wanted = page.map(decision => receiversOf(decision).length > 0)
      const proofs = await Promise.all(page.map((d, index) => (wanted[index] === true ? frameOf(d) : null)))
      for (const [index, decision] of page.entries()) {
        if (decision.feedSequence >= (head() ?? 0)) return
        const receivers = receiversOf(decision)
        const proof = proofs[index] ?? null
        if (receivers.length > 0 && proof === null) {
          if (wanted[index] === true) return
          break // Somebody got the decision while we read: make its proof too.
        }
        proven.set(agent, decision.sequence + 1)
        if (proof !== null) for (const { sink } of receivers) sink.send(proof)
      }
      await nextTurn()
    }
  }

  function setProven(agent: AgentId, sequence: number): void {
    if (sequence < provenOf(agent)) frames.forget(`proof/${agent}/`)
    proven.set(agent, sequence)
  }

  const runs = new Map<AgentId, () => Promise<void>>()
  function distribute(agent: AgentId): Promise<void> {
    const run = runs.get(agent) ?? coalesce(() => distributeOf(agent))
    runs.set(agent, run)
    return run()
  }

  return {
    agents: () => meetings.keys(),
    meet,
    isProven: (agent, sequence) => sequence < provenOf(agent),
    frameOf,
    distribute,
  }
}
