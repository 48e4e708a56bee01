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
  let text = '{'
  for (const { key, label } of sortedFields(Object.keys(fields))) {
    const value = fields[key]
    if (value === undefined) continue
    text += `${text.length === 1 ? '' : ','}${label}${canonicalJson(value)}`
  }
  return `${text}}`
}

/** A key, and how its text begins. */
type Field = { readonly key: string; readonly label: string }
type Shape = { readonly keys: readonly string[]; readonly sorted: readonly Field[] }

/** Objects have few shapes, again and again: each is sorted once. By the number of keys. */
const MAX_KEYS = 32
const shapes: readonly Shape[][] = Array.from({ length: MAX_KEYS + 1 }, () => [])
/** A search through more costs as much as sorting. */
const MAX_SHAPES = 16

function sortedFields(keys: readonly string[]): readonly Field[] {
  const known = shapes[keys.length]
  if (known !== undefined) for (const shape of known) if (isSame(shape.keys, keys)) return shape.sorted
  const sorted = [...keys].sort().map(key => ({ key, label: `${JSON.stringify(key)}:` }))
  if (known !== undefined && known.length < MAX_SHAPES) known.push({ keys, sorted })
  return sorted
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false
  return true
}

/** Printable ASCII without quote and backslash: what JSON writes as it is. */
const PLAIN = /^[ !#-[\]-~]*$/

const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text))

/**
 * Reads what `canonicalJson` wrote, with its integers.
 *
 * @throws SyntaxError when the text is no JSON, or one of its integers is none.
 */
export function parseCanonicalJson(text: string): unknown {
  return withIntegers(JSON.parse(text))
}

/** Puts integers in their places. Not as a reviver of `JSON.parse`, with which it takes three times as long. */
function withIntegers(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  const fields = value as Record<string, unknown>
  let count = 0
  for (const key in fields) {
    count++
    const field = fields[key]
    if (field !== null && typeof field === 'object') fields[key] = withIntegers(field)
  }
  return count === 1 && '$int' in fields && !Array.isArray(value) ? BigInt(String(fields['$int'])) : value
}
