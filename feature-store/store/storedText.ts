import { InvalidInputError } from '../../core/index.ts'

/**
 * Checks a text that is sorted on. Bytes of UTF-8 sort as UTF-16 code units do, except where a character
 * takes two units; such a name would be replayed in another order here than in memory.
 *
 * @throws InvalidInputError
 */
export function assertSortable(what: string, text: string): void {
  if (/[\ud800-\udfff]/.test(text))
    throw new InvalidInputError(`The ${what} "${text}" holds a character beyond the basic plane.`, {
      facts: { what, text },
      hint: `Name the ${what} with letters, digits and punctuation.`,
    })
}
