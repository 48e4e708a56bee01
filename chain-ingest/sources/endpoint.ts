import { InvalidInputError, UnavailableError } from '../../core/index.ts'

/** The schemes that a node can be reached by. */
const SCHEMES = ['http:', 'https:', 'ws:', 'wss:']

/**
 * Parses a node's URL.
 *
 * @throws InvalidInputError that does not repeat the text: it may hold a key.
 */
export function parseEndpoint(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed === null || !SCHEMES.includes(parsed.protocol))
    throw new InvalidInputError('The RPC URL is not an http, https, ws or wss URL.', {
      facts: { scheme: parsed === null ? null : parsed.protocol },
      hint: 'Write it as http://127.0.0.1:8545 or wss://host/path.',
    })
  return parsed
}

/** Scheme and host only: credentials, path and query may hold keys. */
export function describeEndpoint(url: URL): string {
  return `${url.protocol}//${url.host}`
}

/** Takes every URL out of a text that another library wrote, since it may hold a key. */
export function redactUrls(text: string): string {
  return text.replace(/\b(?:https?|wss?):\/\/[^\s"'<>]+/gi, match =>
    URL.canParse(match) ? describeEndpoint(new URL(match)) : '[url]',
  )
}

/** Wraps what a node's client threw, keeping what it says and dropping what may hold a key. */
export function unavailable(endpoint: string, doing: string, error: unknown): UnavailableError {
  if (error instanceof UnavailableError) return error
  const reason = redactUrls(reasonOf(error))
  return new UnavailableError(`The node at ${endpoint} failed to answer ${doing}: ${reason}`, {
    facts: { endpoint, doing, reason },
    hint: 'Check that the node runs and can be reached, or name another with --rpc.',
  })
}

/** What an error says in one line: viem's `details` where there are any. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error'
  const details = 'details' in error && typeof error.details === 'string' ? error.details : ''
  const short = 'shortMessage' in error && typeof error.shortMessage === 'string' ? error.shortMessage : ''
  const cause = error.cause instanceof Error ? error.cause.message : ''
  const text = details || cause || short || error.message
  return text.split('\n')[0] ?? ''
}
