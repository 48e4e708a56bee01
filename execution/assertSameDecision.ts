import {
  canonicalJson,
  type Decision,
  decisionId,
  type Hash,
  IntegrityError,
  parseCanonicalJson,
  type RecordedDecision,
} from '../core/index.ts'

/**
 * Checks that a decision made again is, byte for byte, the one that was recorded. The salt and
 * the time of publication are the record's own: they say nothing about the decision.
 *
 * @throws IntegrityError naming the decision and the first field that differs.
 */
export function assertSameDecision(decision: Decision, dataRoot: Hash, recorded: RecordedDecision): void {
  const stored = parseCanonicalJson(recorded.body)
  const { revealAtMs = null, salt = null } = isFields(stored) ? stored : {}
  const remade = { ...decision, dataRoot, revealAtMs, salt }
  if (canonicalJson(remade) === recorded.body) return
  const field = firstDifference(stored, remade) ?? 'body'
  throw new IntegrityError(
    `Decision ${decision.sequence} of agent ${decision.agent} differs from its record in ${field}.`,
    {
      facts: {
        decision: decisionId(decision.agent, decision.sequence),
        sequence: decision.sequence,
        field,
        recorded: textAt(stored, field),
        remade: textAt(remade, field),
      },
      hint: 'The observations, the model or the agent’s code changed since: run `touchstone audit`. It will not trade.',
    },
  )
}

function firstDifference(recorded: unknown, remade: unknown, path = ''): string | null {
  if (!isFields(recorded) || !isFields(remade))
    return canonicalJson(recorded ?? null) === canonicalJson(remade ?? null) ? null : path
  // The cause before its consequences: other data explains every other difference.
  const keys = [...new Set(['dataRoot', ...Object.keys(recorded), ...Object.keys(remade)])]
  for (const key of keys) {
    const found = firstDifference(recorded[key], remade[key], path === '' ? key : `${path}.${key}`)
    if (found !== null) return found
  }
  return null
}

function textAt(value: unknown, path: string): string {
  let found = value
  for (const key of path.split('.')) found = isFields(found) ? found[key] : undefined
  return found === undefined ? 'nothing' : canonicalJson(found)
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
