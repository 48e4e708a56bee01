import {
  type AbiEvent,
  type AbiParameter,
  BaseError,
  decodeAbiParameters,
  encodeAbiParameters,
  parseAbiItem,
  toEventSelector,
  toEventSignature,
} from 'viem'
import { type Canonical, type Hash, type Hex, InvalidInputError } from '../../core/index.ts'
import { compileEventDecoder, type EncodedEvent } from './compileEventDecoder.ts'

/** Reads an event that a configuration names. */
export type ContractEventDecoder = {
  /** Its name; of events that share one, the canonical signature, which tells them apart. */
  readonly name: string
  /** As it is hashed: name and types only. */
  readonly canonicalSignature: string
  /** Topics of a log of this event, topic0 included. */
  readonly topicCount: number
  /** The arguments by name, or null when the log is not exactly of the event's form. */
  readonly decode: (log: EncodedEvent) => Readonly<Record<string, Canonical>> | null
}

/**
 * Compiles event signatures, by topic0. Static types are read by a compiled plan, dynamic ones (`string`, `bytes`,
 * arrays, tuples) through the ABI. Addresses and bytes are lower-case; integers up to 48 bits are numbers, wider
 * ones bigints; an indexed value of a dynamic type is its hash.
 *
 * @throws InvalidInputError naming the first signature that cannot be read, or that another one repeats.
 */
export function compileContractEvents(
  signatures: readonly string[],
): ReadonlyMap<string, readonly ContractEventDecoder[]> {
  if (signatures.length === 0)
    throw new InvalidInputError('No event is named to read.', {
      hint: 'Give `events` at least one signature, such as "Transfer(address indexed from, address indexed to, uint256 value)".',
    })
  const decoders = new Map<string, ContractEventDecoder[]>()
  const seen = new Map<string, number>()
  const events = signatures.map(parseEvent)
  for (const [index, event] of events.entries()) {
    const signature = signatures[index] ?? ''
    const topic0 = toEventSelector(event)
    const indexed = event.inputs.filter(input => input.indexed).length
    const form = `${topic0}/${indexed}`
    const earlier = seen.get(form)
    if (earlier !== undefined) throw badEvent(signature, index, `it is the same event as events[${earlier}]`)
    seen.set(form, index)
    const overloaded = events.some(other => other.name === event.name && toEventSelector(other) !== topic0)
    decoders.set(topic0, [...(decoders.get(topic0) ?? []), compile(event, topic0, overloaded)])
  }
  return decoders
}

function parseEvent(signature: string, index: number): AbiEvent {
  const text = signature.trim().replace(/;$/, '')
  let event: AbiEvent
  try {
    event = parseAbiItem(text.startsWith('event ') ? text : `event ${text}`) as AbiEvent
  } catch {
    throw badEvent(signature, index, 'it is no event as Solidity writes one')
  }
  const names = event.inputs.map(input => input.name ?? '')
  if (names.includes('')) throw badEvent(signature, index, 'one of its arguments has no name')
  if (new Set(names).size < names.length)
    throw badEvent(signature, index, 'two of its arguments have one name')
  const reserved = namesIn(event.inputs).find(name => RESERVED.includes(name))
  if (reserved !== undefined) throw badEvent(signature, index, `an argument cannot be named ${reserved}`)
  if (event.inputs.filter(input => input.indexed).length > 3)
    throw badEvent(signature, index, 'more than three arguments are indexed')
  return event
}

/** Names that an object or canonical JSON takes for something else. */
const RESERVED = ['__proto__', '$int']

const namesIn = (parameters: readonly AbiParameterLike[]): string[] =>
  parameters.flatMap(({ name = '', components = [] }) => [name, ...namesIn(components)])

function badEvent(signature: string, index: number, problem: string): InvalidInputError {
  return new InvalidInputError(`events[${index}], "${signature}", cannot be read: ${problem}.`, {
    facts: { signature, index, problem },
    hint: 'Write it with types and names, such as "Transfer(address indexed from, address indexed to, uint256 value)".',
  })
}

