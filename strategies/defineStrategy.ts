import { type Canonical, canonicalJson, digestOf, type Hash, InvalidInputError } from '../core/index.ts'
import type { StrategyConclusion } from './checkConclusion.ts'
import type { StrategyView } from './strategyView.ts'

/** The settings of a strategy: plain data, part of its hash. */
export type StrategyParams = Readonly<Record<string, Canonical>>

/** What `defineStrategy` takes. */
export type StrategySource<P extends StrategyParams> = {
  readonly name: string
  /** Raise it whenever `decide` changes: the hash covers the name, version and params, not the code. */
  readonly version: number
  readonly params: P
  /**
   * Decides from the view alone. Null when there is nothing to conclude yet (a feature is missing, say):
   * the agent then signals direction 0 and keeps its position. An agent of several instruments concludes on
   * each that it has something to say about.
   */
  decide(view: StrategyView, params: P): StrategyConclusion | readonly StrategyConclusion[] | null
}

/** A named, versioned, pure rule from a view to a conclusion, with its settings bound. */
export type Strategy = {
  readonly name: string
  readonly version: number
  readonly params: StrategyParams
  decide(view: StrategyView): StrategyConclusion | readonly StrategyConclusion[] | null
}

/**
 * Defines a strategy.
 *
 * @throws InvalidInputError when the name or version is malformed, or a param is not finite plain data.
 */
export function defineStrategy<const P extends StrategyParams>(source: StrategySource<P>): Strategy {
  const { name, version, params } = source
  if (!/^[a-z][A-Za-z0-9-]{0,62}$/.test(name))
    throw new InvalidInputError(`"${name}" is not a strategy name.`, {
      facts: { name },
      hint: 'Use letters, digits and hyphens, starting with a lower-case letter.',
    })
  if (!Number.isSafeInteger(version) || version < 1)
    throw new InvalidInputError(`Strategy "${name}" has version ${version}.`, {
      facts: { name, version },
      hint: 'Count versions in whole numbers from 1.',
    })
  for (const [param, value] of Object.entries(params)) checkParam(name, param, value)
  return Object.freeze({ name, version, params, decide: (view: StrategyView) => source.decide(view, params) })
}

/** SHA-256 of a strategy's name, version and params: what a decision records as its strategy. */
export function strategyHash({ name, version, params }: Strategy): Hash {
  return digestOf({ name, version, params })
}

function checkParam(name: string, param: string, value: Canonical): void {
  try {
    canonicalJson(value)
  } catch (cause) {
    throw new InvalidInputError(`Param "${param}" of strategy "${name}" cannot be recorded.`, {
      facts: { strategy: name, param },
      hint: 'Use finite numbers, integers, texts, booleans, lists and plain objects.',
      cause,
    })
  }
}
