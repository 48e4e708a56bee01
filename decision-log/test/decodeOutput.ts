import {
  type Bracket,
  cashE8,
  type DecisionKind,
  type DecisionOutput,
  type Fill,
  type Hash,
  type Hex,
  instrumentId,
  type Order,
  type OrderSize,
  type OrderTerms,
  type Ppm,
  priceE8,
  quantity,
  type Signal,
  type TradeTerms,
  unixMs,
} from '../../core/index.ts'
import {
  ADJUSTMENT_REASONS,
  END_REASONS,
  FILL_CAUSES,
  HALT_REASONS,
  MODEL_CHANGE_CAUSES,
  ORDER_KINDS,
} from '../outputNumbers.ts'

/** Reads the 32-byte words of an encoding one after the other. */
type Words = TupleWords

/**
 * Reads an encoded output back, word by word as `encodeOutput` documents them and without an ABI library: what
 * can be read back was encoded like nothing else.
 */
export function decodeOutput(kind: DecisionKind, encoded: Hex): DecisionOutput {
  const words = wordsOf(encoded)
  const output = decodeKind(kind, words)
  if (!words.isAtEnd()) throw new Error(`The encoded ${kind} is longer than its fields.`)
  return output
}

function decodeKind(kind: DecisionKind, words: Words): DecisionOutput {
  const { number, uint, int, flag, bytes32 } = words
  switch (kind) {
    case 'signal': {
      const direction = at([-1, 0, 1] as const, Number(int()) + 1)
      const signal = { kind, direction, strength: number() as Ppm, confidence: number() as Ppm }
      const horizonMs = number()
      const hasPrediction = flag()
      const prediction = { score: Number(int()), probabilityUp: number() as Ppm }
      return { ...signal, horizonMs, prediction: orNull(hasPrediction, prediction) } satisfies Signal
    }
    case 'order':
      return decodeOrder(words)
    case 'fill': {
      const fill = {
        kind,
        order: orNull(flag(), number()),
        cause: at(FILL_CAUSES, number()),
        side: at(SIDES, number()),
        outcome: at(['filled', 'ended'] as const, number()),
        reason: at([null, ...END_REASONS], number()),
        quantity: quantity(uint()),
        priceE8: priceE8(uint()),
        feeE8: cashE8(int()),
      }
      return { ...fill, pricedBy: positionOf(words) } satisfies Fill
    }
    case 'halt':
      return { kind, reason: at(HALT_REASONS, number()), limit: int(), observed: int() }
    case 'modelChange':
      return { kind, cause: at(MODEL_CHANGE_CAUSES, number()), from: bytes32(), to: bytes32() }
    case 'cancel':
      return { kind, order: number() }
    case 'settlement':
      return { kind, order: number(), quantity: quantity(uint()), cashE8: cashE8(int()) }
    case 'adjustment':
      return { kind, reason: at(ADJUSTMENT_REASONS, number()), quantity: int(), cashE8: cashE8(int()) }
    case 'outcome': {
      const signal = number()
      const [entryPriceE8, entryPricedBy] = [priceE8(uint()), positionOf(words)]
      const [exitPriceE8, exitPricedBy] = [priceE8(uint()), positionOf(words)]
      return { kind, signal, entryPriceE8, entryPricedBy, exitPriceE8, exitPricedBy }
    }
    case 'valuation': {
      const money = { asOfMs: unixMs(number()), cashE8: cashE8(int()), equityE8: cashE8(int()) }
      const positions = words.tuples(tuple => ({
        instrument: instrumentId(tuple.text()),
        decimals: tuple.number(),
        quantity: quantity(tuple.int()),
        priceE8: priceE8(tuple.uint()),
        pricedBy: positionOf(tuple),
      }))
      return { kind, ...money, positions }
    }
  }
}

const positionOf = ({ text, number }: Words) => ({ source: text(), block: number(), logIndex: number() })

function decodeOrder(words: Words): Order {
  const { number, uint } = words
  const kind = at(ORDER_KINDS, number())
  const referencePriceE8 = priceE8(uint())
  const terms = (): OrderTerms => {
    if (kind === 'subscribe') return { kind, amountE8: cashE8(uint()) }
    if (kind === 'redeem') return { kind, shares: quantity(uint()), ...choice('instantly', number()) }
    return decodeTrade(kind, words)
  }
  return { kind: 'order', terms: terms(), referencePriceE8 }
}

