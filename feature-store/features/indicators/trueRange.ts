import type { BarPrices } from './barPrices.ts'

/** True range of a bar after another: the greatest of high − low, |high − close before|, |low − close before|. */
export const trueRange = ({ high, low }: BarPrices, closeBefore: number): number =>
  Math.max(high - low, Math.abs(closeBefore - high), Math.abs(closeBefore - low))
