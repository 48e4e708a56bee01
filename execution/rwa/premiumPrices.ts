import {
  exactExp,
  gaussian,
  InvalidInputError,
  PPM,
  type PriceE8,
  priceE8,
  type Random,
  type UnixMs,
} from '../../core/index.ts'

/** How a market trades a share around its NAV, as plain data: an assumption where no market was recorded. */
export type PremiumTerms = {
  /** Where the premium returns to, in millionths of the NAV; negative for a discount. */
  readonly meanPpm: number
  /** Its standard deviation in the long run. */
  readonly deviationPpm: number
  /** Half of what it is off its mean is gone after this time. */
  readonly halfLifeMs: number
  /** From the middle to bid and to ask. */
  readonly halfSpreadPpm: number
}

/** Bid and ask of a market at a time. */
export type PremiumQuote = { readonly timeMs: UnixMs; readonly bidE8: PriceE8; readonly askE8: PriceE8 }

/**
 * Simulates the market price of a share around its NAV: the premium is an Ornstein–Uhlenbeck process, stepped exactly
 * from time to time, that begins at its mean; bids round down, asks up. The same random numbers give the same
 * prices on every machine.
 *
 * @param navs NAVs as they are known, with the times to quote at, in rising order.
 * @throws InvalidInputError when a time does not rise or a term is out of range.
 */
export function premiumPrices(
  navs: readonly { readonly timeMs: UnixMs; readonly navE8: PriceE8 }[],
  { meanPpm, deviationPpm, halfLifeMs, halfSpreadPpm }: PremiumTerms,
  random: Random,
): readonly PremiumQuote[] {
  if (!(halfLifeMs > 0 && deviationPpm >= 0 && halfSpreadPpm >= 0 && Math.abs(meanPpm) < PPM))
    throw new InvalidInputError('The terms of the premium are out of range.', {
      facts: { meanPpm, deviationPpm, halfLifeMs, halfSpreadPpm },
      hint: 'Give a positive half-life, a deviation and a spread from 0, and a mean within ±1,000,000.',
    })
  let off = 0
  let before: UnixMs | null = null
  return navs.map(({ timeMs, navE8 }) => {
    if (before !== null) {
      if (timeMs <= before)
        throw new InvalidInputError(`The time ${timeMs} does not follow ${before}.`, {
          facts: { timeMs, before },
          hint: 'Give the NAVs in rising order of time.',
        })
      const kept = exactExp((-Math.LN2 * (timeMs - before)) / halfLifeMs)
      off = off * kept + deviationPpm * Math.sqrt(1 - kept * kept) * gaussian(random)
    }
    before = timeMs
    // No market is below nothing.
    const middle = Math.max(PPM + meanPpm + off, halfSpreadPpm)
    const [bid, ask] = [Math.floor(middle - halfSpreadPpm), Math.ceil(middle + halfSpreadPpm)]
    const whole = BigInt(PPM)
    return {
      timeMs,
      bidE8: priceE8((navE8 * BigInt(bid)) / whole),
      askE8: priceE8((navE8 * BigInt(ask) + whole - 1n) / whole),
    }
  })
}
