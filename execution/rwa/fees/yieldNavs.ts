import { DAY_MS, InvalidInputError, PPM, type PriceE8, priceE8, type UnixMs } from '../../../core/index.ts'
import type { GrossNav } from './netNavs.ts'

/** A yield a year, simple, in millionths, from a time on. */
export type YieldFrom = { readonly timeMs: UnixMs; readonly ppmPerYear: number }

/**
 * The gross NAVs of a fund that rolls over bills: from each time to the next the NAV grows by the yield that was
 * known at the first, simple over the whole UTC days between them ÷ 365, rounded down. The first NAV is `start`.
 * An approximation of a money-market fund: bills are held at their yield, and never gain or lose by its change.
 *
 * @throws InvalidInputError when a time does not rise, or a yield takes all.
 */
export function yieldNavs(yields: readonly YieldFrom[], start: PriceE8): readonly GrossNav[] {
  const year = 365n * BigInt(PPM)
  // Finer inside, so that no rounding adds up over a long history.
  const finer = 10n ** 10n
  let nav: bigint = start * finer
  let before: YieldFrom | null = null
  return yields.map(from => {
    if (before !== null) {
      const days = BigInt(Math.floor(from.timeMs / DAY_MS) - Math.floor(before.timeMs / DAY_MS))
      nav += (nav * BigInt(before.ppmPerYear) * days) / year
      if (from.timeMs <= before.timeMs || nav <= 0n)
        throw new InvalidInputError(`The yield at ${from.timeMs} does not lead on from the one before it.`, {
          facts: { timeMs: from.timeMs, before: before.timeMs, ppmPerYear: before.ppmPerYear },
          hint: 'Give yields in rising order of time, above −100 % of the NAV a step.',
        })
    }
    before = from
    return { timeMs: from.timeMs, navE8: priceE8(nav / finer) }
  })
}
