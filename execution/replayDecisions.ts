import {
  deliveredEvent,
  deliveryDigest,
  EMPTY_DATA_ROOT,
  extendDataRoot,
  observationDigest,
  type StoredObservation,
} from '../core/index.ts'
import { createUnsignedLog, type ReplayedDecision } from '../decision-log/index.ts'
import { advance } from './advance.ts'
import { isOrder } from './isOrder.ts'
import { createKernel, type KernelOptions } from './kernel.ts'
import { createPaperVenue } from './paperVenue.ts'

/**
 * Makes an agent's decisions again from its observations, for an audit. Trusts no stored digest: each is
 * computed from the observation's content, so a changed row changes every later data root.
 *
 * @param observations All that the agent observes, in the total order, from the first.
 */
export async function* replayDecisions({
  observations,
  ...options
}: KernelOptions & {
  readonly observations: AsyncIterable<StoredObservation> | Iterable<StoredObservation>
}): AsyncGenerator<ReplayedDecision> {
  const kernel = createKernel(options)
  const venue = createPaperVenue(options.definition)
  const log = createUnsignedLog()
  let dataRoot = EMPTY_DATA_ROOT
  for await (const observation of observations) {
    const event = deliveredEvent(observation)
    const digest = observationDigest(observation.event, observation.raw)
    dataRoot = extendDataRoot(dataRoot, deliveryDigest({ ...observation, digest }))
    const decisions = advance(kernel, venue, event)
    if (decisions.length === 0) continue
    for (const logged of log.record(decisions)) if (isOrder(logged)) venue.place(logged)
    for (const decision of decisions) yield { decision, dataRoot }
  }
}
