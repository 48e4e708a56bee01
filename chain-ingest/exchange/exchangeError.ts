import { InvalidInputError, TouchstoneError, toError, UnavailableError } from '../../core/index.ts'
import { redactUrls } from '../sources/endpoint.ts'

/** Names of ccxt's errors that pass: `NetworkError` and what derives from it. */
const PASSING = new Set([
  'NetworkError',
  'RequestTimeout',
  'ExchangeNotAvailable',
  'OnMaintenance',
  'RateLimitExceeded',
  'DDoSProtection',
  'InvalidNonce',
  'ChecksumError',
  'ExchangeClosedByUser',
])

/** Wraps what ccxt threw, by whether it may pass; a URL in its text is cut to scheme and host. */
export function exchangeError(exchange: string, doing: string, thrown: unknown): TouchstoneError {
  if (thrown instanceof TouchstoneError) return thrown
  const error = toError(thrown)
  const reason = redactUrls(error.message.split('\n')[0] ?? '').slice(0, 300)
  const facts = { exchange, doing, reason }
  if (passes(error))
    return new UnavailableError(`${exchange} failed to answer ${doing}: ${reason}`, {
      facts,
      hint: 'Check that the exchange can be reached from here, or wait: it may limit or maintain.',
    })
  return new InvalidInputError(`${exchange} refused ${doing}: ${reason}`, {
    facts,
    hint: 'Check the symbol, the timeframe and the times that are asked for.',
  })
}

/** True when the same question may be answered later. */
function passes(error: Error): boolean {
  if (PASSING.has(error.name)) return true
  // What is no error of ccxt comes from below it: a refused connection, a broken answer.
  return error.name === 'Error' || error.name === 'TypeError' || error.name === 'SyntaxError'
}
