import { InvalidInputError } from './errors.ts'

/** A value that has exactly one canonical text. */
export type Canonical =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Canonical[]
  | { readonly [key: string]: Canonical }

/**
 * Writes a value as JSON that is the same on every machine: keys sorted by code unit, no white space,
 * integers beyond a double as `{"$int":"…"}`. Numbers must be finite, since JSON has no text for others.
 * Hashes of records are taken over this text (compare RFC 8785, which has no big integers).
 *
 * @throws InvalidInputError on a number that is not finite, or a value that JSON cannot hold.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value)
    case 'bigint':
      return `{"$int":"${value}"}`
    case 'number':
      if (!Number.isFinite(value)) break
      return JSON.stringify(value)
    case 'object': {
      if (value === null) return 'null'
      if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
      const fields = value as Record<string, unknown>
      const keys = Object.keys(fields).filter(key => fields[key] !== undefined)
      return `{${keys
        .sort()
        .map(key => `${JSON.stringify(key)}:${canonicalJson(fields[key])}`)
        .join(',')}}`
    }
    default:
  }
  throw new InvalidInputError(`${String(value)} has no canonical JSON text.`, {
    facts: { type: typeof value },
    hint: 'Use null for a missing number, and plain data only.',
  })
}

/** Reads what `canonicalJson` wrote, with its integers. */
export function parseCanonicalJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => {
    if (value !== null && typeof value === 'object' && '$int' in value && Object.keys(value).length === 1)
      return BigInt(String(value.$int))
    return value
  })
}
