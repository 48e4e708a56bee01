import {
  type AgentDefinition,
  type AgentRuntime,
  type AgentRuntimeOptions,
  createAgentRuntime,
} from '../agents/index.ts'
import {
  type AgentId,
  type Cadence,
  type CashE8,
  createCadence,
  type Decision,
  type MarketEvent,
  type Order,
  type Portfolio,
  type PriceE8,
  priceOf,
  type UnixMs,
} from '../core/index.ts'
import { equityOf, type Ledger, openLedger, positionIn } from './ledger.ts'
import type { SafePrices } from './riskGate.ts'

/** What `createKernel` takes. */
export type KernelOptions = AgentRuntimeOptions & {
  readonly agent: AgentId
  /** Events known up to this time only warm the features and prices up. */
  readonly activeFromMs: UnixMs
}

/**
 * One agent at work: its reasoning, its money, and its place in its log. Only `step` and `applyFill` change
 * it; a driver reads `nextSequence`, `halted` and `pendingOrder`, and asks `portfolioOf`.
 */
export type Kernel = {
  readonly agent: AgentId
  readonly definition: AgentDefinition
  readonly activeFromMs: UnixMs
  readonly runtime: AgentRuntime
  readonly cadence: Cadence
  /** Smallest units in one whole unit of the base. */
  readonly unit: bigint
  /** Sequence of the next decision. */
  nextSequence: number
  /** True once an event after `activeFromMs` was seen. */
  active: boolean
  /** True after a halt: from then on only fills of the pending order follow. */
  halted: boolean
  /** The order that waits for its fill, or null. */
  pendingOrder: Decision<Order> | null
  ledger: Ledger
  /** Time of the newest event. */
  nowMs: number
  /** Newest event that stands and priced the traded instrument. */
  priced: MarketEvent | null
  /** UTC day, counted from 1970, whose opening equity the daily loss is measured against. */
  day: number
  dayOpenE8: CashE8
  /** Prices that halt nothing; null when the ledger or the day has changed since they were solved. */
  safe: SafePrices | null
}

/**
 * Creates an agent's kernel before its first event.
 *
 * @throws InvalidInputError when the model does not fit the definition.
 */
export function createKernel({ agent, activeFromMs, ...options }: KernelOptions): Kernel {
  const { definition } = options
  return {
    agent,
    definition,
    activeFromMs,
    runtime: createAgentRuntime(options),
    cadence: createCadence(definition.everyMs),
    unit: 10n ** BigInt(definition.instrument.decimals),
    nextSequence: 0,
    active: false,
    halted: false,
    pendingOrder: null,
    ledger: openLedger(definition.capitalE8),
    nowMs: 0,
    priced: null,
    day: 0,
    dayOpenE8: definition.capitalE8,
    safe: null,
  }
}

/** Newest price of the traded instrument, or null before the first. */
export function lastPrice({ priced }: Kernel): PriceE8 | null {
  return priced === null ? null : priceOf(priced.value)
}

/** Equity at the newest price; the cash alone before the first. */
export function currentEquity(kernel: Kernel): CashE8 {
  const { ledger, unit } = kernel
  // A bar's price is computed; a flat agent does not need it.
  if (ledger.quantity === 0n) return ledger.cashE8
  const price = lastPrice(kernel)
  return price === null ? ledger.cashE8 : equityOf(ledger, price, unit)
}

/** The agent's cash, position and equity at the newest price. */
export function portfolioOf(kernel: Kernel): Portfolio {
  const { ledger, unit } = kernel
  return { cashE8: ledger.cashE8, position: positionIn(ledger, unit), equityE8: currentEquity(kernel) }
}
