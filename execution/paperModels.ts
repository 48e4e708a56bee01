import type { VenueSettings } from '../agents/index.ts'
import { PPM, type Ppm, quantity } from '../core/index.ts'
import {
  delayMs,
  type ExecutionModels,
  entrySpread,
  fixedFee,
  type InstrumentTerms,
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

/** The models that settings name. */
export function modelsOf(settings: VenueSettings): ExecutionModels {
  const { feePpm, makerFeePpm, fixedFeeE8, entrySpreadPpm, impactPpm, latencyMs } = settings
  const rate = rateFee({ takerPpm: feePpm, makerPpm: makerFeePpm ?? feePpm })
  const slippage: SlippageModel[] = []
  if (entrySpreadPpm !== undefined) slippage.push(entrySpread(entrySpreadPpm))
  if (impactPpm !== undefined) slippage.push(squareRootImpact(impactPpm))
  return {
    fees: fixedFeeE8 === undefined ? rate : sumOfFees(rate, fixedFee(fixedFeeE8)),
    ...(slippage.length === 0 ? {} : { slippage: slippageInTurn(...slippage) }),
    ...(latencyMs === undefined ? {} : { latency: delayMs(latencyMs) }),
  }
}
