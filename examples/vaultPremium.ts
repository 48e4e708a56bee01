import { defineAgent, type IssuerTerms, NO_FEE } from 'touchstone/agents'
import {
  cashE8,
  DAY_MS,
  E8,
  HOUR_MS,
  type Instrument,
  type OrderTerms,
  PPM,
  ppm,
  priceE8,
  quantity,
  unixMs,
} from 'touchstone/core'
import { defineStrategy } from 'touchstone/strategies'

/** How the vault is entered and left: deposits a day later, redemptions three days later for a fee. */
const side = {
  minimum: 1n,
  increment: 1n,
  fee: NO_FEE,
  fulfilment: 'modelled',
  minimumDelayMs: 0,
  typicalDelayMs: DAY_MS,
  capacity: null,
  order: 'firstComeFirstServed',
  partialFulfilment: true,
  othersPending: 0n,
  claimDelayMs: 0,
  cancellable: true,
} as const
const REDEMPTION = { fee: { ...NO_FEE, ppm: 1_000 }, typicalDelayMs: 3 * DAY_MS } as const
const FEE_PPM = 500

/**
 * Buys where the market offers a share for less than its redemption brings, and sells where it pays more than a
 * subscription costs: both after fees, and after what the money would earn elsewhere while it waits.
 */
const strategy = defineStrategy({
  name: 'premium-to-nav',
  version: 1,
  params: {
    /** Least gain of a round trip after all costs. */
    leastEdge: 0.002,
    /** What money earns elsewhere. */
    hurdlePerYear: 0.05,
    /** Largest part of the equity in one order. */
    share: 0.1,
    marketFee: FEE_PPM / PPM,
    redemptionFee: REDEMPTION.fee.ppm / PPM,
    redemptionMs: REDEMPTION.typicalDelayMs,
    depositMs: side.typicalDelayMs,
    goodForMs: 2 * HOUR_MS,
  },
  decide(view, params) {
    const { leastEdge, hurdlePerYear, marketFee, redemptionFee, redemptionMs, depositMs } = params
    const waiting = (ms: number) => (hurdlePerYear * ms) / (365 * DAY_MS)
    const { nowMs, navE8, bidE8, askE8, quantity: held, openOrders } = view
    // One trade at a time; redemptions wait for days, and are left to it.
    if (navE8 === null || openOrders.some(({ terms }) => terms.kind !== 'redeem')) return null
    const nav = Number(navE8)
    const redeemed = nav * (1 - redemptionFee - waiting(redemptionMs))
    const sold = Number(bidE8) * (1 - marketFee)
    const discount = redeemed / (Number(askE8) * (1 + marketFee)) - 1
    const premium = sold / (nav * (1 + waiting(depositMs))) - 1
    const edge = Math.max(discount, premium)
    const underWay = openOrders.reduce((sum, { terms }) => sum + ('shares' in terms ? terms.shares : 0n), 0n)
    const orders: OrderTerms[] = []
    if (held > underWay) {
      const shares = quantity(held - underWay)
      // Whatever was the way in, the better way out.
      if (sold < redeemed) orders.push({ kind: 'redeem', shares })
      else orders.push({ kind: 'market', side: 'sell', size: { units: shares }, reduceOnly: true })
    }
    const most = (view.equityE8 * BigInt(ppm(params.share))) / BigInt(PPM)
    const amount = cashE8(view.cashE8 < most ? view.cashE8 : most)
    if (edge > leastEdge && amount > E8) {
      const limitE8 = priceE8(BigInt(Math.floor(redeemed / (1 + marketFee) / (1 + leastEdge))))
      const goodTillMs = unixMs(nowMs + params.goodForMs)
      if (premium > discount) orders.push({ kind: 'subscribe', amountE8: amount })
      else orders.push({ kind: 'limit', side: 'buy', limitE8, size: { cashE8: amount }, goodTillMs })
    }
    const strength = ppm(edge > leastEdge ? Math.min(1, edge * 50) : 0)
    const direction = strength === 0 ? 0 : premium > discount ? -1 : 1
    return { signal: { direction, strength, confidence: ppm(0.5), horizonMs: redemptionMs }, orders }
  },
})

/** Trades a vault share between its market and its issuer; one decision a day, no model, long only. */
export function vaultPremium(options: { instrument: Instrument; capitalE8?: bigint }) {
  const { instrument, capitalE8 = 100_000n * E8 } = options
  const issuer: IssuerTerms = {
    instrument: instrument.id,
    kind: 'queue',
    terms: {
      deposit: side,
      redemption: { ...side, ...REDEMPTION },
      instant: null,
      assetDecimals: 18,
      rateFrom: 'nav',
      maxNavAgeMs: 3 * DAY_MS,
      pendingEarns: true,
    },
  }
  const [capital, most, loss] = [cashE8(capitalE8), cashE8(capitalE8 * 10n), cashE8(capitalE8 / 10n)] as const
  const agent = { name: 'vault-premium', version: 1, instrument, capitalE8: capital, everyMs: DAY_MS }
  const limits = { maxPositionE8: most, maxOrderE8: most, maxDailyLossE8: loss, maxStalenessMs: 10 * DAY_MS }
  const venue = { feePpm: ppm(FEE_PPM / PPM), halfSpreadPpm: ppm(0), maxPriceAgeMs: DAY_MS }
  return defineAgent({ ...agent, issuers: [issuer], features: [], model: null, strategy, limits, venue })
}
