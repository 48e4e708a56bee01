import type { VenueSettings } from '../agents/index.ts'
import { eventAt, type Instrument, type MarketColumns, OTHER_ROW, SWAP_ROW } from '../core/index.ts'
import { chargeGas } from './gasCharge.ts'
import { includeAfter } from './inclusionLatency.ts'
import type { Execution, FeeModel, LatencyModel, SlippageModel } from './matching/index.ts'
import { followPool } from './poolState.ts'

/** What trading on a chain costs, by what was observed of it so far. */
export type ChainModels = {
  readonly fee: FeeModel | null
  readonly slippage: readonly SlippageModel[]
  readonly latency: LatencyModel | null
  /** Whether a pool's own curve prices a market. */
  isPooled(market: number): boolean
  /** Takes in a row of any observed instrument, before it fills anything; -1 for one that is not traded. */
  take(columns: MarketColumns, row: number, market: number): void
}

/** The models of the chain that an agent trades on; null where its venue says nothing of one. */
export function chainModelsOf(
  { pools = [], gas, latencyBlocks }: VenueSettings,
  instruments: readonly Instrument[],
): ChainModels | null {
  if (pools.length === 0 && gas === undefined && latencyBlocks === undefined) return null
  const charge = gas === undefined ? null : chargeGas(gas)
  const inclusion = latencyBlocks === undefined ? null : includeAfter(latencyBlocks)
  const followed = instruments.map(({ id }) => {
    const terms = pools.find(({ instrument }) => instrument === id)
    return terms === undefined ? null : followPool(terms)
  })
  const curve: SlippageModel = execution => {
    const pool = followed[execution.instrument] ?? null
    if (pool === null) return execution.priceE8
    const priceE8 = pool.price(execution)
    // A pool gives no better price because an order has a limit: the swap reverts.
    return priceE8 === null || isBeyond(execution, priceE8) ? null : priceE8
  }
  return {
    fee: charge?.fee ?? null,
    slippage: [...(charge === null ? [] : [charge.gate]), ...(pools.length === 0 ? [] : [curve])],
    latency: inclusion?.latency ?? null,
    isPooled: market => (followed[market] ?? null) !== null,
    take(columns, row, market) {
      charge?.take(columns, row)
      if (market < 0) return
      inclusion?.take(columns, row)
      const pool = followed[market] ?? null
      const kind = columns.kind[row]
      if (pool !== null && (kind === SWAP_ROW || kind === OTHER_ROW)) pool.take(eventAt(columns, row))
    },
  }
}

const isBeyond = ({ buy, limitE8 = Number.NaN }: Execution, priceE8: bigint): boolean =>
  !Number.isNaN(limitE8) && (buy ? priceE8 > BigInt(limitE8) : priceE8 < BigInt(limitE8))
