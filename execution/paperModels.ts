import type { VenueSettings } from '../agents/index.ts'
import { PPM, type Ppm, quantity } from '../core/index.ts'
import type { ChainModels } from './chainModels.ts'
import {
  delayMs,
  type ExecutionModels,
  entrySpread,
  type FeeModel,
  fixedFee,
  type InstrumentTerms,
  type LatencyModel,
  rateFee,
  type SlippageModel,
  slippageInTurn,
  squareRootImpact,
  sumOfFees,
} from './matching/index.ts'

/** Equity under which everything is liquidated, as a share of the positions' value (FINRA rule 4210: 25 % of longs). */
export const DEFAULT_MAINTENANCE_MARGIN_PPM = 250_000 as Ppm

/** What a venue with these settings asks of those who trade an instrument. */
export function instrumentTermsOf(settings: VenueSettings, decimals: number): InstrumentTerms {
  const initialMarginPpm = settings.initialMarginPpm ?? (PPM as Ppm)
  const least = Math.min(initialMarginPpm, DEFAULT_MAINTENANCE_MARGIN_PPM) as Ppm
  return {
    decimals,
    sizeStep: settings.sizeStep ?? quantity(1n),
    minimumSize: quantity(0n),
    initialMarginPpm,
    maintenanceMarginPpm: settings.maintenanceMarginPpm ?? least,
  }
}

/** The models that settings name, with those of the chain that is traded on, if any. */
export function modelsOf(settings: VenueSettings, chain: ChainModels | null = null): ExecutionModels {
  const { feePpm, makerFeePpm, fixedFeeE8, entrySpreadPpm, impactPpm, latencyMs } = settings
  const fees: FeeModel[] = [rateFee({ takerPpm: feePpm, makerPpm: makerFeePpm ?? feePpm })]
  if (fixedFeeE8 !== undefined) fees.push(fixedFee(fixedFeeE8))
  if (chain?.fee) fees.push(chain.fee)
  // The curve first: it is of the pool's own price.
  const slippage: SlippageModel[] = [...(chain?.slippage ?? [])]
  if (entrySpreadPpm !== undefined) slippage.push(entrySpread(entrySpreadPpm))
  if (impactPpm !== undefined) slippage.push(squareRootImpact(impactPpm))
  const latencies: LatencyModel[] = []
  if (latencyMs !== undefined) latencies.push(delayMs(latencyMs))
  if (chain?.latency) latencies.push(chain.latency)
  const [rate] = fees as [FeeModel]
  return {
    fees: fees.length === 1 ? rate : sumOfFees(...fees),
    ...(slippage.length === 0 ? {} : { slippage: slippageInTurn(...slippage) }),
    ...(latencies.length === 0
      ? {}
      : { latency: sentMs => latencies.reduce((timeMs, latency) => latency(timeMs), sentMs) }),
  }
}
