/**
 * The words of a record of the array `plan`, which has one for each member of the population that still trains, in
 * the order in which they are worked on; numbers that are no integers lie there as their binary32 bits.
 */
export const RECORD = {
  /** Place of the member's parameters, activations and so on. */
  member: 0,
  /** Where its rows begin in the array `order`, and how many they are. */
  rowsAt: 1,
  rows: 2,
  learningRate: 3,
  l2: 4,
  targetCentre: 5,
  targetScale: 6,
  /** Where its losses begin, one for each batch and workgroup. */
  lossesAt: 7,
  /** Where in the plan lie its `STEP_WORDS` for each batch. */
  stepsAt: 8,
} as const

export const RECORD_WORDS = 12

/** Words of what a step of Adam needs beside the record: 1/(1 − β₁ᵗ), 1/(1 − β₂ᵗ), what the gradient is multiplied by. */
export const STEP_WORDS = 4

/** The declaration of `enter(z)`, which sets `member`, the member that is z-th in the plan. */
export const ENTER = `
var<private> member: u32;
var<private> record: u32;
fn enter(z: u32) {
  record = z * ${RECORD_WORDS}u;
  member = plan[record];
}
`

/** A word of the record, as an integer or a number. */
export function word(name: keyof typeof RECORD): string {
  return `plan[record + ${RECORD[name]}u]`
}

export function float(name: keyof typeof RECORD): string {
  return `bitcast<f32>(${word(name)})`
}
