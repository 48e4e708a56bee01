import { type Address, InvalidInputError } from '../core/index.ts'

/**
 * Reads an address that a user gave, in whatever case.
 *
 * @param what What it is, for the message: the option's name, say.
 * @throws InvalidInputError when it is none.
 */
export function readAddress(
  text: string,
  what: string | null = null,
  hint = 'Write 0x and 40 hexadecimal digits.',
): Address {
  if (/^0x[0-9a-fA-F]{40}$/.test(text)) return `0x${text.slice(2).toLowerCase()}`
  throw new InvalidInputError(
    what === null ? `"${text}" is no address.` : `${what} is "${text}", which is no address.`,
    { facts: { text }, hint },
  )
}
