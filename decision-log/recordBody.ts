import {
  canonicalJson,
  type DecisionRecord,
  IntegrityError,
  InvalidInputError,
  parseCanonicalJson,
} from '../core/index.ts'
import { plainRecord } from './plainRecord.ts'
import { checkRecord, firstFault } from './recordSchema.ts'

/**
 * Writes a record as the text that is stored and published: canonical JSON.
 *
 * @throws InvalidInputError when a field has a form that the record's hash could not bind.
 */
export function encodeBody(record: DecisionRecord): string {
  const plain = plainRecord(record)
  if (plain !== null) return canonicalJson(plain)
  const checked = checkRecord(record)
  if (!checked.success) {
    const { field, fault } = firstFault(checked.error)
    throw new InvalidInputError(`The decision cannot be recorded: its field "${field}" ${fault}.`, {
      facts: { field, fault, agent: String(record.agent), sequence: record.sequence },
      hint: 'Correct the agent, feature or strategy that made this field.',
    })
  }
  return canonicalJson(checked.data)
}

/**
 * Reads what `encodeBody` wrote, and nothing else: each record has exactly one text.
 *
 * @throws IntegrityError when the text is no record, or not its canonical text.
 */
export function parseBody(text: string): DecisionRecord {
  const checked = checkRecord(parseJson(text))
  if (!checked.success) {
    const { field, fault } = firstFault(checked.error)
    throw unreadable(`its field "${field}" ${fault}`, { field, fault })
  }
  if (canonicalJson(checked.data) !== text) throw unreadable('its text is not canonical', {})
  return checked.data
}

function parseJson(text: string): unknown {
  try {
    return parseCanonicalJson(text)
  } catch {
    throw unreadable('it is no JSON', { length: text.length })
  }
}

function unreadable(fault: string, facts: Readonly<Record<string, string | number>>): IntegrityError {
  return new IntegrityError(`The decision's body cannot be read: ${fault}.`, {
    facts,
    hint: 'The stored text was changed after it was signed; restore it from a backup or from the feed.',
  })
}
