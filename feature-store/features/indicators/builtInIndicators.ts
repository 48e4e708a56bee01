import type { FeatureDefinition } from '../defineFeature.ts'
import { adx, minusDi, plusDi } from './adx.ts'
import { atr } from './atr.ts'
import {
  bollingerBandwidth,
  bollingerLower,
  bollingerMiddle,
  bollingerPercentB,
  bollingerUpper,
} from './bollinger.ts'
import { cci } from './cci.ts'
import { donchianLower, donchianMiddle, donchianUpper } from './donchian.ts'
import { ema } from './ema.ts'
import { keltnerLower, keltnerMiddle, keltnerUpper } from './keltner.ts'
import { macdHistogram, macdLine, macdSignal } from './macd.ts'
import { obv } from './obv.ts'
import { rsi } from './rsi.ts'
import { sma } from './sma.ts'
import { fastStochasticD, fastStochasticK, slowStochasticD, slowStochasticK } from './stochastic.ts'
import { rollingVwap, sessionVwap } from './vwap.ts'
import { wma } from './wma.ts'

/** Every indicator over bars at its usual parameters; the factories make others. */
export const builtInIndicators: readonly FeatureDefinition[] = [
  sma({ length: 20 }),
  ema({ length: 20 }),
  wma({ length: 20 }),
  rsi(),
  atr(),
  macdLine(),
  macdSignal(),
  macdHistogram(),
  bollingerUpper(),
  bollingerMiddle(),
  bollingerLower(),
  bollingerPercentB(),
  bollingerBandwidth(),
  adx(),
  plusDi(),
  minusDi(),
  donchianUpper(),
  donchianMiddle(),
  donchianLower(),
  keltnerUpper(),
  keltnerMiddle(),
  keltnerLower(),
  fastStochasticK(),
  fastStochasticD(),
  slowStochasticK(),
  slowStochasticD(),
  cci(),
  obv(),
  sessionVwap(),
  rollingVwap(),
]
