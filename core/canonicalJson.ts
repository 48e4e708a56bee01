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
      return quoted(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'bigint':
      return `{"$int":"${value}"}`
    case 'number':
      if (!Number.isFinite(value)) break
      return Object.is(value, -0) ? '0' : String(value)
    case 'object': {
      if (value === null) return 'null'
      if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
      return writeFields(value as Record<string, unknown>)
    }
    default:
  }
  throw new InvalidInputError(`${String(value)} has no canonical JSON text.`, {
    facts: { type: typeof value },
    hint: 'Use null for a missing number, and plain data only.',
  })
}

function writeFields(fields: Record<string, unknown>): string {
  const keys = sorted(Object.keys(fields))
  let text = '{'
  for (const key of keys) {
    const value = fields[key]
    if (value === undefined) continue
    text += `${text.length === 1 ? '' : ','}${keyText(key)}${canonicalJson(value)}`
  }
  return `${text}}`
}

/** Objects have few shapes, again and again: each is sorted once. */
const sortedShapes = new Map<string, readonly string[]>()
const MAX_SHAPES = 4_096

function sorted(keys: readonly string[]): readonly string[] {
  // A separator that no key of ours holds; a key that does is still sorted right, by itself.
  const shape = keys.join('\n')
  const known = sortedShapes.get(shape)
  if (known !== undefined && known.length === keys.length) return known
  const fresh = [...keys].sort()
  if (sortedShapes.size < MAX_SHAPES && !keys.some(key => key.includes('\n'))) sortedShapes.set(shape, fresh)
  return fresh
}

/** Keys come from few types, again and again. */
const keyTexts = new Map<string, string>()
const MAX_KEY_TEXTS = 4_096

function keyText(key: string): string {
  const known = keyTexts.get(key)
  if (known !== undefined) return known
  const text = `${JSON.stringify(key)}:`
  if (keyTexts.size < MAX_KEY_TEXTS) keyTexts.set(key, text)
  return text
}

/** Printable ASCII without quote and backslash: what JSON writes as it is. */
const PLAIN = /^[ !#-[\]-~]*$/

const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text))

/** Reads what `canonicalJson` wrote, with its integers. */
export function parseCanonicalJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => {
    if (value !== null && typeof value === 'object' && '$int' in value && Object.keys(value).length === 1)
      return BigInt(String(value.$int))
    return value
  })
}
