import {
  type CashE8,
  cashE8,
  type Instrument,
  type InstrumentId,
  InvalidInputError,
  instrumentId,
  PPM,
  type Ppm,
  type Quantity,
} from '../core/index.ts'
import type { FeatureDefinition } from '../feature-store/index.ts'
import { checkModelSpec, type ModelSpec } from '../models/index.ts'
import type { Strategy } from '../strategies/index.ts'
import { type ChainVenue, checkChainVenue } from './chainVenue.ts'
import { checkIssuers, type IssuerTerms } from './issuerTerms/index.ts'
import type { PromotionRule } from './modelContest.ts'

/** Bounds whose breach halts an agent. */
export type AgentLimits = {
  /** Largest value of the position in one instrument, long or short, now or after an order. */
  readonly maxPositionE8: CashE8
  /** Largest value of one order. */
  readonly maxOrderE8: CashE8
  /** Largest fall of equity below its level at the start of the UTC day. */
  readonly maxDailyLossE8: CashE8
  /** Largest age of the newest price of the traded instrument. */
  readonly maxStalenessMs: number
}

/** What trading costs an agent, and how old a price its orders may fill at. */
export type VenueSettings = ChainVenue & {
  /** Commission as a share of the traded value. */
  readonly feePpm: Ppm
  /**
   * Half of the spread as a share of the price; added to swaps and trades, since bars carry their own bid and ask. Not in
   * `pools`, whose curve has it.
   */
  readonly halfSpreadPpm: Ppm
  /** A market order ends when the first observation that could fill it is later than this after it. */
  readonly maxPriceAgeMs: number
  /** Commission of fills that rested in the market; `feePpm` unless given. */
  readonly makerFeePpm?: Ppm
  /** Paid for each fill beside the commission. */
  readonly fixedFeeE8?: CashE8
  /** Spread paid once, by what opens a position. */
  readonly entrySpreadPpm?: Ppm
  /** Square-root impact: how far the price moves for an order as large as the bar's volume; none unless given. */
  readonly impactPpm?: Ppm
  /** From the decision to the venue; 0 unless given. */
  readonly latencyMs?: number
  /** Where a market order fills: at the next price, unless `thisClose`. */
  readonly marketOrders?: 'nextOpen' | 'thisClose'
  /** Whether an opposite order closes the oldest lots, or opens a position of its own; netting unless given. */
  readonly positions?: 'netting' | 'hedging'
  /** Equity that a position needs when it is opened, as a share of its value; all of it unless given. */
  readonly initialMarginPpm?: Ppm
  /** Equity under which everything is liquidated, as a share of the positions' value; a quarter unless given. */
  readonly maintenanceMarginPpm?: Ppm
  /** Sizes are multiples of this, in smallest units; 1 unless given. */
  readonly sizeStep?: Quantity
}

/** When a running agent trains its model anew on what it has seen by then. */
export type RetrainRule = {
  /**
   * Time of the observed market between the ends of the histories that two models are made of; longer than the
   * outcomes of the promotion rule take.
   */
  readonly everyMs: number
}

/** What `defineAgent` takes. */
export type AgentSource = {
  readonly name: string
  /** Raise it with every change: a changed definition is a new agent. */
  readonly version: number
  /** What it trades. */
  readonly instrument: Instrument
  /** What else it trades. */
  readonly alsoTrades?: readonly Instrument[]
  /** How the issuers of instruments that it trades subscribe and redeem them; docs/rwa-venues.md describes the terms. */
  readonly issuers?: readonly IssuerTerms[]
  /** Other instruments whose events it observes. */
  readonly observes?: readonly InstrumentId[]
  /** In the order of the feature vector; each traded instrument has a vector of its own. */
  readonly features: readonly FeatureDefinition[]
  /** How its model is trained, or null for an agent without one. */
  readonly model: ModelSpec | null
  /** When a model that is admitted beside the serving one takes its place; never unless given. */
  readonly promotion?: PromotionRule | null
  /** When a running agent trains a model anew, which is then admitted beside the serving one; never unless given. */
  readonly retrain?: RetrainRule | null
  readonly strategy: Strategy
  /** It decides at the first event of each interval of this length. */
  readonly everyMs: number
  readonly limits: AgentLimits
  /** Cash that it starts with. */
  readonly capitalE8: CashE8
  readonly venue: VenueSettings
  /** Smallest value worth an order; 1 % of the capital unless given. */
  readonly minOrderE8?: CashE8
  /** False unless given: a negative target is then a target of zero. */
  readonly allowShort?: boolean
}

