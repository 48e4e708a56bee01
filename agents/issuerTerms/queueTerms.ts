import { type CashE8, InvalidInputError } from '../../core/index.ts'
import { checkRequestFee, type RequestFeeTerms } from './requestFeeTerms.ts'

/** How an asynchronous vault takes deposits, or redemptions. */
export type QueueSideTerms = {
  /** Least amount: cash in 10⁻⁸ of a deposit, shares in smallest units of a redemption. */
  readonly minimum: bigint
  /** The amount is a whole multiple of this; 1 for any. */
  readonly increment: bigint
  readonly fee: RequestFeeTerms
  /**
   * `observed`: the vault's own requests and fulfilments, where the stream has them, decide when a request is
   * reached. `modelled`: the delay and capacity below do.
   */
  readonly fulfilment: 'modelled' | 'observed'
  /** Nothing is fulfilled sooner; at most `typicalDelayMs`. */
  readonly minimumDelayMs: number
  /** An assumption: a request is fulfilled so long after it was made, as far as the capacity lets it. */
  readonly typicalDelayMs: number
  /** What the vault pays or takes in a period of UTC time, counted from 1970; null without limit. */
  readonly capacity: { readonly assetsE8: CashE8; readonly periodMs: number } | null
  readonly order: 'firstComeFirstServed' | 'proRata'
  /** True when a part of a request may be fulfilled alone; always with `proRata`. */
  readonly partialFulfilment: boolean
  /** An assumption: what others have waiting when a request is made, in the unit of `minimum`. */
  readonly othersPending: bigint
  /** From fulfilment to having claimed it. */
  readonly claimDelayMs: number
  /** True when what is not fulfilled may be taken back. */
  readonly cancellable: boolean
}

/** How an asynchronous vault (ERC-7540, Nest) is entered and left, as plain data. */
export type QueueTerms = {
  /** Null when the vault takes none. */
  readonly deposit: QueueSideTerms | null
  readonly redemption: QueueSideTerms | null
  /** Redemption at once, out of what liquidity there is; null where there is none. */
  readonly instant: {
    readonly minimum: bigint
    readonly increment: bigint
    readonly fee: RequestFeeTerms
    /** What is paid at once in a period of UTC time; what others are seen to take counts too. */
    readonly liquidityE8: CashE8
    readonly periodMs: number
  } | null
  /** Decimals of the asset, in which observed fulfilments are counted. */
  readonly assetDecimals: number
  /** Where the rate comes from: the NAVs published, or assets over shares of the vault's fulfilments. */
  readonly rateFrom: 'nav' | 'fulfilments'
  /** A NAV that describes a time longer ago refuses requests, and keeps them from being fulfilled. */
  readonly maxNavAgeMs: number | null
  /**
   * False when what is pending earns nothing: shares to be redeemed are paid at the rate of their request, should
   * that be the lower one, and nothing under way shares in distributions and rebases.
   */
  readonly pendingEarns: boolean
}

/**
 * Checks the terms of a queue.
 *
 * @throws InvalidInputError naming the field.
 */
export function checkQueueTerms(terms: QueueTerms): void {
  const isDuration = (value: number): boolean => Number.isSafeInteger(value) && value >= 0
  const { instant, maxNavAgeMs, assetDecimals } = terms
  if (maxNavAgeMs !== null && !(isDuration(maxNavAgeMs) && maxNavAgeMs > 0))
    throw unusable(`maxNavAgeMs is ${maxNavAgeMs}`)
  if (!Number.isSafeInteger(assetDecimals) || assetDecimals < 0 || assetDecimals > 36)
    throw unusable(`assetDecimals is ${assetDecimals}`)
  for (const name of ['deposit', 'redemption'] as const) {
    const side = terms[name]
    if (side === null) continue
    checkRequestFee(`${name}.fee`, side.fee)
    for (const field of ['minimumDelayMs', 'typicalDelayMs', 'claimDelayMs'] as const)
      if (!isDuration(side[field])) throw unusable(`${name}.${field} is ${side[field]}`)
    if (side.minimumDelayMs > side.typicalDelayMs)
      throw unusable(`${name}.minimumDelayMs is above its typicalDelayMs`)
    if (side.minimum < 0n) throw unusable(`${name}.minimum is ${side.minimum}`)
    if (side.increment < 1n) throw unusable(`${name}.increment is ${side.increment}`)
    if (side.othersPending < 0n) throw unusable(`${name}.othersPending is ${side.othersPending}`)
    if (side.order === 'proRata' && !side.partialFulfilment)
      throw unusable(`${name} is shared pro rata, but lets no part be fulfilled`)
    // A part might be worth less than it.
    if (side.partialFulfilment && side.fee.flatE8 > 0n)
      throw unusable(`${name} has a flat fee, but lets parts be fulfilled`)
    if (side.capacity !== null)
      checkPeriod(`${name}.capacity`, side.capacity.assetsE8, side.capacity.periodMs)
  }
  if (instant === null) return
  checkRequestFee('instant.fee', instant.fee)
  if (instant.minimum < 0n) throw unusable(`instant.minimum is ${instant.minimum}`)
  if (instant.increment < 1n) throw unusable(`instant.increment is ${instant.increment}`)
  checkPeriod('instant', instant.liquidityE8, instant.periodMs)

  function checkPeriod(name: string, sumE8: bigint, periodMs: number): void {
    if (sumE8 <= 0n) throw unusable(`${name} gives ${sumE8} a period`)
    if (!isDuration(periodMs) || periodMs === 0) throw unusable(`${name}.periodMs is ${periodMs}`)
  }
}

function unusable(problem: string): InvalidInputError {
  return new InvalidInputError(`The queue terms cannot be kept: ${problem}.`, {
    facts: { problem },
    hint: 'See docs/rwa-venues.md for what each field may be.',
  })
}