const STATIC = /^(?:address|bool|bytes32|u?int(?:[1-9]\d*)?)$/

function compile(event: AbiEvent, topic0: Hash, overloaded: boolean): ContractEventDecoder {
  const canonicalSignature = toEventSignature(event)
  const head = {
    name: overloaded ? canonicalSignature : event.name,
    canonicalSignature,
    topicCount: 1 + event.inputs.filter(({ indexed }) => indexed).length,
  }
  if (!event.inputs.every(({ type }) => STATIC.test(type)))
    return { ...head, decode: log => decodeDynamic(event, topic0, log) }
  const parameters = event.inputs.map(
    ({ type, indexed, name }) => `${wide(type)} ${indexed ? 'indexed ' : ''}${name}`,
  )
  const decoder = compileEventDecoder<string>(`${event.name}(${parameters.join(',')})`)
  return { ...head, decode: log => decoder.decode(log) as Record<string, Canonical> | null }
}

/** `uint` and `int` stand for their widest. */
const wide = (type: string): string => (/^u?int$/.test(type) ? `${type}256` : type)

function decodeDynamic(
  { inputs }: AbiEvent,
  topic0: Hash,
  log: EncodedEvent,
): Readonly<Record<string, Canonical>> | null {
  const indexed = inputs.filter(input => input.indexed)
  const plain = inputs.filter(input => !input.indexed)
  if (log.topics[0]?.toLowerCase() !== topic0 || log.topics.length !== 1 + indexed.length) return null
  try {
    // Of a dynamic value, a topic holds the hash.
    const words = indexed.map(({ name = '', type }) =>
      STATIC.test(type) || /^bytes\d+$/.test(type) ? { name, type } : { name, type: 'bytes32' },
    )
    const values = new Map<string, Canonical>()
    for (const [index, word] of words.entries())
      values.set(word.name, canonicalOf(decodeExactly([word], log.topics[index + 1] ?? '')[0], word))
    const data = decodeExactly(plain, log.data)
    for (const [index, input] of plain.entries())
      values.set(input.name ?? '', canonicalOf(data[index], input as AbiParameterLike))
    return Object.fromEntries(inputs.map(({ name = '' }) => [name, values.get(name) ?? null]))
  } catch (error) {
    if (error instanceof BaseError || error instanceof NotCanonical) return null
    throw error
  }
}

class NotCanonical extends Error {}

/** Refuses data that encodes the same values in another way, or more than them. */
function decodeExactly(parameters: readonly AbiParameter[], data: string): unknown[] {
  const hex = data.toLowerCase() as Hex
  const values = parameters.length === 0 ? [] : [...decodeAbiParameters(parameters, hex)]
  if (encodeAbiParameters(parameters, values) !== hex) throw new NotCanonical()
  return values
}

/** Addresses lower-case, as everywhere; viem gives them with a checksum. */
function canonicalOf(value: unknown, { type, components = [] }: AbiParameterLike): Canonical {
  const item = /^(.+)\[\d*\]$/.exec(type)?.[1]
  if (item !== undefined && Array.isArray(value))
    return value.map(one => canonicalOf(one, { type: item, components }))
  if (type === 'tuple' && typeof value === 'object' && value !== null)
    return Object.fromEntries(
      // A tuple with an unnamed field comes as a list.
      components.map((component, index) => {
        const key = component.name || String(index)
        return [key, canonicalOf((value as Record<string, unknown>)[key], component)]
      }),
    )
  switch (typeof value) {
    case 'string':
      return type === 'address' ? value.toLowerCase() : value
    case 'boolean':
    case 'number':
    case 'bigint':
      return value
    default:
      throw new TypeError(`An argument of type ${type} came as ${typeof value}.`)
  }
}

type AbiParameterLike = {
  readonly type: string
  readonly name?: string | undefined
  readonly components?: readonly AbiParameterLike[]
}
