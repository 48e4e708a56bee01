/** What an error knows beside its message. Never put a secret here: facts are printed and logged. */
export type ErrorFacts = Readonly<Record<string, string | number | bigint | boolean | null>>

export type ErrorDetails = {
  /** The facts that the message names, as fields. */
  readonly facts?: ErrorFacts
  /** What the reader can do about it, as one sentence. */
  readonly hint: string
  /** The lower-level error, if any. */
  readonly cause?: unknown
}

/**
 * The base of every error that a user may see: a message that names the fact, the fact as fields, a hint
 * that names the remedy, and whether the same call may succeed later.
 */
export abstract class TouchstoneError extends Error {
  readonly facts: ErrorFacts
  readonly hint: string
  /** True when the same call may succeed later without a change. */
  abstract readonly retryable: boolean
  /** Process exit status that the command line ends with. */
  abstract readonly exitCode: number

  constructor(message: string, { facts = {}, hint, cause }: ErrorDetails) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = new.target.name
    this.facts = facts
    this.hint = hint
  }
}

/** Something given by the user is wrong; nothing was written. */
export class InvalidInputError extends TouchstoneError {
  override readonly retryable = false
  override readonly exitCode = 2
}

/** Something named does not exist. */
export class NotFoundError extends TouchstoneError {
  override readonly retryable = false
  override readonly exitCode = 2
}

/** A node, database or server could not be reached, or failed in a way that may pass. */
export class UnavailableError extends TouchstoneError {
  override readonly retryable = true
  override readonly exitCode = 3
}

/** Another process owns what this one needs. */
export class LockedError extends TouchstoneError {
  override readonly retryable = true
  override readonly exitCode = 4
}

/** Another host works for an agent: this one must record, anchor and trade for it no more. */
export class TakenOverError extends TouchstoneError {
  override readonly retryable = false
  override readonly exitCode = 4
}

/** Data or code does not match what was recorded; going on would make the record false. */
export class IntegrityError extends TouchstoneError {
  override readonly retryable = false
  override readonly exitCode = 1
}

/** What was thrown, as an Error: JavaScript may throw anything. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
