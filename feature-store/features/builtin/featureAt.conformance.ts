import { type MarketEvent, unixMs } from '../../../core/index.ts'
import type { FeatureDefinition } from '../defineFeature.ts'
import { createFeaturePipeline } from '../featurePipeline.ts'
import { GOLD } from '../sampleEvents.conformance.ts'

/** The value of a feature, as an agent would see it (binary32, NaN when missing), after some events. */
export function featureAt(feature: FeatureDefinition, events: readonly MarketEvent[], nowMs: number): number {
  const pipeline = createFeaturePipeline([feature], GOLD)
  for (const event of events) pipeline.update(event)
  return pipeline.vector(unixMs(nowMs))[0] ?? Number.NaN
}
