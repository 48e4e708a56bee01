import { exactLog } from '../../core/index.ts'
import { PROBABILITY_FLOOR } from '../metrics.ts'

/** Log loss of one forecast: −ln of the probability given to what happened, as `logLoss` takes its mean. */
export function forecastLoss(probability: number, outcome: number): number {
  const given = outcome === 1 ? probability : 1 - probability
  return -exactLog(Math.min(1 - PROBABILITY_FLOOR, Math.max(PROBABILITY_FLOOR, given)))
}
