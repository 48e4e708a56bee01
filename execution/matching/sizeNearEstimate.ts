import { PPM } from '../../core/index.ts'
import type { AccountState } from './accountState.ts'
import type { Desk } from './desk.ts'
import { type Filling, fillCosts, type Touch } from './executionCosts.ts'
import { minus, quotientDown, quotientUp, type Whole } from './whole.ts'

/** Steps that are tried below the estimate; it is hardly ever off by more than one. */
const MOST_STEPS = 4
/** Relative room for the rounding of the estimate, of eight operations at most. */
const ROOM = 2 ** -48

/**
 * The largest size, a multiple of the step, whose value (rounded up) is within the share of the funds left after its
 * costs, where the fee is plain and nothing slips: an estimate in doubles, taken down until the exact costs let it fit.
 * Null where `sizeFor` must look. Of a size q at price p, a share s, a rate r, an amount a beside it and funds F:
 * q·p ≤ s·(F − a − r·q·p), solved for q. Every rounding is against the trader: no size above the solution fits.
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
  const solution = (left * share * unit) / (touch.priceE8 * (1 + share * rate))
  const most = solution * (1 + ROOM)
  if (!(solution >= 0 && most < Number.MAX_SAFE_INTEGER)) return null
  let size = Math.floor(most / step) * step
  let tries = 0
  // Nothing always fits.
  while (size > 0 && !fits(account, desk, order, touch, fundsE8, sharePpm, size)) {
    if (++tries > MOST_STEPS) return null
    size -= step
  }
  return size
}

function fits(
  account: AccountState,
  desk: Desk,
  order: Filling,
  touch: Touch,
  fundsE8: Whole,
  sharePpm: number,
  quantity: Whole,
): boolean {
  const costs = fillCosts(account, desk, order, quantity, touch)
  if (costs === null) return false
  const left = minus(fundsE8, costs.lostE8)
  const most = sharePpm === PPM ? left : quotientDown(left, sharePpm, PPM)
  return quotientUp(quantity, touch.priceE8, desk.unit) <= most
}
