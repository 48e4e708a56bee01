import { MINUTE_MS } from '../../../core/index.ts'
import type { FeatureDefinition } from '../defineFeature.ts'
import { adx } from '../indicators/adx.ts'
import { atr } from '../indicators/atr.ts'
import { bollingerPercentB } from '../indicators/bollinger.ts'
import { cci } from '../indicators/cci.ts'
import { donchianMiddle } from '../indicators/donchian.ts'
import { ema } from '../indicators/ema.ts'
import { keltnerUpper } from '../indicators/keltner.ts'
import { macdHistogram } from '../indicators/macd.ts'
import { rsi } from '../indicators/rsi.ts'
import { sma } from '../indicators/sma.ts'
import { slowStochasticD } from '../indicators/stochastic.ts'
import { rollingVwap } from '../indicators/vwap.ts'
import { wma } from '../indicators/wma.ts'
import { ewmaVolatility } from './ewmaVolatility.ts'
import { holderConcentration } from './holderConcentration.ts'
import { holderNetFlow } from './holderNetFlow.ts'
import { swapIntensity, transferIntensity } from './intensity.ts'
import { liquidityChange } from './liquidityChange.ts'
import { logReturn } from './logReturn.ts'
import { movingAverageGap } from './movingAverageGap.ts'
import { netIssuance } from './netIssuance.ts'
import { netLiquidityFlow } from './netLiquidityFlow.ts'
import { orderFlowImbalance, signedOrderFlow } from './orderFlow.ts'
import { realisedVolatility } from './realisedVolatility.ts'
import { tradeSizeTail } from './tradeSizeTail.ts'
import { vaultFlowImbalance } from './vaultFlowImbalance.ts'
import { vwapDeviation } from './vwapDeviation.ts'

const short = { windowMs: 20 * MINUTE_MS }

/** Built-in features with windows that a short stream covers many times over. */
export const shortFeatures: readonly FeatureDefinition[] = [
  logReturn({ horizonMs: 20 * MINUTE_MS }),
  realisedVolatility(short),
  ewmaVolatility({ halfLifeMs: 20 * MINUTE_MS }),
  signedOrderFlow(short),
  orderFlowImbalance(short),
  tradeSizeTail(short),
  swapIntensity(short),
  vwapDeviation(short),
  liquidityChange(short),
  netLiquidityFlow(short),
  holderNetFlow(short),
  holderConcentration,
  netIssuance(short),
  transferIntensity(short),
  vaultFlowImbalance(short),
  movingAverageGap({ length: 5 }),
  sma({ length: 3 }),
  ema({ length: 3 }),
  wma({ length: 3 }),
  rsi({ length: 3 }),
  atr({ length: 3 }),
  macdHistogram({ fast: 2, slow: 4, signal: 2 }),
  bollingerPercentB({ length: 3 }),
  adx({ length: 3 }),
  donchianMiddle({ length: 3 }),
  keltnerUpper({ length: 3, rangeLength: 2 }),
  slowStochasticD({ fastK: 3, slowK: 2, slowD: 2 }),
  cci({ length: 4 }),
  rollingVwap({ length: 3 }),
]
