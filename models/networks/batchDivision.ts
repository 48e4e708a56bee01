// Parts of every result: with another number of either, the same training gives other last digits.

/** Rows that go through a network together; each such micro-batch sums its gradient in one order. */
export const MICRO_ROWS = 32

/**
 * Sums of gradients that a batch is cut into: micro-batch i adds to slot i mod `SLOTS`, and the slots are added in
 * their order. So no sum depends on who computes it, and up to so many threads share a batch.
 */
export const SLOTS = 16
