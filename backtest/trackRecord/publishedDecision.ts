import { z } from 'zod'
import { type AgentId, type Hash, type Hex, InvalidInputError, unixMs } from '../../core/index.ts'
import type { PublishedSealed } from '../../decision-log/index.ts'

/** A decision as its publisher gives it out: its record and the agent's signature. Nothing of it is believed. */
export type PublishedDecision = {
  readonly agent: AgentId
  readonly sequence: number
  /** Canonical JSON of the record. */
  readonly body: string
  readonly signature: Hex
}

const hex = z.custom<Hex>(value => typeof value === 'string' && /^0x(?:[0-9a-f]{2})*$/i.test(value))
const hash = z.custom<Hash>(value => typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value))
const place = {
  agent: z.custom<AgentId>(value => typeof value === 'string' && /^0x[0-9a-f]{40}$/.test(value)),
  sequence: z.number().int().nonnegative(),
  signature: hex,
}
const decision = z.object({ ...place, body: z.string() })
const sealed = z.object({
  ...place,
  leaf: hash,
  revealAtMs: z.number().int().nonnegative().transform(unixMs),
  keyHash: hash,
  ciphertext: hex,
  envelopeSignature: hex,
})
const typed = z.object({ type: z.string() })

/**
 * Reads a line of a file of decisions (newline-delimited JSON): an object with `agent`, `sequence`, `body` and
 * `signature`, as the feed's messages `decision` and `revealed` are; or its message `sealed`, with `type`. Null for an
 * empty line and for the feed's other messages.
 *
 * @param number Of the line, for the error.
 * @throws InvalidInputError when it is none of them.
 */
export function parsePublished(line: string, number: number): PublishedDecision | PublishedSealed | null {
  if (line.trim() === '') return null
  const value = parseJson(line)
  const type = typed.safeParse(value).data?.type ?? 'decision'
  if (type !== 'decision' && type !== 'revealed' && type !== 'sealed') return null
  const parsed = (type === 'sealed' ? sealed : decision).safeParse(value)
  if (parsed.success) return parsed.data
  throw new InvalidInputError(`Line ${number} is no published decision.`, {
    facts: { line: number, field: parsed.error.issues[0]?.path.join('.') || 'the line' },
    hint: 'Give the decisions one on a line, as `touchstone export decisions` writes them and the feed sends them.',
  })
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
