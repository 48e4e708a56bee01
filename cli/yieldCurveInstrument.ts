import { type Instrument, instrumentId } from '../core/index.ts'

/** The US Treasury yield curve, as the Federal Reserve's H.15 release publishes it. */
export const YIELD_CURVE: Instrument = {
  id: instrumentId('fred:H15'),
  kind: 'index',
  symbol: 'UST',
  decimals: 6,
  quote: 'USD',
}
