import type { AgentStore } from './agentStore.ts'
import type { DecisionStore } from './decisionStore.ts'
import type { EmbargoStore } from './embargoStore.ts'
import type { ModelStore } from './modelStore.ts'
import type { ObservationStore } from './observationStore.ts'

/** Everything that is kept, behind one connection. Implemented on PGlite and on PostgreSQL. */
export interface Store {
  readonly observations: ObservationStore
  readonly decisions: DecisionStore
  readonly models: ModelStore
  readonly agents: AgentStore
  readonly embargo: EmbargoStore
  close(): Promise<void>
}
