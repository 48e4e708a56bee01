import type { AgentDefinition } from '../../agents/index.ts'
import type { MarketEvent } from '../../core/index.ts'
import type { Venue } from '../../execution/index.ts'
import type { Inference } from '../../models/index.ts'

/** An agent as the look-ahead check runs it. */
export type CheckedAgent = {
  readonly definition: AgentDefinition
  /** Its trained model; null for an agent without one. */
  readonly inference: Inference | null
  /** Makes the venue of one run; the paper venue unless given. */
  readonly venue?: (definition: AgentDefinition) => Venue
}

/**
 * Builds an agent from a history, as a research script does: the check calls it with histories whose future is
 * cut off or changed. An agent that knows no more than it is fed comes out the same each time.
 */
export type RebuildAgent = (history: readonly MarketEvent[]) => CheckedAgent | Promise<CheckedAgent>
