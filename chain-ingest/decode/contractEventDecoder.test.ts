import fc from 'fast-check'
import {
  type AbiEvent,
  type AbiParameter,
  decodeEventLog,
  encodeAbiParameters,
  encodeEventTopics,
  type Hex,
  parseAbiItem,
  toEventSelector,
} from 'viem'
import { describe, expect, test } from 'vitest'
import { canonicalJson, InvalidInputError } from '../../core/index.ts'
import type { EncodedEvent } from './compileEventDecoder.ts'
import { compileContractEvents } from './contractEventDecoder.ts'

const STATIC = [
  'Supply(address indexed reserve, address user, address indexed onBehalfOf, uint256 amount, uint16 indexed referralCode)',
  'Nothing()',
  'Aliases(uint indexed a, int b, uint8 c, bool d, bytes32 e)',
]
const DYNAMIC = [
  'Noted(address indexed author, string indexed subject, string text, bytes4 tag)',
  'Settled(uint64 indexed id, (address token, uint256 amount)[] legs, uint128[2] bounds, bytes proof)',
  'Nested((bool on, (int24 tick, bytes32[] roots) inner) order, string[] names, bytes4 indexed kind, bytes indexed ids)',
  'Short(bytes4 indexed a, bytes16 b)',
]

const eventOf = (signature: string) => parseAbiItem(`event ${signature}`) as AbiEvent

function arbitraryOf({ type, ...rest }: AbiParameter): fc.Arbitrary<unknown> {
  const components = 'components' in rest ? (rest.components as readonly AbiParameter[]) : []
  const [, item, length] = /^(.+)\[(\d*)\]$/.exec(type) ?? []
  if (item !== undefined) {
    const bounds = length === '' ? { maxLength: 4 } : { minLength: Number(length), maxLength: Number(length) }
    return fc.array(arbitraryOf({ type: item, components } as AbiParameter), bounds)
  }
  if (type === 'tuple')
    return fc.record(Object.fromEntries(components.map(one => [one.name ?? '', arbitraryOf(one)])))
  if (type === 'bool') return fc.boolean()
  if (type === 'string') return fc.string({ unit: 'binary', maxLength: 40 })
  if (type === 'address') return hex(20, 20)
  if (type === 'bytes') return hex(0, 70)
  if (type.startsWith('bytes')) return hex(Number(type.slice(5)), Number(type.slice(5)))
  const [, signed, width] = /^(u?)int(\d*)$/.exec(type) ?? []
  const bits = BigInt(width === '' ? 256 : (width ?? 256))
  const [min, max] =
    signed === 'u' ? [0n, (1n << bits) - 1n] : [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n]
  const value = fc.oneof(fc.constantFrom(min, max, 0n), fc.bigInt({ min, max }))
  return bits <= 48n ? value.map(Number) : value
}

const hex = (minLength: number, maxLength: number) =>
  fc.uint8Array({ minLength, maxLength }).map(bytes => `0x${Buffer.from(bytes).toString('hex')}`)

function encode(event: AbiEvent, values: readonly unknown[]): { topics: Hex[]; data: Hex } {
  const args = Object.fromEntries(event.inputs.map((input, index) => [input.name, values[index]]))
  const plain = event.inputs.filter(input => !input.indexed)
  return {
    topics: encodeEventTopics({ abi: [event], args } as never) as Hex[],
    data: encodeAbiParameters(plain, plain.map(input => args[input.name ?? '']) as never),
  }
}

/** viem writes addresses with a checksum. */
const lowerAddresses = (value: unknown): unknown =>
  typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value)
    ? value.toLowerCase()
    : Array.isArray(value)
      ? value.map(lowerAddresses)
      : value !== null && typeof value === 'object'
        ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, lowerAddresses(one)]))
        : value

const decode = (signatures: readonly string[], log: EncodedEvent) => {
  const decoders = compileContractEvents(signatures)
  for (const { name, decode: read } of decoders.get(log.topics[0]?.toLowerCase() ?? '') ?? []) {
    const args = read(log)
    if (args !== null) return { name, args }
  }
  return null
}

