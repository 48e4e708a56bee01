import { PPM } from '../../core/index.ts'
import type { AccountState } from './accountState.ts'
import type { Desk } from './desk.ts'
import { type Filling, fillCosts, type Touch } from './executionCosts.ts'
import { minus, plus, quotientDown, quotientUp, type Whole } from './whole.ts'

/** Steps that are tried beside the estimate; it is hardly ever off by more than one. */
const MOST_STEPS = 4

/**
 * The largest size, a multiple of the step, whose value (rounded up) is within the share of the funds left after its
 * costs, where the fee is plain and nothing slips: an estimate in doubles, moved to the size that fits by the exact costs
 * and whose next does not. Null where `sizeFor` must look. Of a size q at price p, a share s, a rate r, an amount a
 * beside it and funds F: q·p ≤ s·(F − a − r·q·p), solved for q.
 */
export function sizeNearEstimate(
  account: AccountState,
  desk: Desk,
  order: Filling,
  touch: Touch,
  fundsE8: Whole,
  sharePpm: number,
): Whole | null {
  const { plainFee, slippage } = account.models
  const { unit, sizeStep: step } = desk
  if (plainFee === null || (slippage !== null && !touch.maker)) return null
  if (typeof fundsE8 !== 'number' || typeof unit !== 'number' || typeof step !== 'number') return null
  const share = sharePpm / PPM
  const rate = (touch.maker ? plainFee.makerPpm : plainFee.takerPpm) / PPM
  const left = fundsE8 - Number(plainFee.fixedE8)
  const estimate = Math.floor((left * share * unit) / (touch.priceE8 * (1 + share * rate)) / step) * step
  if (!(estimate >= 0 && estimate <= Number.MAX_SAFE_INTEGER)) return null
  const fits = (quantity: Whole): boolean => {
    const costs = fillCosts(account, desk, order, quantity, touch)
    if (costs === null) return false
    const rest = minus(fundsE8, costs.lostE8)
    const most = sharePpm === PPM ? rest : quotientDown(rest, sharePpm, PPM)
    return quotientUp(quantity, touch.priceE8, unit) <= most
  }
  let size: Whole = estimate
  let tries = 0
  // Nothing always fits.
  while (size > 0 && !fits(size)) {
    if (++tries > MOST_STEPS) return null
    size = minus(size, step)
  }
  let next = plus(size, step)
  while (fits(next)) {
    if (++tries > MOST_STEPS) return null
    size = next
    next = plus(size, step)
  }
  return size
}
