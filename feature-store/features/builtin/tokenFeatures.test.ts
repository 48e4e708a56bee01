import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Address, MINUTE_MS, ZERO_ADDRESS } from '../../../core/index.ts'
import { ALICE, BOB, burn, CAROL, mint, transfer, vaultFlow } from '../sampleEvents.conformance.ts'
import { featureAt } from './featureAt.conformance.ts'
import { HolderBalances } from './holderBalances.ts'
import { holderConcentration } from './holderConcentration.ts'
import { holderNetFlow } from './holderNetFlow.ts'
import { transferIntensity } from './intensity.ts'
import { netIssuance } from './netIssuance.ts'
import { vaultFlowImbalance } from './vaultFlowImbalance.ts'

const m = (minutes: number) => minutes * MINUTE_MS
const window = { windowMs: m(5) }

describe('HolderBalances', () => {
  test('agree with a ledger when the history is complete', () => {
    const people: Address[] = [ZERO_ADDRESS, ALICE, BOB, CAROL]
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(3), fc.nat(100)), { maxLength: 60 }), moves => {
        const ledger = new Map<Address, bigint>()
        const balances = new HolderBalances()
        for (const [f, t, a] of moves) {
          const [from, to] = [people[f]!, people[t]!]
          const held = from === ZERO_ADDRESS ? BigInt(a) : (ledger.get(from) ?? 0n)
          const amount = BigInt(a) < held ? BigInt(a) : held
          if (from !== ZERO_ADDRESS) ledger.set(from, held - amount)
          if (to !== ZERO_ADDRESS) ledger.set(to, (ledger.get(to) ?? 0n) + amount)
          balances.apply({ type: 'transfer', from, to, amount: amount as never })
        }
        const held = [...ledger.values()].filter(balance => balance > 0n)
        const supply = held.reduce((sum, balance) => sum + balance, 0n)
        expect(balances.supply).toBe(supply)
        expect(balances.holders).toBe(held.length)
        for (const [holder, balance] of ledger) expect(balances.balanceOf(holder)).toBe(balance)
        if (supply === 0n) expect(balances.concentration).toBeNull()
        else
          expect(balances.concentration).toBeCloseTo(
            held.reduce((sum, balance) => sum + (Number(balance) / Number(supply)) ** 2, 0),
            12,
          )
      }),
    )
  })

  test('take an unknown sender to have held just what it sends', () => {
    const balances = new HolderBalances()
    balances.apply(transfer(0, ALICE, BOB, 5).value)
    expect([balances.holders, balances.supply]).toEqual([1, 5n * 10n ** 18n])
    balances.apply(transfer(1, BOB, BOB, 7).value)
    expect(balances.balanceOf(BOB)).toBe(7n * 10n ** 18n)
  })
})

test('holderConcentration is the Herfindahl index', () => {
  expect(featureAt(holderConcentration, [], 0)).toBeNaN()
  const events = [mint(0, ALICE, 10), transfer(1, ALICE, BOB, 3), transfer(2, ALICE, CAROL, 2)]
  expect(featureAt(holderConcentration, events.slice(0, 1), 2)).toBe(1)
  expect(featureAt(holderConcentration, events, 2)).toBeCloseTo(0.25 + 0.09 + 0.04, 6)
})

test('holderNetFlow adds what new holders received and takes off what leaving ones sent', () => {
  const events = [
    mint(0, ALICE, 10), // 10 to a new holder
    transfer(m(1), ALICE, BOB, 4), // 4 to a new holder
    transfer(m(2), ALICE, BOB, 1), // between holders
    transfer(m(3), BOB, ALICE, 5), // 5 from one who leaves
  ]
  expect(featureAt(holderNetFlow(window), events, m(5) - 1)).toBeNaN()
  expect(featureAt(holderNetFlow(window), events, m(5))).toBeCloseTo((4 - 5) / 10, 6)
  expect(featureAt(holderNetFlow(window), events, m(6))).toBeCloseTo(-5 / 6, 6)
  expect(featureAt(holderNetFlow(window), events, m(9))).toBeNaN()
})

test('netIssuance is mints less burns over the known supply', () => {
  const events = [mint(0, ALICE, 90), mint(m(4), BOB, 20), burn(m(5), ALICE, 10)]
  expect(featureAt(netIssuance(window), events, m(5))).toBeCloseTo(10 / 100, 6)
  expect(featureAt(netIssuance(window), events, m(9))).toBeCloseTo(-10 / 100, 6)
  expect(featureAt(netIssuance(window), events, m(20))).toBe(0)
  expect(featureAt(netIssuance(window), [transfer(0, ALICE, ZERO_ADDRESS, 3)], m(5))).toBeNaN()
})

test('transferIntensity leaves transfers of nothing out', () => {
  const events = [transfer(0, ALICE, BOB, 0), transfer(m(2), ALICE, BOB, 1), transfer(m(3), BOB, ALICE, 0)]
  expect(featureAt(transferIntensity(window), events, m(5) - 1)).toBeNaN()
  expect(featureAt(transferIntensity(window), events, m(5))).toBeCloseTo(1 / 5, 6)
})

test('vaultFlowImbalance compares subscriptions with redemptions', () => {
  const events = [
    vaultFlow(0, 'deposit', 1n),
    vaultFlow(m(4), 'deposit', 30n),
    vaultFlow(m(5), 'withdraw', 10n),
  ]
  expect(featureAt(vaultFlowImbalance(window), events, m(5))).toBeCloseTo(0.5, 6)
  expect(featureAt(vaultFlowImbalance(window), events, m(9))).toBe(-1)
  expect(featureAt(vaultFlowImbalance(window), events, m(10))).toBeNaN()
})
