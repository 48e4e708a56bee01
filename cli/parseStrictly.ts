import type { z } from 'zod'
import { InvalidInputError, toError } from '../core/index.ts'

/** Reads a JSON file against a schema; an error names the file and the field. */
export function parseStrictly<T>(schema: z.ZodType<T>, text: string, file: string): T {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new InvalidInputError(`${file} is not JSON: ${toError(error).message}`, {
      facts: { file },
      hint: 'Restore the file, or remove it to start again.',
      cause: error,
    })
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new InvalidInputError(
    `${file}: ${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'is malformed'}`,
    {
      facts: { file },
      hint: 'Correct the field, or restore the file.',
    },
  )
}
