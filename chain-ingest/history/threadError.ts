import {
  type ErrorFacts,
  IntegrityError,
  InvalidInputError,
  LockedError,
  NotFoundError,
  TouchstoneError,
  toError,
  UnavailableError,
} from '../../core/index.ts'

/** An error on its way from one thread to another, which keeps no class. */
export type PackedError = {
  readonly name: string
  readonly message: string
  readonly facts: ErrorFacts
  /** Null of an error that is none of ours. */
  readonly hint: string | null
}

const CLASSES = { IntegrityError, InvalidInputError, LockedError, NotFoundError, UnavailableError }

/** Packs what was thrown. */
export function packError(thrown: unknown): PackedError {
  const error = toError(thrown)
  const { name, message } = error
  if (!(error instanceof TouchstoneError)) return { name, message, facts: {}, hint: null }
  return { name, message, facts: error.facts, hint: error.hint }
}

/** The error again, of its own class if it is one of ours. */
export function unpackError({ name, message, facts, hint }: PackedError): Error {
  const Class = Object.entries(CLASSES).find(([known]) => known === name)?.[1]
  if (Class !== undefined && hint !== null) return new Class(message, { facts, hint })
  return Object.assign(new Error(message), { name })
}
