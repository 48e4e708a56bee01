import { expect, test } from 'vitest'
import { erc20InstrumentId, instrumentId } from './instrument.ts'

test('an address has one spelling', () => {
  expect(erc20InstrumentId(1, '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2')).toBe(
    'eip155:1/erc20:0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2',
  )
  expect(instrumentId('oanda:XAUUSD')).toBe('oanda:XAUUSD')
})

test.each(['', 'gold', 'eip155:1', 'eip155:1/erc20:0x12', 'OANDA:XAUUSD', 'a:', 'oanda:XAU USD'])(
  '"%s" is no instrument id',
  text => {
    expect(() => instrumentId(text)).toThrow(`"${text}" is not an instrument id.`)
  },
)
