import type { z } from 'zod'
import { InvalidInputError, TouchstoneError } from '../../core/index.ts'

/**
 * Checks the form of a configuration.
 *
 * @throws InvalidInputError naming the file and the field.
 */
export function checkFields<T>(schema: z.ZodType<T>, value: unknown, file: string): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const { path, message } = worstOf(parsed.error.issues)
  const field = pathText(path)
  throw new InvalidInputError(`${file}: ${field || 'the default export'}: ${message}`, {
    facts: { file, field },
    hint: 'Correct the field; docs/config.md describes each.',
  })
}

type Issue = z.core.$ZodIssue
type FieldIssue = { readonly path: readonly PropertyKey[]; readonly message: string }

/** What to tell first: a misspelt field, since it is why another is missing. */
function worstOf(issues: readonly Issue[]): FieldIssue {
  const [first] = issues
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? first
  if (issue === undefined) return { path: [], message: 'is malformed' }
  switch (issue.code) {
    case 'unrecognized_keys':
      return { path: [...issue.path, ...issue.keys.slice(0, 1)], message: 'there is no such field' }
    case 'invalid_type':
      return issue.input === undefined && / received undefined$/.test(issue.message)
        ? { path: issue.path, message: 'is missing' }
        : { path: issue.path, message: withoutPrefix(issue.message) }
    case 'invalid_key':
    case 'invalid_union': {
      // Of the ways to write a field, the one that came furthest is what was meant.
      const ways = issue.code === 'invalid_key' ? [issue.issues] : issue.errors
      const nested = ways.flat().toSorted((a, b) => b.path.length - a.path.length)[0]
      return nested === undefined
        ? { path: issue.path, message: withoutPrefix(issue.message) }
        : { path: [...issue.path, ...nested.path], message: withoutPrefix(nested.message) }
    }
    default:
      return { path: issue.path, message: withoutPrefix(issue.message) }
  }
}

const withoutPrefix = (message: string): string => message.replace(/^Invalid (?:input|option): /, '')

/**
 * Does something for a field of the configuration, so that its error names the field.
 *
 * @throws What the work throws, with the field before its message.
 */
export async function forField<T>(field: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof TouchstoneError)) throw error
    const Same = error.constructor as new (
      message: string,
      details: { facts: TouchstoneError['facts']; hint: string; cause: unknown },
    ) => TouchstoneError
    throw new Same(`${field}: ${error.message}`, {
      facts: { ...error.facts, field },
      hint: error.hint,
      cause: error,
    })
  }
}

/** `['chains', 'plume', 'contracts', 0]` as `chains.plume.contracts[0]`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) =>
      typeof key === 'number' ? `[${key}]` : index === 0 ? String(key) : `.${String(key)}`,
    )
    .join('')
}
