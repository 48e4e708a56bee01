import { keccak256, stringToBytes } from 'viem'
import { type Hash, type Hex, InvalidInputError } from '../../core/index.ts'
import type { EventArguments } from './eventArguments.ts'

/** The part of a log that a decoder reads: hexadecimal with `0x`, in either case. */
export type EncodedEvent = { readonly topics: readonly string[]; readonly data: string }

/** Reads one event, and refuses every log that is not exactly of its form. */
export type EventDecoder<Signature extends string> = {
  readonly name: string
  /** Name and types only, as they are hashed: `Transfer(address,address,uint256)`. */
  readonly canonicalSignature: string
  readonly topic0: Hash
  /** Topics of a log of this event, topic0 included. */
  readonly topicCount: number
  /** Bytes of data of a log of this event. */
  readonly dataBytes: number
  /**
   * The arguments by name, or null when topic0, the number of topics, the data's length or a word's padding
   * is not this event's. An ERC-721 `Transfer` has ERC-20's topic0 but four topics: it is refused.
   */
  decode(log: EncodedEvent): EventArguments<Signature> | null
}

/** Reads the 64 digits that start at an offset; undefined when they are no value of the type. */
type WordReader = (text: string, start: number) => StaticWord | undefined
type StaticWord = string | number | bigint | boolean

type Parameter = { readonly type: string; readonly indexed: boolean; readonly name: string }

const WORD_DIGITS = 64
const ZEROS = '0'.repeat(WORD_DIGITS)
const ONES = 'f'.repeat(WORD_DIGITS)
/** Up to here an integer fits a double exactly; viem, too, decodes wider ones to bigint. */
const NUMBER_BITS = 48

const SIGNATURE = /^\s*(?:event\s+)?([A-Za-z_$][\w$]*)\s*\(([^()]*)\)\s*;?\s*$/
const PARAMETER = /^(\S+)\s+(indexed\s+)?([A-Za-z_$][\w$]*)$/

/**
 * Compiles an exact event signature once, so that decoding a log parses no ABI and hashes nothing.
 *
 * Static types only: `uintN`, `intN`, `address`, `bool`, `bytes32`.
 *
 * @example compileEventDecoder('Transfer(address indexed from,address indexed to,uint256 value)')
 * @throws InvalidInputError when the signature cannot be parsed, or has a dynamic type.
 */
export function compileEventDecoder<const Signature extends string>(
  signature: Signature,
): EventDecoder<Signature> {
  const { name, parameters } = parseSignature(signature)
  const canonicalSignature = `${name}(${parameters.map(parameter => parameter.type).join(',')})`
  const topic0 = keccak256(stringToBytes(canonicalSignature))
  const indexed = parameters.filter(parameter => parameter.indexed)
  const topicCount = 1 + indexed.length
  const words = parameters.length - indexed.length
  const dataLength = 2 + words * WORD_DIGITS

  // One flat plan: where each argument stands, in the signature's order.
  let topic = 0
  let word = 0
  const plan = parameters.map(parameter => ({
    name: parameter.name,
    read: wordReader(parameter.type, signature),
    topic: parameter.indexed ? ++topic : 0,
    start: parameter.indexed ? 2 : 2 + WORD_DIGITS * word++,
  }))

  return {
    name,
    canonicalSignature,
    topic0,
    topicCount,
    dataBytes: words * (WORD_DIGITS / 2),
    decode(log) {
      const { topics } = log
      if (topics.length !== topicCount || log.data.length !== dataLength) return null
      if (topics[0] !== topic0 && topics[0]?.toLowerCase() !== topic0) return null
      const data = log.data.toLowerCase()
      const values: Record<string, StaticWord> = {}
      for (const step of plan) {
        const source = step.topic === 0 ? data : topics[step.topic]?.toLowerCase()
        if (source === undefined || (step.topic !== 0 && source.length !== 2 + WORD_DIGITS)) return null
        const value = step.read(source, step.start)
        if (value === undefined) return null
        values[step.name] = value
      }
      // The plan was made from the same signature that the type was read from.
      return values as EventArguments<Signature>
    },
  }
}

