import {
  type Attribution,
  DAY_MS,
  type Decision,
  type DecisionOutput,
  type Halt,
  type Hash,
  type Hex,
  IntegrityError,
  type MarketEvent,
  type MarketValue,
  type Order,
  quantity,
  ZERO_HASH,
} from '../core/index.ts'
import { currentEquity, type Kernel, lastPrice } from './kernel.ts'
import { equityOf } from './ledger.ts'
import { exposureOf, orderSize } from './orderSize.ts'
import { holdingBreach, orderBreach, safePrices, stalenessBreach } from './riskGate.ts'
import { sourcePosition } from './sourcePosition.ts'

/**
 * Advances the agent by one event, and returns what it decided: nothing, or its decisions in sequence.
 * Synchronous, without a clock, network or randomness. Drivers decide where events come from and where
 * decisions go.
 *
 * @throws IntegrityError when the event is earlier than the one before it.
 */
export function step(kernel: Kernel, event: MarketEvent): readonly Decision[] {
  beginEvent(kernel, event)
  const { runtime, definition } = kernel
  const traded = event.instrument === definition.instrument.id
  const prices = traded && PRICING.has(event.value.type)
  if (prices) kernel.priced = event
  if (kernel.halted) return NONE
  runtime.observe(event)
  const withdraws = traded && event.value.type === 'withdrawal'
  if (withdraws) kernel.priced = runtime.lastPriced()
  // The cadence runs through the warm-up too, so that a live decision is a row of the feature matrix.
  const due = kernel.cadence.due(event.knownAt)
  if (event.knownAt <= kernel.activeFromMs) return NONE

  const decisions: Decision[] = []
  if (!kernel.active) {
    kernel.active = true
    if (runtime.model !== ZERO_HASH)
      decisions.push(decide(kernel, event, { kind: 'modelChange', from: ZERO_HASH, to: runtime.model }))
  }
  const breach =
    (prices || withdraws ? priceBreach(kernel) : null) ?? (prices ? null : staleness(kernel, event))
  if (breach !== null) {
    decisions.push(halt(kernel, event, breach))
    return decisions
  }
  if (due) concludeAndOrder(kernel, event, decisions)
  return decisions.length === 0 ? NONE : decisions
}

/**
 * Checks the order of events, and opens a new UTC day at the equity of the last price before it. The first
 * thing that an event does, so that a fill of the new day counts to the new day.
 */
export function beginEvent(kernel: Kernel, event: MarketEvent): void {
  const { knownAt } = event
  if (knownAt < kernel.nowMs)
    throw new IntegrityError(`An event known at ${knownAt} came after one known at ${kernel.nowMs}.`, {
      facts: { knownAt, previous: kernel.nowMs },
      hint: 'Give the events in their total order (compareEvents).',
    })
  kernel.nowMs = knownAt
  const day = Math.floor(knownAt / DAY_MS)
  if (day === kernel.day) return
  kernel.day = day
  kernel.dayOpenE8 = currentEquity(kernel)
  kernel.safe = null
}

/** What a decision was concluded from. */
type Reasons = {
  readonly features: Hex
  readonly featureSet: Hash
  readonly attributions: readonly Attribution[]
}

const NO_REASONS: Reasons = { features: '0x', featureSet: ZERO_HASH, attributions: [] }

/** Makes the agent's next decision. */
export function decide<O extends DecisionOutput>(
  kernel: Kernel,
  event: MarketEvent,
  output: O,
  { features, featureSet, attributions }: Reasons = NO_REASONS,
): Decision<O> {
  const { agent, definition, runtime } = kernel
  return {
    agent,
    sequence: kernel.nextSequence++,
    instrument: definition.instrument.id,
    timeMs: event.knownAt,
    observed: sourcePosition(event),
    featureSet,
    features,
    model: runtime.model,
    strategy: runtime.strategy,
    output,
    attributions,
  }
}

const NONE: readonly Decision[] = Object.freeze([])

/** Types of values that establish a price (`priceOf`): a look at the type costs less than the price. */
const PRICING: ReadonlySet<MarketValue['type']> = new Set(['bar', 'swap', 'trade', 'quote'])

function halt(kernel: Kernel, event: MarketEvent, breach: Halt): Decision<Halt> {
  kernel.halted = true
  return decide(kernel, event, breach)
}

function staleness({ priced, definition }: Kernel, { knownAt }: MarketEvent): Halt | null {
  // Before the first price there is nothing to trade on, and nothing held.
  return priced === null ? null : stalenessBreach(definition.limits, knownAt - priced.knownAt)
}

function priceBreach(kernel: Kernel): Halt | null {
  const { ledger, unit, dayOpenE8 } = kernel
  const { limits } = kernel.definition
  kernel.safe ??= safePrices(ledger, limits, dayOpenE8, unit)
  const { low, high } = kernel.safe
  if (low <= 0n && high === null) return null
  const price = lastPrice(kernel)
  if (price === null || (price >= low && (high === null || price <= high))) return null
  return holdingBreach(ledger, limits, dayOpenE8, price, unit)
}

function concludeAndOrder(kernel: Kernel, event: MarketEvent, decisions: Decision[]): void {
  const price = lastPrice(kernel)
  if (price === null || price <= 0n) return
  const { ledger, unit, runtime, definition } = kernel
  const equity = equityOf(ledger, price, unit)
  const concluded = runtime.conclude({
    nowMs: event.knownAt,
    priceE8: price,
    exposure: exposureOf(equity - ledger.cashE8, equity),
    quantity: ledger.quantity,
    equityE8: equity,
  })
  const reasons = {
    features: concluded.features,
    featureSet: runtime.featureSet,
    attributions: concluded.prediction?.attributions ?? [],
  }
  const { direction, strength, confidence, horizonMs } = concluded.signal
  const { predictionBits } = concluded
  decisions.push(
    decide(
      kernel,
      event,
      { kind: 'signal', direction, strength, confidence, horizonMs, predictionBits },
      reasons,
    ),
  )
  if (kernel.pendingOrder !== null) return
  const signed = orderSize(definition, concluded, {
    held: ledger.quantity,
    equityE8: equity,
    priceE8: price,
    unit,
  })
  if (signed === 0n) return
  const breach = orderBreach(ledger, definition.limits, signed, price, unit)
  if (breach !== null) {
    decisions.push(halt(kernel, event, breach))
    return
  }
  const order = decide<Order>(
    kernel,
    event,
    {
      kind: 'order',
      side: signed > 0n ? 'buy' : 'sell',
      quantity: quantity(signed < 0n ? -signed : signed),
      referencePriceE8: price,
    },
    reasons,
  )
  kernel.pendingOrder = order
  decisions.push(order)
}
