import { defineFeature, type FeatureDefinition } from '../defineFeature.ts'
import { lastOnes } from '../usedEvents.ts'
import { fromE8 } from '../wholeUnits.ts'

/**
 * Quoted spread: 20,000 · (ask − bid) / (ask + bid) of the last bar's close. Null before the first bar.
 * Unit: basis points of the mid price. Source: Demsetz, "The Cost of Transacting", Quarterly Journal of
 * Economics 82 (1968).
 */
export const quotedSpread: FeatureDefinition = defineFeature({
  name: 'quoted_spread',
  version: 1,
  unit: 'basis points',
  description: 'Ask less bid at the last bar close, relative to the mid price',
  inputs: ['bar'],
  dependsOn: lastOnes(1),
  init: () => ({ bid: 0, ask: 0 }),
  update(state, { value }) {
    state.bid = fromE8(value.bid.close)
    state.ask = fromE8(value.ask.close)
  },
  updateRow(state, columns, row) {
    state.bid = (columns.bidCloseE8[row] ?? Number.NaN) / 1e8
    state.ask = (columns.askCloseE8[row] ?? Number.NaN) / 1e8
  },
  value: ({ bid, ask }) => (bid > 0 && ask > 0 ? (20_000 * (ask - bid)) / (ask + bid) : null),
})
