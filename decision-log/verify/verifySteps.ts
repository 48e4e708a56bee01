/** What is checked, in this order: the envelope of what was sealed, body and leaf of what is open. */
export const VERIFY_STEPS = ['envelope', 'body', 'leaf', 'signature', 'log', 'proof', 'commit'] as const
export type VerifyStep = (typeof VERIFY_STEPS)[number]

/** What a step found. `skipped`: an earlier step left nothing to check, or there is no proof yet. */
export type StepVerdict =
  | { readonly step: VerifyStep; readonly result: 'equal' | 'skipped' }
  | {
      readonly step: VerifyStep
      readonly result: 'different'
      /** What differs. */
      readonly what: string
      readonly expected: string | number
      readonly found: string | number
    }

/** The steps of a decision whose body is open from the start. */
export const OPEN_STEPS = VERIFY_STEPS.filter(step => step !== 'envelope')
/** The steps of one whose body is kept back. */
export const SEALED_STEPS = VERIFY_STEPS.filter(step => step !== 'body' && step !== 'leaf')

/** What differs, and how. */
export type Difference = {
  readonly what: string
  readonly expected: string | number
  readonly found: string | number
}
/** Null where nothing differs. */
export type Found = Difference | null

/** Says what differs. */
export const different = (what: string, expected: string | number, found: string | number): Difference => ({
  what,
  expected,
  found,
})

/** Compares one value with what it must be. */
export function compare(what: string, expected: string | number, found: string | number): Found {
  return expected === found ? null : different(what, expected, found)
}

/** Tells a difference from what is compared. */
export const isDifference = (value: unknown): value is Difference =>
  typeof value === 'object' && value !== null && 'what' in value

/** What a step found; undefined where nothing was left to check. */
export function verdictOf(step: VerifyStep, found: Found | undefined): StepVerdict {
  if (found === undefined) return { step, result: 'skipped' }
  return found === null ? { step, result: 'equal' } : { step, result: 'different', ...found }
}