function decodeTrade(kind: TradeTerms['kind'], { number, uint, flag }: Words): TradeTerms {
  const side = at(SIDES, number())
  const size = sizeOf(number(), uint())
  const limitE8 = priceE8(uint())
  const stopE8 = priceE8(uint())
  const trail = stopOf(number(), uint())
  const rest = {
    side,
    size,
    ...present('goodTillMs', flag(), unixMs(number())),
    ...choice('reduceOnly', number()),
    ...present('lot', flag(), number()),
    ...choice('exclusive', number()),
    ...present('bracket', flag(), bracketOf(stopOf(number(), uint()), flag(), uint())),
  }
  switch (kind) {
    case 'market':
      return { kind, ...rest }
    case 'limit':
      return { kind, limitE8, ...rest }
    case 'stop':
      return { kind, stopE8, ...rest }
    case 'stopLimit':
      return { kind, stopE8, limitE8, ...rest }
    case 'trailingStop':
      if (trail === null || 'stopE8' in trail) throw new Error('A trailing stop does not trail.')
      return { kind, ...trail, ...rest }
  }
}

const SIDES = ['buy', 'sell'] as const

const sizeOf = (form: number, value: bigint): OrderSize =>
  at([{ units: quantity(value) }, { cashE8: cashE8(value) }, { equityPpm: Number(value) as Ppm }], form)

const stopOf = (form: number, value: bigint) =>
  at(
    [null, { trailE8: priceE8(value) }, { trailPpm: Number(value) as Ppm }, { stopE8: priceE8(value) }],
    form,
  )

const bracketOf = (stopLoss: ReturnType<typeof stopOf>, hasTakeProfit: boolean, price: bigint): Bracket => ({
  ...(stopLoss === null ? {} : { stopLoss }),
  ...present('takeProfitE8', hasTakeProfit, priceE8(price)),
})

const present = <Name extends string, Value>(name: Name, isThere: boolean, value: Value) =>
  (isThere ? { [name]: value } : {}) as { [N in Name]?: Value }

const choice = <Name extends string>(name: Name, number: number) =>
  present(name, number > 0, at([false, false, true], number))

const orNull = <Value>(isThere: boolean, value: Value): Value | null => (isThere ? value : null)

function at<const T>(list: readonly T[], index: number): T {
  if (index < 0 || index >= list.length) throw new Error(`No word has the number ${index}.`)
  return list[index] as T
}

/** What a reader of a tuple's words offers; `size` is how much of the encoding they and what they point to take. */
type TupleWords = {
  uint(): bigint
  int(): bigint
  number(): number
  flag(): boolean
  bytes32(): Hash
  text(): string
  tuples<T>(read: (tuple: TupleWords) => T): T[]
  size(): number
  isAtEnd(): boolean
}

function wordsOf(encoded: Hex): TupleWords {
  const data = Buffer.from(encoded.slice(2), 'hex')
  const word = (at: number): bigint => BigInt(`0x${data.subarray(at, at + 32).toString('hex')}`)

  function tupleAt(base: number): TupleWords {
    let head = 0
    let tail = 0
    const uint = (): bigint => {
      head += 32
      return word(base + head - 32)
    }
    const size = () => head + tail
    return {
      uint,
      int: () => BigInt.asIntN(256, uint()),
      number: () => Number(uint()),
      flag: () => uint() === 1n,
      bytes32: (): Hash => `0x${uint().toString(16).padStart(64, '0')}`,
      text(): string {
        const start = base + Number(uint())
        const length = Number(word(start))
        tail += 32 + Math.ceil(length / 32) * 32
        return data.subarray(start + 32, start + 32 + length).toString('utf8')
      },
      tuples(read) {
        const start = base + Number(uint()) + 32
        const count = Number(word(start - 32))
        tail += 32 + 32 * count
        return Array.from({ length: count }, (_, place) => {
          const tuple = tupleAt(start + Number(word(start + 32 * place)))
          const value = read(tuple)
          tail += tuple.size()
          return value
        })
      },
      size,
      isAtEnd: () => size() === data.length,
    }
  }
  return tupleAt(0)
}
