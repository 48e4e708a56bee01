import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  cashE8,
  type DecisionRecord,
  type Fill,
  IntegrityError,
  InvalidInputError,
  priceE8,
  quantity,
} from '../core/index.ts'
import { encodeBody, hashRecord, parseBody } from './index.ts'
import { anyRecord } from './test/anyRecord.ts'
import { sampleRecord } from './test/sampleDecisions.ts'

const agent = `0x${'ab'.repeat(20)}` as const
const domain = { chainId: 1, verifyingContract: `0x${'12'.repeat(20)}` } as const

test('golden text', () => {
  expect(encodeBody(sampleRecord(agent, 1))).toMatchInlineSnapshot(
    `"{"agent":"0xabababababababababababababababababababab","attributions":[{"effect":12345,"feature":"return-1h@1"},{"effect":-2,"feature":"volatility-1d@1"}],"dataRoot":"0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee","featureSet":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","features":"0x3f8000007fc0000000000001","instrument":"oanda:XAUUSD","model":"0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","observed":{"block":1001,"logIndex":0,"source":"oanda:XAUUSD"},"output":{"kind":"order","referencePriceE8":{"$int":"335012345678"},"terms":{"kind":"market","side":"buy","size":{"units":{"$int":"5000000000000000000"}}}},"revealAtMs":1700086400001,"salt":"0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff","sequence":1,"strategy":"0xcccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc","timeMs":1700003600000}"`,
  )
})

test('every record reads back as it was written', () => {
  fc.assert(
    fc.property(anyRecord, record => {
      const text = encodeBody(record)
      expect(parseBody(text)).toEqual(record)
      expect(encodeBody(parseBody(text))).toBe(text)
    }),
  )
})

test('no other text reads as a record that hashes alike: any changed character is noticed', () => {
  fc.assert(
    fc.property(anyRecord, fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), (record, at, character) => {
      const text = encodeBody(record)
      const place = at % text.length
      const changed = text.slice(0, place) + character + text.slice(place + 1)
      if (changed === text) return
      let read: DecisionRecord
      try {
        read = parseBody(changed)
      } catch (error) {
        expect(error).toBeInstanceOf(IntegrityError)
        return
      }
      expect(hashRecord(read, domain)).not.toBe(hashRecord(record, domain))
    }),
    { numRuns: 500 },
  )
})

const good = encodeBody(sampleRecord(agent, 1))
const UNITS = /"units":\{"\$int":"\d+"\}/
test.each([
  ['', 'it is no JSON'],
  ['{', 'it is no JSON'],
  ['null', 'its field "record" Invalid input: expected object, received null'],
  [` ${good}`, 'its text is not canonical'],
  [good.replace('"sequence":1', '"sequence":1.0'), 'its text is not canonical'],
  [
    good.replace('"sequence":1', '"sequence":-1'),
    'its field "sequence" is no whole number from 0 that a double holds',
  ],
  [good.replace('"sequence":1', '"sequence":1,"sequence":1'), 'its text is not canonical'],
  [
    good.replace('"kind":"order"', '"kind":"gift"'),
    `its field "output.kind" Invalid discriminator value. Expected 'signal' | 'order' | 'fill' | 'halt' | 'modelChange' | 'cancel' | 'settlement' | 'adjustment' | 'outcome' | 'valuation'`,
  ],
  [
    good.replace('"side":"buy"', '"side":"hold"'),
    'its field "output.terms.side" Invalid option: expected one of "buy"|"sell"',
  ],
  [good.replace(UNITS, '"units":{"$int":"x"}'), 'it is no JSON'],
  [good.replace(UNITS, '"units":5'), 'its field "output.terms.size.units" is no unsigned 256-bit integer'],
  [
    good.replace(UNITS, '"units":{"$int":"-1"}'),
    'its field "output.terms.size.units" is no unsigned 256-bit integer',
  ],
  [
    good.replace(UNITS, '"cashE8":{"$int":"1"},$&'),
    'its field "output.terms.size" is not one of units, cashE8 and equityPpm',
  ],
  [good.replace(UNITS, ''), 'its field "output.terms.size" is not one of units, cashE8 and equityPpm'],
  [
    good.replace('"kind":"market"', '"kind":"whim"'),
    `its field "output.terms.kind" Invalid discriminator value. Expected 'market' | 'limit' | 'stop' | 'stopLimit' | 'trailingStop' | 'subscribe' | 'redeem'`,
  ],
  [
    good.replace('"kind":"market"', '"kind":"market","limitE8":{"$int":"1"}'),
    'its field "output.terms" Unrecognized key: "limitE8"',
  ],
  [good.replace('"agent":"0xab', '"agent":"0xAB'), 'its field "agent" is no lower-case 20-byte address'],
  [
    good.replace('"features":"0x3f', '"features":"0x'),
    'its field "features" is no lower-case row of 32-bit values',
  ],
  [good.replace('oanda:XAUUSD","model', 'gold","model'), 'its field "instrument" is no instrument id'],
  [good.replace('{"agent"', '{"advice":1,"agent"'), 'its field "record" Unrecognized key: "advice"'],
])('refuses %s', (text, fault) => {
  expect(() => parseBody(text)).toThrow(
    new IntegrityError(`The decision's body cannot be read: ${fault}.`, { hint: '' }).message,
  )
})

test.each([
  ['a lone surrogate, which hashes like others', { source: '\ud800', block: 1, logIndex: 0 }],
  ['a fractional block', { source: 'feed', block: 1.5, logIndex: 0 }],
])('refuses to record %s', (_, observed) => {
  expect(() => encodeBody({ ...sampleRecord(agent), observed })).toThrow(InvalidInputError)
})

const fill: Fill = {
  kind: 'fill',
  order: 1,
  cause: 'order',
  side: 'buy',
  outcome: 'filled',
  reason: null,
  quantity: quantity(1n),
  priceE8: priceE8(1n),
  feeE8: cashE8(0n),
  pricedBy: { source: 'feed', block: 1, logIndex: 0 },
}
const ended = { outcome: 'ended', reason: 'margin', quantity: quantity(0n), priceE8: priceE8(0n) } as const

test('records a fill, an end, and a liquidation', () => {
  for (const output of [fill, { ...fill, ...ended }, { ...fill, order: null, cause: 'liquidation' as const }])
    expect(parseBody(encodeBody(sampleRecord(agent, 1, output))).output).toEqual(output)
})

test.each<[what: string, output: Fill, fault: string]>([
  ['filled for a reason', { ...fill, reason: 'margin' }, 'reason'],
  ['ended for none', { ...fill, ...ended, reason: null }, 'reason'],
  ['filled with nothing', { ...fill, quantity: quantity(0n) }, 'quantity'],
  ['ended with something', { ...fill, ...ended, quantity: quantity(1n) }, 'quantity'],
  ['ended at a price', { ...fill, ...ended, priceE8: priceE8(1n) }, 'priceE8'],
  ['of no order', { ...fill, order: null }, 'order'],
  ['a liquidation of an order', { ...fill, cause: 'liquidation' }, 'order'],
])('refuses to record a fill that is %s', (_, output, field) => {
  expect(() => encodeBody(sampleRecord(agent, 1, output))).toThrow(
    expect.objectContaining({ facts: expect.objectContaining({ field: `output.${field}` }) }),
  )
})
