/** Blocks that must follow one before agents see it: reorgs of one or two blocks happen, deeper ones are rare. */
export const DEFAULT_CONFIRMATIONS = 2
