import type { Grant, Hash, RecordedDecision, UnixMs } from '../core/index.ts'
import { encryptToGrantee, grantStands } from '../decision-log/index.ts'
import { grantedFrame } from './feedProtocol.ts'
import type { FeedSubscriber } from './feedSubscriber.ts'

/** Finds the grants to a key. */
export type GrantsTo = (publicKey: Hash) => Promise<readonly Grant[]>

/** How long grants that were read count: a revocation takes effect within it. */
const GRANTS_KEPT_MS = 1_000

/**
 * Sends sealed decisions, encrypted, to subscribers who named a key that their agent granted them to. Nobody has to
 * prove the key: who has not its private half gets what nobody can read.
 */
export type FeedGrants = {
  /** Sends a decision that the subscriber just got sealed, if it is granted it; each subscriber's in order. */
  send(subscriber: FeedSubscriber, decision: RecordedDecision): void
  /** Resolves when everything that a subscriber is granted by now was sent. */
  sent(subscriber: FeedSubscriber): Promise<void>
}

/** Creates it for a hub's subscribers. */
export function createFeedGrants({
  grantsTo,
  subscribers,
  now,
  onError,
}: {
  readonly grantsTo: GrantsTo
  readonly subscribers: ReadonlySet<FeedSubscriber>
  readonly now: () => UnixMs
  readonly onError: (error: unknown) => void
}): FeedGrants {
  const known = new Map<Hash, { readonly readMs: UnixMs; readonly grants: Promise<readonly Grant[]> }>()
  const queues = new WeakMap<FeedSubscriber, Promise<void>>()

  function grantsOf(publicKey: Hash): Promise<readonly Grant[]> {
    const nowMs = now()
    for (const [key, { readMs }] of known) if (nowMs - readMs >= GRANTS_KEPT_MS) known.delete(key)
    const held = known.get(publicKey)
    if (held !== undefined) return held.grants
    const grants = grantsTo(publicKey)
    known.set(publicKey, { readMs: nowMs, grants })
    grants.catch(() => known.delete(publicKey))
    return grants
  }

  async function give(
    subscriber: FeedSubscriber,
    publicKey: Hash,
    decision: RecordedDecision,
  ): Promise<void> {
    const grant = (await grantsOf(publicKey)).find(({ agent }) => agent === decision.agent)
    if (grant === undefined || !grantStands(grant, now()) || !subscribers.has(subscriber)) return
    const granted = await encryptToGrantee(decision.body, { publicKey, leaf: decision.leaf })
    if (subscribers.has(subscriber)) subscriber.sink.send(grantedFrame(decision, publicKey, granted))
  }

  return {
    send(subscriber, decision) {
      const { grantKey } = subscriber
      if (grantKey === null) return
      const before = queues.get(subscriber) ?? Promise.resolve()
      queues.set(subscriber, before.then(() => give(subscriber, grantKey, decision)).catch(onError))
    },
    sent: subscriber => queues.get(subscriber) ?? Promise.resolve(),
  }
}
