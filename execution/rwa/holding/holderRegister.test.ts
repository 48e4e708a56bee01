import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ComplianceTerms, UNRESTRICTED } from '../../../agents/index.ts'
import {
  type Address,
  DAY_MS,
  type MarketEvent,
  type TokenControlValue,
  unixMs,
  ZERO_ADDRESS,
} from '../../../core/index.ts'
import { at, fundEvent, OTHER, shares, THIRD, WALLET } from '../testing/rwaMarket.conformance.ts'
import { createHolderRegister } from './holderRegister.ts'

const NOW = at('2024-01-01')
const ALL: ComplianceTerms = { ...UNRESTRICTED, verified: [WALLET, OTHER] }

const control = (
  action: TokenControlValue['action'],
  account: Address | null = null,
  amount: string | null = null,
  successor: Address | null = null,
): MarketEvent =>
  fundEvent(
    { type: 'tokenControl', action, account, successor, amount: amount === null ? null : shares(amount) },
    NOW,
  )
const transfer = (from: Address, to: Address, amount: string, time = NOW): MarketEvent =>
  fundEvent({ type: 'transfer', from, to, amount: shares(amount) }, time)

/** A register in which the wallet holds 100, after some events. */
function register(terms: Partial<ComplianceTerms>, ...events: MarketEvent[]) {
  const opened = createHolderRegister({ ...ALL, ...terms })
  for (const event of [transfer(ZERO_ADDRESS, WALLET, '100'), ...events]) opened.onEvent(event)
  return opened
}

describe('a transfer', () => {
  test.each<[string, Partial<ComplianceTerms>, MarketEvent[], string, object]>([
    ['between verified wallets passes', {}, [], '100', { ok: true }],
    ['of a paused token', {}, [control('paused')], '1', { ok: false, reason: 'paused', limit: null }],
    ['after the pause passes', {}, [control('paused'), control('unpaused')], '1', { ok: true }],
    [
      'from a frozen wallet',
      {},
      [control('walletFrozen', WALLET)],
      '1',
      { ok: false, reason: 'senderFrozen', limit: null },
    ],
    [
      'to a frozen wallet',
      {},
      [control('walletFrozen', OTHER)],
      '1',
      { ok: false, reason: 'receiverFrozen', limit: null },
    ],
    [
      'from a wallet that was freed passes',
      {},
      [control('walletFrozen', WALLET), control('walletUnfrozen', WALLET)],
      '1',
      { ok: true },
    ],
    [
      'of what is not held',
      {},
      [],
      '101',
      { ok: false, reason: 'insufficientBalance', limit: shares('100') },
    ],
    [
      'of what is frozen',
      {},
      [control('amountFrozen', WALLET, '70'), control('amountUnfrozen', WALLET, '30')],
      '61',
      { ok: false, reason: 'amountFrozen', limit: shares('60') },
    ],
    ['of what is not frozen passes', {}, [control('amountFrozen', WALLET, '40')], '60', { ok: true }],
    [
      'to a wallet that is not verified',
      { verified: [WALLET] },
      [],
      '1',
      { ok: false, reason: 'unverifiedReceiver', limit: null },
    ],
    ['to anybody passes where nobody is verified', { verified: null }, [], '1', { ok: true }],
    ['within the lock-up', { lockUpMs: DAY_MS }, [], '1', { ok: false, reason: 'lockedUp', limit: null }],
    [
      'beyond what one may hold',
      { maxBalance: shares('10') },
      [],
      '11',
      { ok: false, reason: 'aboveMaximumBalance', limit: shares('10') },
    ],
    [
      'to one holder too many',
      { maxHolders: 1 },
      [],
      '99',
      { ok: false, reason: 'tooManyHolders', limit: 1 },
    ],
    // The sender is a holder no more.
    ['of everything to one holder more passes', { maxHolders: 1 }, [], '100', { ok: true }],
    [
      'to a wallet that another was recovered to passes',
      { verified: [WALLET, THIRD] },
      [control('walletRecovered', THIRD, null, OTHER)],
      '1',
      { ok: true },
    ],
    [
      'to a wallet whose identity was registered passes',
      { verified: [] },
      [
        fundEvent(
          {
            type: 'contractEvent',
            contract: THIRD,
            event: 'IdentityRegistered',
            args: { investorAddress: OTHER },
          },
          NOW,
        ),
      ],
      '1',
      { ok: true },
    ],
  ])('%s', (_name, terms, events, amount, expected) => {
    expect(register(terms, ...events).canTransfer(WALLET, OTHER, shares(amount), NOW)).toEqual(expected)
  })

  test('passes the checks in the order of ERC-3643: the first that fails is named', () => {
    const everything = register(
      { verified: [], lockUpMs: DAY_MS, maxBalance: shares('1') },
      control('paused'),
      control('walletFrozen', WALLET),
      control('walletFrozen', OTHER),
      control('amountFrozen', WALLET, '100'),
    )
    const reasons: string[] = []
    const check = () => {
      const result = everything.canTransfer(WALLET, OTHER, shares('2'), NOW)
      reasons.push(result.ok ? 'ok' : result.reason)
    }
    check()
    for (const next of [
      control('unpaused'),
      control('walletUnfrozen', WALLET),
      control('walletUnfrozen', OTHER),
      control('amountUnfrozen', WALLET, '100'),
    ]) {
      everything.onEvent(next)
      check()
    }
    everything.verify(OTHER)
    check()
    expect(reasons).toEqual([
      'paused',
      'senderFrozen',
      'receiverFrozen',
      'amountFrozen',
      'unverifiedReceiver',
      'lockedUp',
    ])
  })

  test('is free of its lock-up lot by lot', () => {
    const locked = register(
      { lockUpMs: 2 * DAY_MS },
      transfer(ZERO_ADDRESS, WALLET, '50', unixMs(NOW + DAY_MS)),
    )
    const may = (amount: string, time: number) =>
      locked.canTransfer(WALLET, OTHER, shares(amount), unixMs(time)).ok
    expect([
      may('1', NOW + 2 * DAY_MS - 1),
      may('100', NOW + 2 * DAY_MS),
      may('101', NOW + 2 * DAY_MS),
    ]).toEqual([false, true, false])
    locked.onEvent(transfer(WALLET, OTHER, '100', unixMs(NOW + 2 * DAY_MS)))
    expect([may('50', NOW + 3 * DAY_MS - 1), may('50', NOW + 3 * DAY_MS)]).toEqual([false, true])
  })
})

