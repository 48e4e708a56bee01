import {
  type AgentDefinition,
  type AgentRuntime,
  type AgentRuntimeOptions,
  type AgentView,
  createAgentRuntime,
  tradedInstruments,
} from '../agents/index.ts'
import {
  type AgentId,
  type Cadence,
  type CashE8,
  cashE8,
  createCadence,
  type InstrumentId,
  type MarketColumns,
  type Portfolio,
  priceE8,
  type UnixMs,
} from '../core/index.ts'
import { catchUp } from './catchUp.ts'
import {
  createDecisionBuffer,
  type DecisionBuffer,
  type DecisionFrame,
  type DecisionSink,
  type Placement,
} from './decisionBuffer.ts'
import { createMarket, type Market, marketValueE8 } from './market.ts'
import { MarketSight } from './marketSight.ts'
import { estimateHoldings, type MoneyEstimate } from './moneyEstimate.ts'
import { createPaperVenue } from './paperVenue.ts'
import { createRiskGate, type RiskGate } from './riskGate.ts'
import type { KernelTrack } from './trackKernel.ts'
import type { Venue, VenueOutcome } from './venue.ts'

/** What `createKernel` takes. */
export type KernelOptions = AgentRuntimeOptions & {
  readonly agent: AgentId
  /** Events known up to this time only warm the features and prices up. */
  readonly activeFromMs: UnixMs
  /** Where it trades; on paper unless given. */
  readonly venue?: Venue
}

/**
 * One agent at work: its reasoning, its venue, and its place in its log. Only `step` changes it. After each step a
 * driver records `decisions`, gives `placements` to the venue, and empties the latter.
 */
export type Kernel<D extends DecisionSink = DecisionSink> = {
  readonly agent: AgentId
  readonly definition: AgentDefinition
  readonly activeFromMs: UnixMs
  readonly runtime: AgentRuntime
  /** Columns in which features read ahead; null where rows are still to come. */
  readonly history: MarketColumns | null
  readonly venue: Venue
  readonly cadence: Cadence
  readonly risk: RiskGate
  readonly estimate: MoneyEstimate
  /** Value of the smallest order, as a double. */
  readonly leastOrderE8: number
  /** The traded instruments, in the order of the definition. */
  readonly markets: readonly Market[]
  readonly view: AgentView
  readonly decisions: D
  /** Orders and cancellations that the venue has not been given yet. */
  readonly placements: Placement[]
  /** Told of what happened at the venue; changes nothing. Its driver sets it. */
  onOutcome: ((outcome: VenueOutcome) => void) | null
  /** Settles signals and values the account where decisions are recorded; null where they are not. */
  track: KernelTrack | null
  /** True when the newest row changed the price of a traded instrument. */
  repriced: boolean
  /** True once an event after `activeFromMs` was seen. */
  active: boolean
  /** True after a halt: from then on only what becomes of earlier orders follows. */
  halted: boolean
  /** Time of the newest event. */
  nowMs: number
  /** When the current UTC day ends. */
  dayEndMs: number
  /** Row of the history that a stride is at and of which only the agent knows (`catchUp`); -1 for none. */
  strideRow: number
  /** Of the columns at hand: which traded instrument each of their instruments is; -1 for none. */
  marketOf: Int16Array
  /** Whose instruments `marketOf` numbers. */
  numbered: readonly InstrumentId[] | null
}

/**
 * Creates an agent's kernel before its first event.
 *
 * @throws InvalidInputError when the model does not fit the definition.
 */
export function createKernel(options: KernelOptions): Kernel<DecisionBuffer> {
  return createKernelWith(options, createDecisionBuffer)
}

/** The same, for a run whose decisions go elsewhere. */
export function createKernelWith<D extends DecisionSink>(
  options: KernelOptions,
  sinkOf: (frame: DecisionFrame) => D,
): Kernel<D> {
  const { definition, agent, activeFromMs, venue = createPaperVenue(definition) } = options
  const runtime = createAgentRuntime(options)
  const instruments = tradedInstruments(definition)
  const markets = instruments.map((instrument, index) => createMarket(instrument, index, definition.issuers))
  const { holdings } = venue
  const sights = markets.map(
    market =>
      new MarketSight(
        market,
        holdings,
        () => kernel,
        () => currentEquity(kernel),
      ),
  )
  const estimate: MoneyEstimate = { cashE8: -0, equityE8: -0, grossE8: -0 }
  estimateHoldings(estimate, markets, holdings)
  const kernel: Kernel<D> = {
    agent,
    definition,
    activeFromMs,
    runtime,
    history: options.history ?? null,
    venue,
    cadence: createCadence(definition.everyMs),
    risk: createRiskGate(definition, markets, holdings, estimate),
    estimate,
    leastOrderE8: Number(definition.minOrderE8),
    markets,
    view: new Sight(sights, () => kernel),
    decisions: sinkOf({
      agent,
      instruments: instruments.map(({ id }) => id),
      featureSet: runtime.featureSet,
      models: runtime.roster.models,
      strategy: runtime.strategy,
      width: runtime.width,
      pack: runtime.pack,
    }),
    placements: [],
    onOutcome: null,
    track: null,
    repriced: false,
    active: false,
    halted: false,
    nowMs: Number.NEGATIVE_INFINITY,
    dayEndMs: Number.NEGATIVE_INFINITY,
    strideRow: -1,
    marketOf: new Int16Array(0),
    numbered: null,
  }
  return kernel
}

/** What the agent sees, computed as it is asked for. A class, so that every kernel's has one shape. */
class Sight implements AgentView {
  readonly markets: AgentView['markets']
  private readonly kernelOf: () => Kernel<DecisionSink>

  constructor(markets: AgentView['markets'], kernelOf: () => Kernel<DecisionSink>) {
    this.markets = markets
    this.kernelOf = kernelOf
  }

  get nowMs(): UnixMs {
    const kernel = this.kernelOf()
    catchUp(kernel)
    return kernel.nowMs as UnixMs
  }

  get equityE8(): CashE8 {
    const kernel = this.kernelOf()
    catchUp(kernel)
    return currentEquity(kernel)
  }

  get cashE8(): CashE8 {
    const kernel = this.kernelOf()
    // What is free depends on the newest price.
    catchUp(kernel)
    return kernel.venue.holdings.freeE8
  }
}

/** Cash and every position at its newest price, each rounded down; the cash alone before the first. */
export function currentEquity({ markets, venue: { holdings } }: Pick<Kernel, 'markets' | 'venue'>): CashE8 {
  let equity: bigint = holdings.cashE8
  for (const market of markets) equity += marketValueE8(market, holdings)
  return cashE8(equity)
}

/** The agent's cash, positions and equity at the newest prices. */
export function portfolioOf(kernel: Kernel): Portfolio {
  const { markets, venue } = kernel
  const { holdings } = venue
  const positions = markets.map(({ index, unit }) => {
    const held = holdings.quantity(index)
    const entry = held === 0n ? 0n : (holdings.costE8(index) * unit) / held
    return { quantity: held, entryPriceE8: priceE8(entry) }
  })
  const [position] = positions
  if (position === undefined) throw new RangeError('An agent trades at least one instrument.')
  return { cashE8: holdings.cashE8, position, positions, equityE8: currentEquity(kernel) }
}