describe.each([...STATIC, ...DYNAMIC])('%s', signature => {
  const event = eventOf(signature)
  const values = fc.tuple(...event.inputs.map(arbitraryOf))

  test('is read as viem reads it, in either case of its digits', () => {
    fc.assert(
      fc.property(values, given => {
        const log = encode(event, given)
        const { args = {} } = decodeEventLog({ abi: [event], ...log, strict: true } as never) as {
          args?: object
        }
        const read = decode([signature], log)
        expect(read).toEqual({ name: event.name, args: lowerAddresses(args) })
        expect(() => canonicalJson(read?.args)).not.toThrow()
        const upper = (text: string) => `0x${text.slice(2).toUpperCase()}`
        expect(decode([signature], { topics: log.topics.map(upper), data: upper(log.data) })).toEqual(read)
      }),
    )
  })

  test('is refused when it is not exactly of its form', () => {
    const [one] = fc.sample(values, { numRuns: 1, seed: 7 }) as [unknown[]]
    const { topics, data } = encode(event, one)
    expect(decode([signature], { topics, data: `${data}${'00'.repeat(32)}` })).toBeNull()
    expect(decode([signature], { topics, data: `${data}00` })).toBeNull()
    if (data.length > 2) expect(decode([signature], { topics, data: data.slice(0, -64) })).toBeNull()
    expect(decode([signature], { topics: [...topics, topics[0]!], data })).toBeNull()
    if (topics.length > 1) expect(decode([signature], { topics: topics.slice(0, -1), data })).toBeNull()
  })

  test('no bytes make it throw', () => {
    const bytes = fc.tuple(hex(0, 400), fc.array(hex(32, 32), { maxLength: 3 }))
    fc.assert(
      fc.property(bytes, ([data, topics]) => {
        decode([signature], { topics: [toEventSelector(event), ...topics], data })
      }),
    )
  })
})

test('a value that is encoded in another way than encoders do is refused', () => {
  const signature = 'Said(bytes4 tag, string text)'
  const event = eventOf(signature)
  const { topics, data } = encode(event, ['0x01020304', 'gold'])
  expect(decode([signature], { topics, data })?.args).toEqual({ tag: '0x01020304', text: 'gold' })
  // Dirt behind the four bytes, and behind the text; the text further back than need be.
  expect(decode([signature], { topics, data: data.replace('0102030400', '0102030401') })).toBeNull()
  expect(decode([signature], { topics, data: `${data.slice(0, -1)}1` })).toBeNull()
  const words = data.slice(2).match(/.{64}/g) as string[]
  const moved = [words[0], words[1]!.replace(/40$/, '60'), '0'.repeat(64), ...words.slice(2)].join('')
  expect(decode([signature], { topics, data: `0x${moved}` })).toBeNull()
})

test('of an indexed list there is only its hash', () => {
  const signature = 'Listed(uint256[] indexed ids, bool on)'
  const hash: Hex = `0x${'5a'.repeat(32)}`
  const topics = [toEventSelector(eventOf(signature)), hash]
  expect(decode([signature], { topics, data: `0x${'1'.padStart(64, '0')}` })?.args).toEqual({
    ids: hash,
    on: true,
  })
})

test('two forms of one event, and two events of one name, are told apart', () => {
  const erc20 = 'Transfer(address indexed from, address indexed to, uint256 value)'
  const erc721 = 'Transfer(address indexed from, address indexed to, uint256 indexed tokenId)'
  const other = 'Transfer(address indexed from, bytes data)'
  const all = [erc20, erc721, other]
  const [a, b] = [`0x${'a1'.repeat(20)}`, `0x${'b2'.repeat(20)}`]
  expect(decode(all, encode(eventOf(erc20), [a, b, 5n]))?.args).toEqual({ from: a, to: b, value: 5n })
  expect(decode(all, encode(eventOf(erc721), [a, b, 5n]))?.args).toEqual({ from: a, to: b, tokenId: 5n })
  expect(decode(all, encode(eventOf(erc721), [a, b, 5n]))?.name).toBe('Transfer(address,address,uint256)')
  expect(decode(all, encode(eventOf(other), [a, '0x12']))?.name).toBe('Transfer(address,bytes)')
  expect(decode([erc20, erc721], encode(eventOf(erc20), [a, b, 5n]))?.name).toBe('Transfer')
})

test.each([
  [['Supply(address indexed)'], 'one of its arguments has no name'],
  [['Supply(addres reserve)'], 'it is no event as Solidity writes one'],
  [['Supply(address a, address a)'], 'two of its arguments have one name'],
  [['Supply(address __proto__)'], 'an argument cannot be named __proto__'],
  [['Supply((uint256 $int)[] amounts)'], 'an argument cannot be named $int'],
  [['Four(bool indexed a, bool indexed b, bool indexed c, bool indexed d)'], 'more than three arguments'],
  [['function supply(address a)'], 'it is no event as Solidity writes one'],
  [[''], 'it is no event as Solidity writes one'],
])('%j is refused', (signatures, problem) => {
  expect(() => compileContractEvents(signatures)).toThrow(InvalidInputError)
  expect(() => compileContractEvents(signatures)).toThrow(problem)
  expect(() => compileContractEvents(['event Fine()', ...signatures])).toThrow('events[1]')
})

test('an event that is named twice is refused, and an empty list', () => {
  expect(() => compileContractEvents(['A(uint256 a)', 'event A(uint b);'])).toThrow(
    'events[1], "event A(uint b);", cannot be read: it is the same event as events[0].',
  )
  expect(() => compileContractEvents([])).toThrow('No event is named to read.')
})
