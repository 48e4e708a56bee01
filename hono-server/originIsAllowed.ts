import type { IncomingMessage } from 'node:http'

/** True for a program (no origin), a page of this server, and a web origin that the operator allows. */
export function originIsAllowed(request: IncomingMessage, allowed: readonly string[] | '*'): boolean {
  const { origin, host } = request.headers
  if (origin === undefined || allowed === '*' || allowed.includes(origin)) return true
  return URL.canParse(origin) && new URL(origin).host === host
}
