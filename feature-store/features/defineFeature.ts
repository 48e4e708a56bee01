import {
  type Canonical,
  type Instrument,
  InvalidInputError,
  type MarketColumns,
  type MarketEvent,
  type MarketEventType,
  type MarketValue,
  type UnixMs,
} from '../../core/index.ts'
import type { RowBlock } from './rowBlock.ts'

/** What a feature knows beside its events. */
export type FeatureContext = { readonly instrument: Instrument }

/** Events of the given types. */
export type EventOf<T extends MarketEventType> = MarketEvent<Extract<MarketValue, { type: T }>>

/** What names a feature and says when it applies. */
export type FeatureFacts = {
  /** Lower-case words joined by `_`, with its parameters in it: `return_5m`. Unique in a list. */
  readonly name: string
  /** Raised whenever the same events give another value; a model of another version refuses the feature. */
  readonly version: number
  /** Unit of the value, for people: `quote`, `percentage points`, `1` for a plain ratio. */
  readonly unit: string
  readonly description: string
  readonly inputs: readonly MarketEventType[]
  /**
   * `traded`: only events of the traded instrument. `any`: those of every instrument that the agent
   * observes, for example a yield curve.
   */
  readonly scope: 'traded' | 'any'
  /**
   * The value is missing when the newest input describes a time (`validAt`, of a bar its close) longer ago
   * than this. Null for no limit.
   */
  readonly maxAgeMs: number | null
  /** Parameters that the value depends on. */
  readonly params: Readonly<Record<string, Canonical>>
}

/** A feature as it is written: see `defineFeature`. */
export type FeatureSpec<S, T extends MarketEventType> = Pick<
  FeatureFacts,
  'name' | 'version' | 'unit' | 'description'
> &
  Partial<Pick<FeatureFacts, 'scope' | 'maxAgeMs' | 'params'>> & {
    readonly inputs: readonly T[]
    init(context: FeatureContext): S
    update(state: S, event: EventOf<T>, context: FeatureContext): void
    /**
     * The same effect on the state as `update` with `eventAt(columns, row)`, to the last bit, read from the columns.
     * Given only rows that have a price (a bar, quote, trade or swap) and are of its inputs; every other input goes
     * to `update`. Unless given, all of them do.
     */
    updateRow?(state: S, columns: MarketColumns, row: number, context: FeatureContext): void
    /**
     * The same as `updateRow` for each row of a block that is of its inputs, in order: `values[i]` is then what `value`
     * gives after the row `from + i`, whatever the time. Only of a feature of the traded instrument's bars alone, where
     * a whole history is there to be read ahead.
     */
    updateRows?(state: S, block: RowBlock, values: Float64Array): void
    /** The value at a time; null or NaN where there is none. */
    value(state: S, nowMs: UnixMs): number | null
    /**
     * Of its inputs so far, in order, those that the value at a time depends on: fed these alone, the feature
     * has the same value, but for the rounding of its sums. Unless given, all of them.
     */
    dependsOn?(inputs: readonly MarketEvent[], nowMs: UnixMs): readonly MarketEvent[]
  }

/** A feature of any state, as lists hold it. Pass `update`, `updateRow` and `value` only what its own `init` made. */
export type FeatureDefinition = FeatureFacts & {
  /** Makes the state of one fresh run. */
  init(context: FeatureContext): unknown
  /** Takes in one event of its inputs, in the total order. */
  update(state: unknown, event: MarketEvent, context: FeatureContext): void
  /** Takes in one row of its inputs that has a price, as `update` would its event; null where only `update` can. */
  readonly updateRow:
    | ((state: unknown, columns: MarketColumns, row: number, context: FeatureContext) => void)
    | null
  /** Takes in the rows of a block, and writes the value after each; null where rows come one by one. */
  readonly updateRows: ((state: unknown, block: RowBlock, values: Float64Array) => void) | null
  /** The value at a time that is never earlier than what it has seen; null or NaN when there is none. */
  value(state: unknown, nowMs: UnixMs): number | null
  /** Of its inputs so far, those that the value depends on; null where it depends on all of them. */
  readonly dependsOn: ((inputs: readonly MarketEvent[], nowMs: UnixMs) => readonly MarketEvent[]) | null
}

/**
 * The same text as engines hold keys: one that is put together, as of parameters, is compared letter by letter each time
 * that a strategy asks for a feature, and a key by where it is.
 */
const internalised = (text: string): string => Object.keys({ [text]: null })[0] ?? text

const NAME = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/

/**
 * Defines a feature: a named, versioned, pure, incremental function of observations. `update` may change
 * only its own state, whose size must not grow with the length of the stream; `value` may drop from the
 * state what no later time can need. The same definition runs over history and live.
 *
 * @throws InvalidInputError on a malformed name, version or maximum age.
 */
export function defineFeature<S, T extends MarketEventType = never>(
  spec: FeatureSpec<S, T>,
): FeatureDefinition {
  const { name, version } = spec
  const maxAgeMs = spec.maxAgeMs ?? null
  if (!NAME.test(name))
    throw new InvalidInputError(`"${name}" is not a feature name.`, {
      facts: { name },
      hint: 'Use lower-case words and numbers joined by "_", such as return_5m.',
    })
  if (!Number.isSafeInteger(version) || version < 1)
    throw new InvalidInputError(`Feature "${name}" has version ${version}.`, {
      facts: { name, version },
      hint: 'Count versions from 1 in whole numbers.',
    })
  if (maxAgeMs !== null && !(maxAgeMs > 0))
    throw new InvalidInputError(`Feature "${name}" has a maximum age of ${maxAgeMs} ms.`, {
      facts: { name, maxAgeMs },
      hint: 'Give a positive number of milliseconds, or none for no limit.',
    })
  return {
    name: internalised(name),
    version,
    unit: spec.unit,
    description: spec.description,
    inputs: [...new Set(spec.inputs)],
    scope: spec.scope ?? 'traded',
    maxAgeMs,
    params: spec.params ?? {},
    init: spec.init,
    update: spec.update,
    updateRow: (spec.updateRow as FeatureDefinition['updateRow']) ?? null,
    updateRows: (spec.updateRows as FeatureDefinition['updateRows']) ?? null,
    value: spec.value,
    dependsOn: spec.dependsOn ?? null,
  }
}
