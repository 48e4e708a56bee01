import { reasonOf } from './endpoint.ts'

/**
 * Errors of JSON-RPC that a repetition cannot cure: parse error, bad request, no such method, bad parameters, and a
 * call that the contract reverts.
 */
const PERMANENT_CODES = [-32_700, -32_600, -32_601, -32_602, 3]

const RANGE_ERROR =
  /range|too (?:many|large|big)|more than|max(?:imum)? (?:results|size|block)|response size|result (?:set|size)|limit(?:ed)? (?:exceed|to)|exceed|query timeout|10,?000/i
const UNKNOWN_BLOCK =
  /unknown block|block not found|header not found|header for hash|could not find block|not canonical/i

/** True when a node refuses a range of logs that a smaller range may cure. */
export function isRangeError(error: unknown): boolean {
  return !isRateLimit(error) && RANGE_ERROR.test(reasonOf(error))
}

/** True when a node no longer knows a block: a reorg replaced it. */
export function isUnknownBlock(error: unknown): boolean {
  return UNKNOWN_BLOCK.test(reasonOf(error))
}

/** True when a node is asked too often. */
export function isRateLimit(error: unknown): boolean {
  return (
    statusOf(error) === 429 ||
    /\brate\b|too many requests|request limit|per second|quota/i.test(reasonOf(error))
  )
}

/** True when the same request will be refused again. */
export function isPermanent(error: unknown): boolean {
  const code =
    error !== null && typeof error === 'object' && 'code' in error ? Number(error.code) : Number.NaN
  const status = statusOf(error)
  return PERMANENT_CODES.includes(code) || status === 401 || status === 403
}

function statusOf(error: unknown): number | null {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : null
}

/** How long a node asks to be left alone (RFC 9110, section 10.2.3: seconds); 0 where it says nothing. */
export function retryAfterMs(error: unknown): number {
  if (!(error instanceof Error) || !('headers' in error) || !(error.headers instanceof Headers)) return 0
  const seconds = Number(error.headers.get('retry-after') ?? '0')
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : 0
}
