import type { RawData } from 'ws'
import { z } from 'zod'
import { type Subscribe, subscribeSchema } from './feedProtocol.ts'

/** A subscription, or what is wrong with the message. */
export function parseSubscribe(data: RawData, isBinary: boolean): Subscribe | string {
  if (isBinary) return 'The message is binary; the feed takes JSON text.'
  let json: unknown
  try {
    json = JSON.parse(String(data))
  } catch {
    return 'The message is not JSON.'
  }
  const checked = subscribeSchema.safeParse(json)
  if (!checked.success) return `The message is no subscription: ${z.prettifyError(checked.error)}`
  const { from, proofFrom = from, orphanedFrom, revealedFrom } = checked.data
  if (proofFrom !== undefined && (from === undefined || proofFrom > from))
    return 'The message is no subscription: proofFrom needs from, and may not be above it.'
  if (orphanedFrom !== undefined && (proofFrom === undefined || orphanedFrom > proofFrom))
    return 'The message is no subscription: orphanedFrom needs from, and may not be above it or proofFrom.'
  if (revealedFrom !== undefined && (from === undefined || revealedFrom > from))
    return 'The message is no subscription: revealedFrom needs from, and may not be above it.'
  return checked.data
}
