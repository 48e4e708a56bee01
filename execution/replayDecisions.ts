import { observedInstruments } from '../agents/index.ts'
import {
  deliveredEvent,
  deliveryDigest,
  EMPTY_DATA_ROOT,
  extendDataRoot,
  observationDigest,
  type StoredObservation,
} from '../core/index.ts'
import type { ReplayedDecision } from '../decision-log/index.ts'
import { createKernel, type KernelOptions } from './kernel.ts'
import { placeUnsigned } from './placeUnsigned.ts'
import { createRowFeed } from './rowFeed.ts'
import { takeDecisions } from './runLive.ts'
import { step } from './step.ts'
import { trackKernel } from './trackKernel.ts'

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
  trackKernel(kernel)
  const feed = createRowFeed(observedInstruments(options.definition))
  let dataRoot = EMPTY_DATA_ROOT
  for await (const observation of observations) {
    const event = deliveredEvent(observation)
    const digest = observationDigest(observation.event, observation.raw)
    dataRoot = extendDataRoot(dataRoot, deliveryDigest({ ...observation, digest }))
    const row = feed.append(event)
    step(kernel, feed.columns, row)
    placeUnsigned(kernel)
    for (const decision of takeDecisions(kernel)) yield { decision, dataRoot }
  }
}