function parseSignature(signature: string): { name: string; parameters: Parameter[] } {
  const match = SIGNATURE.exec(signature)
  const [, name, list] = match ?? []
  if (name === undefined || list === undefined) throw badSignature(signature, 'it is not Name(type name,…)')
  const parameters = (list.trim() === '' ? [] : list.split(',')).map(text => {
    const [, type, indexed, argument] = PARAMETER.exec(text.trim()) ?? []
    if (type === undefined || argument === undefined)
      throw badSignature(signature, `"${text.trim()}" is not "type [indexed] name"`)
    return { type, indexed: indexed !== undefined, name: argument }
  })
  if (new Set(parameters.map(parameter => parameter.name)).size !== parameters.length)
    throw badSignature(signature, 'two arguments have one name')
  if (parameters.filter(parameter => parameter.indexed).length > 3)
    throw badSignature(signature, 'more than three arguments are indexed')
  return { name, parameters }
}

function wordReader(type: string, signature: string): WordReader {
  if (type === 'address') return readAddress
  if (type === 'bytes32') return readBytes32
  if (type === 'bool') return readBool
  const [, sign, width] = /^(u?)int(\d+)$/.exec(type) ?? []
  const bits = Number(width)
  if (width === undefined || width.startsWith('0') || bits > 256 || bits % 8 !== 0)
    throw badSignature(
      signature,
      `type "${type}" is not supported (uint8 to uint256, int8 to int256, address, bool, bytes32 are)`,
    )
  return sign === 'u' ? unsignedReader(bits) : signedReader(bits)
}

const ADDRESS_PADDING = ZEROS.slice(0, 24)

function readAddress(text: string, start: number): Hex | undefined {
  return text.startsWith(ADDRESS_PADDING, start)
    ? `0x${text.slice(start + 24, start + WORD_DIGITS)}`
    : undefined
}

function readBytes32(text: string, start: number): Hex {
  return `0x${text.slice(start, start + WORD_DIGITS)}`
}

const BOOL_PADDING = ZEROS.slice(0, WORD_DIGITS - 1)

function readBool(text: string, start: number): boolean | undefined {
  if (!text.startsWith(BOOL_PADDING, start)) return undefined
  const last = text[start + WORD_DIGITS - 1]
  return last === '1' ? true : last === '0' ? false : undefined
}

function unsignedReader(bits: number): WordReader {
  const skip = WORD_DIGITS - bits / 4
  const padding = ZEROS.slice(0, skip)
  const small = bits <= NUMBER_BITS
  return (text, start) => {
    if (!text.startsWith(padding, start)) return undefined
    const digits = text.slice(start + skip, start + WORD_DIGITS)
    return small ? Number.parseInt(digits, 16) : BigInt(`0x${digits}`)
  }
}

function signedReader(bits: number): WordReader {
  const skip = WORD_DIGITS - bits / 4
  const positive = ZEROS.slice(0, skip)
  const negative = ONES.slice(0, skip)
  const small = bits <= NUMBER_BITS
  const modulus = 2 ** bits
  const wideModulus = 1n << BigInt(bits)
  return (text, start) => {
    // '8' to 'f' as the first digit means the sign bit is set; the padding must repeat that bit.
    const isNegative = text.charCodeAt(start + skip) > 55
    if (!text.startsWith(isNegative ? negative : positive, start)) return undefined
    const digits = text.slice(start + skip, start + WORD_DIGITS)
    if (small) {
      const value = Number.parseInt(digits, 16)
      return isNegative ? value - modulus : value
    }
    const value = BigInt(`0x${digits}`)
    return isNegative ? value - wideModulus : value
  }
}

function badSignature(signature: string, problem: string): InvalidInputError {
  return new InvalidInputError(`The event signature "${signature}" cannot be compiled: ${problem}.`, {
    facts: { signature, problem },
    hint: 'Write static types with names, for example Transfer(address indexed from,address indexed to,uint256 value).',
  })
}
