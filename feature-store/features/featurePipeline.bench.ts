import { bench } from 'vitest'
import {
  BAR_ROW,
  createMarketColumns,
  type MarketColumns,
  MINUTE_MS,
  seededRandom,
  unixMs,
} from '../../core/index.ts'
import { createFeaturePipeline } from './featurePipeline.ts'
import { sma } from './indicators/sma.ts'
import { GOLD } from './sampleEvents.conformance.ts'

const ROWS = 1_000_000

/** Bars of one instrument, without event objects. */
function bars(): MarketColumns {
  const { columns } = createMarketColumns([GOLD.id], ROWS)
  const random = seededRandom(1)
  let price = 200_000_000_000
  for (let row = 0; row < ROWS; row++) {
    price += Math.floor((random() - 0.5) * 100_000_000)
    columns.kind[row] = BAR_ROW
    columns.openMs[row] = 1_600_000_000_000 + row * MINUTE_MS
    columns.closeMs[row] = columns.knownAt[row] = 1_600_000_000_000 + (row + 1) * MINUTE_MS
    columns.block[row] = row
    for (const bid of [columns.bidOpenE8, columns.bidHighE8, columns.bidLowE8, columns.bidCloseE8])
      bid[row] = price
    for (const ask of [columns.askOpenE8, columns.askHighE8, columns.askLowE8, columns.askCloseE8])
      ask[row] = price + 20_000_000
    columns.volumeE8[row] = Number.NaN
  }
  return { ...columns, length: ROWS, sources: ['bench'] }
}

const columns = bars()
const features = [sma({ length: 10 }), sma({ length: 20 })]
const vector = new Float32Array(features.length)

bench(
  '1M bars in columns through sma(10) and sma(20), a vector after each',
  () => {
    const pipeline = createFeaturePipeline(features, GOLD)
    for (let row = 0; row < ROWS; row++) {
      pipeline.updateRow(columns, row)
      pipeline.vector(unixMs(columns.knownAt[row] ?? 0), vector)
    }
  },
  { iterations: 10, time: 0, warmupIterations: 2, warmupTime: 0 },
)