test('a register’s balances are what the transfers it saw add up to', () => {
  const wallets: readonly Address[] = [WALLET, OTHER, THIRD, ZERO_ADDRESS]
  const move = fc.record({
    from: fc.constantFrom(...wallets),
    to: fc.constantFrom(...wallets),
    amount: fc.nat(1_000),
  })
  fc.assert(
    fc.property(fc.array(move, { maxLength: 60 }), moves => {
      const opened = createHolderRegister({ ...UNRESTRICTED, lockUpMs: 1_000, maxHolders: 2 })
      const held = new Map<Address, number>(wallets.map(wallet => [wallet, 0]))
      let time = NOW
      for (const { from, to, amount } of moves) {
        const check = opened.canTransfer(from, to, BigInt(amount) as never, time)
        if (from !== ZERO_ADDRESS && amount > (held.get(from) ?? 0))
          expect(check).toMatchObject({ ok: false })
        if (!check.ok) continue
        opened.onEvent(fundEvent({ type: 'transfer', from, to, amount: BigInt(amount) as never }, time))
        if (from !== ZERO_ADDRESS) held.set(from, (held.get(from) ?? 0) - amount)
        if (to !== ZERO_ADDRESS) held.set(to, (held.get(to) ?? 0) + amount)
        for (const wallet of wallets) expect(opened.balanceOf(wallet)).toBe(BigInt(held.get(wallet) ?? 0))
        expect([...held.values()].filter(amount => amount > 0).length).toBeLessThanOrEqual(2)
        time = unixMs(time + 700)
      }
    }),
  )
})

test.each([
  [{ lockUpMs: -1 }, 'lockUpMs is -1.'],
  [{ maxHolders: 0 }, 'maxHolders is 0.'],
  [{ maxBalance: shares('0') }, 'maxBalance is 0.'],
])('terms that cannot be kept are refused: %#', (terms, message) => {
  expect(() => createHolderRegister({ ...ALL, ...terms })).toThrow(message)
})
