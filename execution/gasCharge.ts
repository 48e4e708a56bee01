import type { GasTerms } from '../agents/index.ts'
import type { InstrumentId, MarketColumns } from '../core/index.ts'
import { type FeeModel, gasFee, type SlippageModel } from './matching/index.ts'
import { followPrice } from './priceAsKnown.ts'

/** The gas of fills, at the prices that were observed. */
export type GasCharge = {
  readonly fee: FeeModel
  /** Lets a taker through unchanged once both prices are known, and nobody before. */
  readonly gate: SlippageModel
  /** Takes in a row of any observed instrument. */
  take(columns: MarketColumns, row: number): void
}

/** A price of 10⁻⁸ gwei is ten wei. */
const WEI_IN_E8_GWEI = 10n

/** Charges gas by an agent's terms. */
export function chargeGas({ units, gasPrice, coinPrice }: GasTerms): GasCharge {
  const wei =
    'wei' in gasPrice ? constant(gasPrice.wei) : observed(gasPrice.gweiOf, price => price * WEI_IN_E8_GWEI)
  const coin =
    'priceE8' in coinPrice ? constant(coinPrice.priceE8) : observed(coinPrice.priceOf, price => price)
  const fee = gasFee({
    gasUnits: units,
    gasPriceWei: timeMs => wei.at(timeMs) ?? 0n,
    coinPriceE8: timeMs => coin.at(timeMs) ?? 0n,
  })
  return {
    fee,
    gate: ({ timeMs, priceE8 }) => (wei.at(timeMs) === null || coin.at(timeMs) === null ? null : priceE8),
    take(columns, row) {
      wei.take(columns, row)
      coin.take(columns, row)
    },
  }
}

type Priced = { at(timeMs: number): bigint | null; take(columns: MarketColumns, row: number): void }

const constant = (price: bigint): Priced => ({ at: () => price, take() {} })

function observed(instrument: InstrumentId, inUnit: (priceE8: bigint) => bigint): Priced {
  const prices = followPrice()
  return {
    at(timeMs) {
      const priceE8 = prices.at(timeMs)
      return priceE8 === null ? null : inUnit(priceE8)
    },
    take(columns, row) {
      if (columns.instruments[columns.instrument[row] as number] === instrument) prices.take(columns, row)
    },
  }
}
