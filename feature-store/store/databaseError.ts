import { InvalidInputError, NotFoundError, TouchstoneError, UnavailableError } from '../../core/index.ts'

/** What a driver said about a failed statement. */
export type SqlFailure = {
  /** SQLSTATE, or Node's error code; empty when there is none. */
  readonly code: string
  readonly constraint: string | null
  readonly message: string
  readonly cause: unknown
}

/** Unwraps drizzle's error, whose own message repeats the whole statement and every parameter. */
export function sqlFailure(error: unknown): SqlFailure {
  let cause = error
  while (cause instanceof Error && cause.cause !== undefined && textField(cause, 'code') === null)
    cause = cause.cause
  return {
    code: textField(cause, 'code') ?? '',
    constraint: textField(cause, 'constraint'),
    message: cause instanceof Error ? cause.message : String(cause),
    cause,
  }
}

/**
 * Turns a driver's failure into an error for people; what is none of the known kinds comes back unwrapped.
 *
 * @param database Name of the database as a sentence's subject, without secrets.
 */
export function databaseError(error: unknown, database: string): unknown {
  if (error instanceof TouchstoneError) return error
  const { code, message, cause } = sqlFailure(error)
  const facts = { database, code, reason: message }
  if (code === '53100' || code === 'ENOSPC')
    return new UnavailableError(`${database} has no room left on its disk: ${message}.`, {
      facts,
      hint: 'Nothing of this write was kept. Free some room, or move finished history to another disk.',
      cause,
    })
  if (isUnreachable(code, message))
    return new UnavailableError(`${database} is unavailable: ${message || code}.`, {
      facts,
      hint: 'Check that the server runs and can be reached, then try again.',
      cause,
    })
  if (code.startsWith('28'))
    return new InvalidInputError(`${database} refused to log in: ${message}.`, {
      facts,
      hint: 'Check the user and the password in the database URL.',
      cause,
    })
  if (code === '3D000')
    return new NotFoundError(`${database} does not exist.`, {
      facts,
      hint: 'Create the database, or correct its name in the database URL.',
      cause,
    })
  if (code === '25006')
    return new UnavailableError(`${database} takes no writes: it is read-only.`, {
      facts,
      hint: 'Nothing was written. Name the primary in the database URL: a standby can only be read, by other programs.',
      cause,
    })
  if (code === '42501')
    return new InvalidInputError(`${database} refused permission: ${message}.`, {
      facts,
      hint: 'Give the user the right to create and write tables in this database.',
      cause,
    })
  // Class 22: a value that the column cannot hold, for example a text with a zero byte.
  if (code.startsWith('22'))
    return new InvalidInputError(`${database} cannot hold a value: ${message}.`, {
      facts,
      hint: 'Nothing was written; correct the value.',
      cause,
    })
  return cause
}

/** Whether a database refused what it was told, and may take something else: of that transaction nothing was kept. */
export function isRefused(error: unknown): boolean {
  const { code, message } = sqlFailure(error)
  return /^[0-9A-Z]{5}$/.test(code) && !isUnreachable(code, message)
}

const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  // A connection that was lost in the middle of a COPY.
  'ERR_STREAM_PREMATURE_CLOSE',
])

// node-postgres reports a lost connection without a code. The SQLSTATE classes: 08 connection, 40 transaction
// rolled back (serialisation, deadlock), 53 out of resources, 57P operator intervention, 58 system error.
const LOST_CONNECTION =
  /connection terminated|timeout exceeded when trying to connect|connection timeout|not queryable|connection error/i

function isUnreachable(code: string, message: string): boolean {
  return (
    NETWORK_CODES.has(code) ||
    /^(08|40|53|57P|58)/.test(code) ||
    (code === '55000' && /accepting connections/.test(message)) ||
    (code === '' && LOST_CONNECTION.test(message))
  )
}

function textField(value: unknown, field: 'code' | 'constraint'): string | null {
  if (value === null || typeof value !== 'object' || !(field in value)) return null
  const found: unknown = Reflect.get(value, field)
  return typeof found === 'string' ? found : null
}