/** An agent: its reasoning, its limits and its market, without a key. */
export type AgentDefinition = Required<AgentSource>

/** Default smallest order as a part of the capital: below 1 %, fees outweigh what a correction gains. */
export const DEFAULT_MIN_ORDER_DIVISOR = 100n

/**
 * Defines an agent.
 *
 * @throws InvalidInputError naming the field that is missing, doubled or out of its range.
 */
export function defineAgent(source: AgentSource): AgentDefinition {
  // Field by field: V8 gives an object that is spread here, and frozen below, a shape of its own in every call, once it has
  // compiled the call; and then what reads a definition is as slow as for objects of all sorts.
  const definition: AgentDefinition = {
    name: source.name,
    version: source.version,
    instrument: source.instrument,
    alsoTrades: source.alsoTrades ?? [],
    issuers: source.issuers ?? [],
    observes: source.observes ?? [],
    features: source.features,
    model: source.model,
    promotion: source.promotion ?? null,
    retrain: source.retrain ?? null,
    strategy: source.strategy,
    everyMs: source.everyMs,
    limits: source.limits,
    capitalE8: source.capitalE8,
    venue: source.venue,
    minOrderE8: source.minOrderE8 ?? cashE8(source.capitalE8 / DEFAULT_MIN_ORDER_DIVISOR),
    allowShort: source.allowShort ?? false,
  }
  const { name, version, limits, venue } = definition
  const refuse = (field: string, value: unknown, hint: string): never => {
    throw new InvalidInputError(`Agent "${name}" has ${field} ${String(value)}.`, {
      facts: { agent: name, field, value: String(value) },
      hint,
    })
  }
  const positive = (field: string, value: bigint) =>
    value > 0n || refuse(field, value, 'Pass a positive amount in 10⁻⁸ of the quote currency.')
  const duration = (field: string, value: number) =>
    (Number.isSafeInteger(value) && value > 0) ||
    refuse(field, value, 'Pass a positive whole number of milliseconds.')
  const share = (field: string, value: number) =>
    (Number.isSafeInteger(value) && value >= 0 && value < PPM) ||
    refuse(field, value, 'Pass whole millionths, from 0 to below 1,000,000 (ppm(0.0005) is 500).')

  if (!/^[a-z][a-z0-9-]{0,62}$/.test(name))
    refuse('name', `"${name}"`, 'Use lower-case letters, digits and hyphens, starting with a letter.')
  if (!Number.isSafeInteger(version) || version < 1)
    refuse('version', version, 'Count versions in whole numbers from 1.')
  const observed = new Set<InstrumentId>()
  for (const traded of tradedInstruments(definition)) {
    if (observed.has(instrumentId(traded.id)))
      refuse('alsoTrades', `"${traded.id}" twice`, 'Name each traded instrument once.')
    observed.add(traded.id)
    // Beyond, a double of whole units is no longer exact enough to size an order by.
    if (!Number.isSafeInteger(traded.decimals) || traded.decimals < 0 || traded.decimals > 30)
      refuse('instrument.decimals', traded.decimals, 'Pass the token’s decimals, 0 to 30.')
  }
  checkIssuers(name, definition.issuers, [...observed])
  for (const id of definition.observes) {
    if (observed.has(instrumentId(id)))
      refuse(
        'observes',
        `"${id}" twice`,
        'Name each other instrument once; the traded one is always observed.',
      )
    observed.add(id)
  }
  const names = new Set<string>()
  for (const feature of definition.features) {
    if (names.has(feature.name))
      refuse('features', `"${feature.name}" twice`, 'Give each feature its own name.')
    names.add(feature.name)
  }
  if (definition.model !== null && names.size === 0)
    refuse('features', 'none', 'Give the model at least one feature, or set `model: null`.')
  if (definition.model !== null) checkModelSpec(definition.model)
  const { promotion } = definition
  if (promotion !== null) {
    if (!(Number.isSafeInteger(promotion.minOutcomes) && promotion.minOutcomes >= 2))
      refuse('promotion.minOutcomes', promotion.minOutcomes, 'Pass a whole number of outcomes, 2 or more.')
    for (const field of ['minAdvantage', 'minTStatistic'] as const)
      if (!(promotion[field] >= 0 && promotion[field] < Number.POSITIVE_INFINITY))
        refuse(`promotion.${field}`, promotion[field], 'Pass zero or a positive number.')
    if (definition.model?.label.kind !== 'forward-return')
      refuse('promotion', 'set', 'Only models of a forward return can be judged by the price that follows.')
  }
  const { retrain } = definition
  if (retrain !== null) {
    duration('retrain.everyMs', retrain.everyMs)
    if (definition.model === null) refuse('retrain', 'set', 'There is no model to train: state `model`, too.')
    if (promotion === null)
      refuse('retrain', 'set', 'No rule says when a new model serves: state `promotion`, too.')
    const judgedMs = (promotion?.minOutcomes ?? 0) * (definition.model?.label.horizonMs ?? 0)
    // Each new model takes the place of the one that is judged, and the judgement begins anew.
    if (retrain.everyMs <= judgedMs)
      refuse(
        'retrain.everyMs',
        retrain.everyMs,
        `Pass more than the ${judgedMs} ms that \`promotion.minOutcomes\` take, or no model is ever judged.`,
      )
  }
  duration('everyMs', definition.everyMs)
  positive('limits.maxPositionE8', limits.maxPositionE8)
  positive('limits.maxOrderE8', limits.maxOrderE8)
  positive('limits.maxDailyLossE8', limits.maxDailyLossE8)
  duration('limits.maxStalenessMs', limits.maxStalenessMs)
  positive('capitalE8', definition.capitalE8)
  share('venue.feePpm', venue.feePpm)
  for (const field of ['halfSpreadPpm', 'makerFeePpm', 'entrySpreadPpm', 'impactPpm'] as const)
    share(`venue.${field}`, venue[field] ?? 0)
  if ((venue.fixedFeeE8 ?? 0n) < 0n)
    refuse('venue.fixedFeeE8', venue.fixedFeeE8, 'Pass zero or a positive amount in 10⁻⁸.')
  if (!(Number.isSafeInteger(venue.latencyMs ?? 0) && (venue.latencyMs ?? 0) >= 0))
    refuse('venue.latencyMs', venue.latencyMs, 'Pass zero or a positive whole number of milliseconds.')
  duration('venue.maxPriceAgeMs', venue.maxPriceAgeMs)
  checkChainVenue(
    venue,
    tradedInstruments(definition).map(({ id }) => id),
    observed,
    refuse,
  )
  if (definition.minOrderE8 < 0n)
    refuse('minOrderE8', definition.minOrderE8, 'Pass zero or a positive amount in 10⁻⁸.')
  return Object.freeze(definition)
}

/** The instruments that an agent trades, its first one first. */
export function tradedInstruments({
  instrument,
  alsoTrades,
}: Pick<AgentDefinition, 'instrument' | 'alsoTrades'>): readonly Instrument[] {
  return [instrument, ...alsoTrades]
}

/** The instruments whose observations an agent consumes, those that it trades first. */
export function observedInstruments(definition: AgentDefinition): readonly InstrumentId[] {
  return [...tradedInstruments(definition).map(({ id }) => id), ...definition.observes]
}
