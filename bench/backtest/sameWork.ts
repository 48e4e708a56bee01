import type { SmaRun } from './smaTask.ts'

/** Relative difference of final equity that rounding to 10⁻⁸ at each fill may make. */
const MOST_APART = 1e-9

/** Relative difference of two runs' final equity. */
export const apart = (
  { finalEquityE8 }: Pick<SmaRun, 'finalEquityE8'>,
  bare: Pick<SmaRun, 'finalEquityE8'>,
): number => Math.abs(finalEquityE8 / bare.finalEquityE8 - 1)

/** Whether two runs made as many trades, and equity that only rounding tells apart. */
export const isSameWork = (
  ours: Pick<SmaRun, 'trades' | 'finalEquityE8'>,
  bare: Pick<SmaRun, 'trades' | 'finalEquityE8'>,
): boolean => ours.trades === bare.trades && apart(ours, bare) <= MOST_APART
