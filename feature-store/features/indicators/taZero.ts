/** TA-Lib's bound below which a number counts as zero (`TA_EPSILON`). */
const TA_EPSILON = 1e-14

/** True for what TA-Lib takes for zero, and divides nothing by. */
export const isTaZero = (value: number): boolean => value > -TA_EPSILON && value < TA_EPSILON
