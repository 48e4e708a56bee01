import { expect, test } from 'vitest'
import { cashE8, instrumentId, priceE8, quantity } from '../../core/index.ts'
import {
  checkIssuers,
  dailySessions,
  EVERY_DAY,
  type IssuerTerms,
  NO_FEE,
  PAPER_WALLET,
  sharePriceE8,
  UNRESTRICTED,
} from './index.ts'

const FUND = instrumentId('test:FUND')
const issuer: IssuerTerms = {
  instrument: FUND,
  kind: 'nav',
  terms: {
    zone: 'UTC',
    calendar: EVERY_DAY,
    subscription: null,
    redemption: null,
    maxNavAgeMs: null,
    pendingEarns: true,
  },
  yields: { kind: 'accrues' },
  compliance: UNRESTRICTED,
  hours: dailySessions('UTC', '09:00', '17:00', EVERY_DAY),
}
const check = (...issuers: unknown[]) => checkIssuers('example', issuers as readonly IssuerTerms[], [FUND])

test('terms that can be kept pass', () => {
  expect(() => check(issuer)).not.toThrow()
  expect(() => check()).not.toThrow()
})

const queue = { deposit: null, redemption: null, assetDecimals: 6, rateFrom: 'nav', maxNavAgeMs: null }
const rebases = { kind: 'rebases', priceE8: priceE8(0n), rounding: 'eachRebase', precision: 1 }

test.each([
  [
    { ...issuer, instrument: 'test:OTHER' },
    'Agent "example" has an issuer of "test:OTHER", which it does not trade.',
  ],
  [
    { ...issuer, terms: { ...issuer.terms, maxNavAgeMs: 0 } },
    'The dealing terms cannot be kept: maxNavAgeMs is 0.',
  ],
  [
    {
      ...issuer,
      kind: 'queue',
      terms: {
        ...queue,
        instant: { minimum: 0n, increment: 1n, fee: NO_FEE, liquidityE8: cashE8(0n), periodMs: 1 },
      },
    },
    'The queue terms cannot be kept: instant gives 0 a period.',
  ],
  [{ ...issuer, yields: rebases }, 'The yield cannot be booked: priceE8 is 0.'],
  [
    { ...issuer, compliance: { ...UNRESTRICTED, maxBalance: quantity(0n) } },
    'The compliance terms cannot be kept: maxBalance is 0.',
  ],
])('terms that cannot be kept are refused: case %#', (terms, message) => {
  expect(() => check(terms)).toThrow(message)
})

test('an instrument has one issuer', () => {
  expect(() => check(issuer, issuer)).toThrow('Agent "example" has two issuers of "test:FUND".')
})

test('a share costs its NAV, but of a rebasing token its constant price', () => {
  expect(sharePriceE8(issuer, priceE8(105n))).toBe(105n)
  const yields = { kind: 'rebases', priceE8: priceE8(100n), rounding: 'eachRebase', precision: 1 } as const
  expect(sharePriceE8({ ...issuer, yields }, priceE8(105n))).toBe(100n)
})

test('the paper wallet says what it is', () => {
  expect(Buffer.from(PAPER_WALLET.slice(2), 'hex').toString()).toBe('touchstone-paper-001')
})
