import { join } from 'node:path'
import { readYieldCurve } from 'touchstone/chain-ingest'
import {
  compareEvents,
  E8,
  HOUR_MS,
  type Instrument,
  instrumentId,
  type MarketEvent,
  priceE8,
  unixMs,
} from 'touchstone/core'
import { netNavs, type YieldFrom, yieldNavs } from 'touchstone/execution'
import { BILL_FUNDS, type BillFund } from './billRotation.ts'

const CURVE: Instrument = {
  id: instrumentId('fred:H15'),
  kind: 'index',
  symbol: 'UST',
  decimals: 6,
  quote: 'USD',
}

/** From the moment that a NAV describes to its publication. */
const PUBLICATION_DELAY_MS = HOUR_MS

/**
 * The recorded Treasury yields, and the NAVs after fees of funds that hold bills at these yields (`yieldNavs`): no
 * fund's own NAVs were recorded. A NAV grows by yields that were known before it. In the total order.
 *
 * @param folder Holds `DGS1MO.csv` and the other tenors: `treasury` of the recordings.
 * @throws InvalidInputError naming file and line when a row is malformed.
 */
export async function recordedBillFunds(
  folder: string,
  funds: readonly BillFund[] = BILL_FUNDS,
): Promise<readonly MarketEvent[]> {
  const file = (name: string) => join(folder, `DGS${name}.csv`)
  const files = { '1M': file('1MO'), '3M': file('3MO'), '1Y': file('1'), '2Y': file('2'), '10Y': file('10') }
  const curves: MarketEvent[] = []
  for await (const { event } of readYieldCurve({ files, instrument: CURVE })) curves.push(event)
  return [...curves, ...funds.flatMap(fund => navEvents(fund, curves))].sort(compareEvents)
}

function navEvents({ instrument, tenor, feePpm }: BillFund, curves: readonly MarketEvent[]): MarketEvent[] {
  const yields: YieldFrom[] = []
  for (const { knownAt, value } of curves) {
    const ppmPerYear = value.type === 'yieldCurve' ? value.yieldsPpm[tenor] : null
    // Two curves may be released at once, after a day without a release: the later one stands.
    if (yields.at(-1)?.timeMs === knownAt) yields.pop()
    if (ppmPerYear !== null) yields.push({ timeMs: knownAt, ppmPerYear })
  }
  const fees = {
    management: { ppmPerYear: feePpm, accrual: 'daily' },
    performance: null,
    yearDays: 365,
  } as const
  return netNavs(yieldNavs(yields, priceE8(E8)), fees).map(({ timeMs, navE8 }, sequence) => ({
    instrument: instrument.id,
    validAt: timeMs,
    knownAt: unixMs(timeMs + PUBLICATION_DELAY_MS),
    lineage: { kind: 'feed', feed: `bill-fund:${instrument.symbol}`, sequence },
    value: { type: 'nav', navE8 },
  }))
}
