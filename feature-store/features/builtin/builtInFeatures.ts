import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/index.ts'
import type { FeatureDefinition } from '../defineFeature.ts'
import { builtInIndicators } from '../indicators/builtInIndicators.ts'
import { ewmaVolatility } from './ewmaVolatility.ts'
import { holderConcentration } from './holderConcentration.ts'
import { holderNetFlow } from './holderNetFlow.ts'
import { hourOfWeekCosine, hourOfWeekSine } from './hourOfWeek.ts'
import { swapIntensity, transferIntensity } from './intensity.ts'
import { liquidityChange } from './liquidityChange.ts'
import { logReturn } from './logReturn.ts'
import { movingAverageGap } from './movingAverageGap.ts'
import { navAge } from './navAge.ts'
import { navPremium } from './navPremium.ts'
import { netIssuance } from './netIssuance.ts'
import { netLiquidityFlow } from './netLiquidityFlow.ts'
import { orderFlowImbalance, signedOrderFlow } from './orderFlow.ts'
import { quotedSpread } from './quotedSpread.ts'
import { realisedVolatility } from './realisedVolatility.ts'
import { timeSincePrice } from './timeSincePrice.ts'
import { tradeSizeTail } from './tradeSizeTail.ts'
import { vaultFlowImbalance } from './vaultFlowImbalance.ts'
import { vwapDeviation } from './vwapDeviation.ts'
import { yieldCurveSlope, yieldLevel } from './yieldCurve.ts'

/** Every built-in feature at its default parameters; the factories make others. */
export const builtInFeatures: readonly FeatureDefinition[] = [
  logReturn({ horizonMs: 5 * MINUTE_MS }),
  logReturn({ horizonMs: HOUR_MS }),
  logReturn({ horizonMs: DAY_MS }),
  realisedVolatility({ windowMs: HOUR_MS }),
  realisedVolatility({ windowMs: 5 * DAY_MS }),
  ewmaVolatility({ halfLifeMs: HOUR_MS }),
  ewmaVolatility({ halfLifeMs: 10 * DAY_MS }),
  signedOrderFlow({ windowMs: 5 * MINUTE_MS }),
  orderFlowImbalance({ windowMs: 5 * MINUTE_MS }),
  orderFlowImbalance({ windowMs: HOUR_MS }),
  tradeSizeTail({ windowMs: HOUR_MS }),
  swapIntensity({ windowMs: 5 * MINUTE_MS }),
  vwapDeviation({ windowMs: HOUR_MS }),
  liquidityChange({ windowMs: HOUR_MS }),
  netLiquidityFlow({ windowMs: HOUR_MS }),
  holderNetFlow({ windowMs: HOUR_MS }),
  holderConcentration,
  netIssuance({ windowMs: HOUR_MS }),
  transferIntensity({ windowMs: HOUR_MS }),
  vaultFlowImbalance({ windowMs: 7 * DAY_MS }),
  navPremium(),
  navAge,
  yieldCurveSlope({ long: '10Y', short: '2Y' }),
  yieldCurveSlope({ long: '10Y', short: '3M' }),
  yieldLevel({ tenor: '3M' }),
  yieldLevel({ tenor: '10Y' }),
  quotedSpread,
  movingAverageGap({ length: 20 }),
  movingAverageGap({ length: 120 }),
  timeSincePrice,
  hourOfWeekSine,
  hourOfWeekCosine,
  ...builtInIndicators,
]
