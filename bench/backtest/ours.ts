import { defineAgent } from '../../agents/index.ts'
import { runBacktestOver } from '../../backtest/runBacktest.ts'
import { computeStatistics } from '../../backtest/statistics.ts'
import { statisticsInputOf } from '../../backtest/statisticsInputOf.ts'
import { isColumns } from '../../backtest/statisticsTradeColumns.ts'
import {
  type AgentId,
  BAR_ROW,
  cashE8,
  DAY_MS,
  type Instrument,
  instrumentId,
  type MarketColumns,
  PPM,
  type Ppm,
  ppm,
  unixMs,
} from '../../core/index.ts'
import { sma } from '../../feature-store/index.ts'
import { defineStrategy } from '../../strategies/index.ts'
import type { SmaBars } from './smaMarket.ts'
import { CAPITAL_E8, DECIMALS, type RunOnce, type SmaTask } from './smaTask.ts'

const INSTRUMENT: Instrument = {
  id: instrumentId('bench:WALK'),
  kind: 'spot',
  symbol: 'WALK',
  decimals: DECIMALS,
  quote: 'USD',
}
const AGENT = `0x${'11'.repeat(20)}` as AgentId
const WITHOUT_LIMIT = cashE8(10n ** 30n)

/** This project: an agent with two features and a strategy, through the kernel that live agents run on. */
export function prepareOurs({ bars, reversing, feePpm, features }: SmaTask): RunOnce {
  const barMs = (bars.closeMs[0] ?? 0) - (bars.openMs[0] ?? 0)
  const columns = columnsOf(bars)
  return (fast, slow) => {
    const run = runBacktestOver({
      agent: AGENT,
      definition: averageCross({ fast, slow, reversing, feePpm, barMs }),
      inference: null,
      activeFromMs: unixMs(0),
      columns,
      shared: features,
    })
    const input = statisticsInputOf(run)
    const { trades } = input
    return {
      trades: isColumns(trades) ? trades.count : trades.length,
      finalEquityE8: Number(run.finalEquityE8),
      bars: run.events,
      statistics: computeStatistics(input, { decimals: DECIMALS }),
    }
  }
}

type Cross = {
  readonly fast: number
  readonly slow: number
  readonly reversing: boolean
  readonly feePpm: Ppm
  readonly barMs: number
}

function averageCross({ fast, slow, reversing, feePpm, barMs }: Cross) {
  const averages = [sma({ length: fast }), sma({ length: slow })] as const
  const [fastName, slowName] = [averages[0].name, averages[1].name]
  const signals = {
    long: { direction: 1, strength: PPM as Ppm, confidence: ppm(0.5), horizonMs: barMs },
    short: { direction: -1, strength: PPM as Ppm, confidence: ppm(0.5), horizonMs: barMs },
  } as const
  // Without a target it keeps what it holds: it trades at a cross, and not to follow its equity.
  const [stayLong, stayOut] = [{ signal: signals.long }, { signal: signals.short }]
  const long = { signal: signals.long, target: { exposure: PPM as Ppm } }
  const out = { signal: signals.short, target: { exposure: (reversing ? -PPM : 0) as Ppm } }
  const strategy = defineStrategy({
    name: 'average-cross',
    version: 1,
    params: { reversing },
    decide({ feature, quantity }) {
      const [above, below] = [feature(fastName), feature(slowName)]
      if (above === null || below === null) return null
      if (above > below) return quantity > 0n ? stayLong : long
      return quantity < 0n || (quantity === 0n && !reversing) ? stayOut : out
    },
  })
  return defineAgent({
    name: 'average-cross',
    version: 1,
    instrument: INSTRUMENT,
    features: averages,
    model: null,
    strategy,
    everyMs: barMs,
    capitalE8: cashE8(CAPITAL_E8),
    minOrderE8: cashE8(0n),
    allowShort: reversing,
    limits: {
      maxPositionE8: WITHOUT_LIMIT,
      maxOrderE8: WITHOUT_LIMIT,
      maxDailyLossE8: WITHOUT_LIMIT,
      maxStalenessMs: 7 * DAY_MS,
    },
    venue: { feePpm, halfSpreadPpm: 0 as Ppm, maxPriceAgeMs: 7 * DAY_MS, maintenanceMarginPpm: 1 as Ppm },
  })
}

/** The bars as the kernel takes them: no event is made of any. */
function columnsOf({ openMs, closeMs, openE8, highE8, lowE8, closeE8 }: SmaBars): MarketColumns {
  const { length } = openMs
  return {
    length,
    instruments: [INSTRUMENT.id],
    sources: ['bench'],
    kind: new Uint8Array(length).fill(BAR_ROW),
    instrument: new Uint16Array(length),
    openMs,
    closeMs,
    knownAt: closeMs,
    source: new Uint16Array(length),
    block: Float64Array.from({ length }, (_, row) => row),
    logIndex: new Float64Array(length),
    bidOpenE8: openE8,
    bidHighE8: highE8,
    bidLowE8: lowE8,
    bidCloseE8: closeE8,
    askOpenE8: openE8,
    askHighE8: highE8,
    askLowE8: lowE8,
    askCloseE8: closeE8,
    volumeE8: new Float64Array(length).fill(Number.NaN),
    events: [],
  }
}
