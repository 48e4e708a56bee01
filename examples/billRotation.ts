import { defineAgent, type NavTerms, NO_FEE, US_BUSINESS_DAYS } from 'touchstone/agents'
import {
  cashE8,
  DAY_MS,
  E8,
  type Instrument,
  type InstrumentId,
  instrumentId,
  PPM,
  ppm,
  type YieldTenor,
} from 'touchstone/core'
import { yieldLevel } from 'touchstone/feature-store'
import { defineStrategy } from 'touchstone/strategies'

/** A fund that rolls over Treasury bills of one tenor. */
export type BillFund = {
  readonly instrument: Instrument
  readonly tenor: YieldTenor
  /** What it takes a year of its assets, in millionths; its NAVs are after it. */
  readonly feePpm: number
}

const fund = (tenor: YieldTenor, feePpm: number): BillFund => {
  const symbol = `BILLS-${tenor}`
  const id = instrumentId(`funds:${symbol}`)
  return { tenor, feePpm, instrument: { id, kind: 'navToken', symbol, decimals: 6, quote: 'USD' } }
}

/** The cheaper, the shorter. */
export const BILL_FUNDS: readonly BillFund[] = [fund('1M', 1_500), fund('3M', 2_000), fund('1Y', 2_500)]

const REDEMPTION_FEE_PPM = 200
const dealing = {
  days: { kind: 'daily' },
  cutOff: '16:00',
  noticeBusinessDays: 0,
  minimum: 1n,
  increment: 1n,
  fee: NO_FEE,
  settlement: { days: 1, basis: 'business', time: '12:00' },
  cancellable: true,
} as const
/** Dealt each business day to 16:00 in New York, settled T+1, 0.02 % to leave. */
const terms: NavTerms = {
  zone: 'America/New_York',
  calendar: US_BUSINESS_DAYS,
  subscription: dealing,
  redemption: { ...dealing, fee: { ...NO_FEE, ppm: REDEMPTION_FEE_PPM } },
  maxNavAgeMs: 10 * DAY_MS,
  pendingEarns: true,
}

/** Holds the fund that yields most after its fee; changes it when that pays the way within the horizon. */
const rotation = (funds: readonly BillFund[]) =>
  defineStrategy({
    name: 'yield-rotation',
    version: 1,
    params: {
      funds: funds.map(({ tenor, feePpm }) => ({ tenor, feePpm })),
      /** How long a difference of yields is taken to last. */
      horizonMs: 90 * DAY_MS,
      /** Without yield between two funds: a redemption's and a subscription's settlement, with a week-end now and then. */
      idleMs: 4 * DAY_MS,
      redemptionFee: REDEMPTION_FEE_PPM / PPM,
      /** Part of the equity that is not worth a subscription. */
      leastShare: 0.01,
    },
    decide({ feature, markets, cashE8: free, equityE8 }, params) {
      const yields = params.funds.map(({ tenor, feePpm }) => {
        const level = feature(`yield_${tenor.toLowerCase()}`)
        return level === null ? null : level / 100 - feePpm / PPM
      })
      if (!yields.every(value => value !== null)) return null
      if (markets.some(({ openOrders }) => openOrders.length > 0)) return null
      const best = yields.indexOf(Math.max(...yields))
      const held = markets.findIndex(({ quantity }) => quantity > 0n)
      const [gain, cost] = [(yields[best] ?? 0) - (yields[held] ?? 0), (yields[held] ?? 0) * params.idleMs]
      const pays = (gain * params.horizonMs - cost) / (365 * DAY_MS) > params.redemptionFee
      const target = held === -1 || pays ? best : held
      const strength = ppm(Math.min(1, Math.abs(yields[target] ?? 0) * 10))
      const { horizonMs } = params
      const signalled = { strength, confidence: ppm(0.5), horizonMs }
      const isIdle = free > (equityE8 * BigInt(ppm(params.leastShare))) / BigInt(PPM)
      const enter = {
        instrument: markets[target]?.instrument,
        signal: { ...signalled, direction: 1 as const },
        orders:
          isIdle && (held === -1 || held === target) ? [{ kind: 'subscribe', amountE8: free } as const] : [],
      }
      const old = markets[held]
      if (old === undefined || held === target) return enter
      const leave = {
        instrument: old.instrument,
        signal: { ...signalled, direction: -1 as const },
        orders: [{ kind: 'redeem', shares: old.quantity } as const],
      }
      return [leave, enter]
    },
  })

/** Rotates between bill funds by what each yields after fees; one decision a day, no model. */
export function billRotation(
  options: { capitalE8?: bigint; funds?: readonly BillFund[]; curve?: InstrumentId } = {},
) {
  const { capitalE8 = 1_000_000n * E8, funds = BILL_FUNDS, curve = instrumentId('fred:H15') } = options
  const [first, ...others] = funds.map(({ instrument }) => instrument)
  if (first === undefined) throw new RangeError('A rotation needs a fund.')
  const [capital, most, loss] = [cashE8(capitalE8), cashE8(capitalE8 * 10n), cashE8(capitalE8 / 50n)] as const
  return defineAgent({
    name: 'bill-rotation',
    version: 1,
    instrument: first,
    alsoTrades: others,
    observes: [curve],
    issuers: funds.map(({ instrument }) => ({ instrument: instrument.id, kind: 'nav', terms })),
    features: funds.map(({ tenor }) => yieldLevel({ tenor, curve })),
    model: null,
    strategy: rotation(funds),
    everyMs: DAY_MS,
    limits: { maxPositionE8: most, maxOrderE8: most, maxDailyLossE8: loss, maxStalenessMs: 10 * DAY_MS },
    capitalE8: capital,
    venue: { feePpm: ppm(0), halfSpreadPpm: ppm(0), maxPriceAgeMs: DAY_MS },
  })
}
