import type { AgentId, ModelChangeCause } from './decision.ts'
import type { Hash } from './hex.ts'
import type { InstrumentId } from './instrument.ts'
import type { UnixMs } from './time.ts'

/** A deployed agent: which definition trades under which key since when. */
export type StoredAgent = {
  readonly id: AgentId
  /** Unique in a store. */
  readonly name: string
  readonly version: number
  readonly instrument: InstrumentId
  /** All instruments that it observes, the traded one among them. */
  readonly observes: readonly InstrumentId[]
  /** Hash of the agent's definition (features, model, strategy, limits, venue); a change needs a new agent. */
  readonly definition: Hash
  /** Model it trades with; zero hash for none. */
  readonly model: Hash
  /** It observes all history but decides only on events known after this time. */
  readonly activeFromMs: UnixMs
  readonly status: 'active' | 'halted'
}

/** A model that was given to an agent after its first. When it took effect, the agent's decisions say. */
export type GivenModel = {
  readonly agent: AgentId
  readonly model: Hash
  /** To be judged beside the serving one, or to serve again. */
  readonly cause: Extract<ModelChangeCause, 'admitted' | 'rolledBack'>
  readonly givenAtMs: UnixMs
}

export interface AgentStore {
  save(agent: StoredAgent): Promise<void>
  find(nameOrId: string): Promise<StoredAgent | null>
  /** By name. */
  list(): Promise<StoredAgent[]>
  setStatus(id: AgentId, status: StoredAgent['status']): Promise<void>
  /** Adds to the models that an agent was given. */
  giveModel(given: GivenModel): Promise<void>
  /** In the order in which they were given. */
  givenModels(id: AgentId): Promise<GivenModel[]>
}
