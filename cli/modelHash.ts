import { type Hash, InvalidInputError } from '../core/index.ts'

/** Reads the hash of a model. */
export function modelHash(text: string): Hash {
  if (/^0x[0-9a-f]{64}$/.test(text)) return `0x${text.slice(2)}`
  throw new InvalidInputError(`"${text}" is no model hash.`, {
    facts: { text },
    hint: 'Give 0x and 64 hexadecimal digits, as `touchstone train` prints them.',
  })
}
