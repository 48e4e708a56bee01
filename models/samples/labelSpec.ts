import { z } from 'zod'
import { InvalidInputError } from '../../core/index.ts'

/** The log return of the price from a row to the last price known `horizonMs` later. */
export type ForwardReturnLabel = {
  readonly kind: 'forward-return'
  /** How far ahead the label looks, in milliseconds. */
  readonly horizonMs: number
}

/**
 * The log return of the price from a row to the first of three barriers that it touches (M. López de Prado,
 * "Advances in Financial Machine Learning", 2018, chapter 3): one above, one below, and the end of the horizon.
 * A sigma is the volatility expected over the horizon, of `priceVolatility`.
 */
export type TripleBarrierLabel = {
  readonly kind: 'triple-barrier'
  /** The end of the horizon is the third, vertical barrier. */
  readonly horizonMs: number
  /** Distance of the upper barrier, in sigmas. */
  readonly upperSigmas: number
  /** Distance of the lower barrier, in sigmas. */
  readonly lowerSigmas: number
  /** Age at which a past return counts half in the volatility, in milliseconds. */
  readonly volatilityHalfLifeMs: number
}

/**
 * The log return, over the horizon, of a trade towards net asset value: long where the price is below the NAV known
 * at the row, short where it is above. Costs are not in it.
 */
export type NavReversionLabel = {
  readonly kind: 'nav-reversion'
  readonly horizonMs: number
}

/** What a model learns to foretell. */
export type LabelSpec = ForwardReturnLabel | TripleBarrierLabel | NavReversionLabel

const horizonMs = z.int().min(1)
// A barrier a hundred sigmas away is never touched; more is a mistaken unit.
const sigmas = z.number().gt(0).max(100)

/** The form of a label; unknown fields are refused, since a misspelt one would silently change the label. */
export const labelSpecSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('forward-return'), horizonMs }),
  z.strictObject({
    kind: z.literal('triple-barrier'),
    horizonMs,
    upperSigmas: sigmas,
    lowerSigmas: sigmas,
    volatilityHalfLifeMs: z.int().min(1),
  }),
  z.strictObject({ kind: z.literal('nav-reversion'), horizonMs }),
])

/**
 * Checks a label.
 *
 * @throws InvalidInputError naming the first field that is wrong.
 */
export function checkLabelSpec(spec: unknown): LabelSpec {
  const checked = labelSpecSchema.safeParse(spec)
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  const field = issue === undefined || issue.path.length === 0 ? 'label' : issue.path.join('.')
  throw new InvalidInputError(`The label's field "${field}" is wrong: ${issue?.message ?? 'unknown'}.`, {
    facts: { field },
    hint: `Correct "${field}"; LabelSpec documents its unit and range.`,
  })
}
