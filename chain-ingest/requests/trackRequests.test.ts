import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Address,
  erc20InstrumentId,
  type Hash,
  type MarketEvent,
  type MarketValue,
  quantity,
  unixMs,
  ZERO_HASH,
} from '../../core/index.ts'
import type { RequestAmounts, RequestDirection } from './requestTracker.ts'
import { trackRequests } from './trackRequests.ts'

const VAULT: Address = `0x${'aa'.repeat(20)}`
const CONTROLLERS: readonly Address[] = [`0x${'01'.repeat(20)}`, `0x${'02'.repeat(20)}`]
const NOTHING = { requested: 0n, pending: 0n, claimable: 0n, claimed: 0n, unmatched: 0n }
const DIRECTIONS: readonly RequestDirection[] = ['deposit', 'redeem']

function event(value: MarketValue, block: number, address = VAULT): MarketEvent {
  return {
    instrument: erc20InstrumentId(1, VAULT),
    validAt: unixMs(block * 1_000),
    knownAt: unixMs(block * 1_000),
    lineage: {
      ...{ kind: 'chain', chainId: 1, address, blockNumber: block, blockHash: ZERO_HASH },
      ...{ transactionHash: ZERO_HASH as Hash, logIndex: 0, estimated: [] },
    },
    value,
  }
}

function requested(direction: RequestDirection, controller: Address, amount: bigint, requestId = 0n) {
  return direction === 'deposit'
    ? vaultRequest('depositRequested', controller, amount, null, requestId)
    : vaultRequest('redeemRequested', controller, null, amount, requestId)
}
function fulfilled(
  direction: RequestDirection,
  controller: Address,
  amount: bigint,
  requestId: bigint | null,
) {
  if (direction === 'deposit') return vaultRequest('depositClaimable', controller, amount, null, requestId)
  return vaultRequest(
    requestId === null ? 'redeemFulfilled' : 'redeemClaimable',
    controller,
    2n * amount,
    amount,
    requestId,
  )
}
function claimed(direction: RequestDirection, controller: Address, amount: bigint): MarketValue {
  return {
    ...{ type: 'vaultFlow', owner: CONTROLLERS[0]!, controller },
    ...(direction === 'deposit'
      ? { direction: 'deposit', assets: amount, shares: quantity(3n * amount) }
      : { direction: 'withdraw', assets: 3n * amount, shares: quantity(amount) }),
  } as MarketValue
}
function vaultRequest(
  stage: Extract<MarketValue, { type: 'vaultRequest' }>['stage'],
  controller: Address,
  assets: bigint | null,
  shares: bigint | null,
  requestId: bigint | null,
): MarketValue {
  return {
    ...{ type: 'vaultRequest', stage, controller, requestId, assets },
    shares: shares === null ? null : quantity(shares),
  } as MarketValue
}

/** What a vault does, as its controllers and its operator ask; impossible steps do nothing. */
type Step = {
  readonly doing: 'request' | 'fulfil' | 'fulfilSilently' | 'claim'
  readonly direction: RequestDirection
  readonly controller: Address
  readonly amount: bigint
  readonly id: bigint | null
}
const step: fc.Arbitrary<Step> = fc.record({
  doing: fc.constantFrom('request', 'fulfil', 'fulfilSilently', 'claim'),
  direction: fc.constantFrom(...DIRECTIONS),
  controller: fc.constantFrom(...CONTROLLERS),
  amount: fc.bigInt({ min: 1n, max: 100n }),
  id: fc.constantFrom(0n, 7n, null),
})

/** Runs steps on a model of a vault; gives its events and, by controller and direction, its true state. */
function run(steps: readonly Step[]) {
  const state = new Map<string, { pending: bigint; claimable: bigint; claimed: bigint }>()
  const values: MarketValue[] = []
  let silent = false
  for (const { doing, direction, controller, amount, id } of steps) {
    const key = `${controller}/${direction}`
    const of = state.get(key) ?? { pending: 0n, claimable: 0n, claimed: 0n }
    state.set(key, of)
    const least = (limit: bigint) => (amount < limit ? amount : limit)
    if (doing === 'request') {
      of.pending += amount
      values.push(requested(direction, controller, amount, id ?? 0n))
    } else if (doing === 'claim') {
      const part = least(of.claimable)
      if (part === 0n) continue
      of.claimable -= part
      of.claimed += part
      values.push(claimed(direction, controller, part))
    } else {
      const part = least(of.pending)
      if (part === 0n) continue
      of.pending -= part
      of.claimable += part
      if (doing === 'fulfil') values.push(fulfilled(direction, controller, part, id))
      else silent = true
    }
  }
  return { state, values, silent }
}

const conserved = ({ requested, pending, claimable, claimed, unmatched }: RequestAmounts) =>
  requested === pending + claimable + claimed &&
  [pending, claimable, claimed, unmatched].every(amount => amount >= 0n)

const eventsOf = (values: readonly MarketValue[]) => values.map((value, index) => event(value, index))

test('amounts are those of the vault itself, as far as its events tell', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const { state, values, silent } = run(steps)
      const tracker = trackRequests(VAULT, eventsOf(values))
      for (const [key, truth] of state) {
        const [controller, direction] = key.split('/') as [Address, RequestDirection]
        const amounts = tracker.amounts(controller, direction)
        expect(conserved(amounts)).toBe(true)
        expect(amounts.claimed).toBe(truth.claimed)
        expect(amounts.unmatched).toBe(0n)
        expect(amounts.pending + amounts.claimable).toBe(truth.pending + truth.claimable)
        if (silent) expect(amounts.claimable).toBeLessThanOrEqual(truth.claimable)
        else expect(amounts).toMatchObject(truth)
      }
      const open = tracker.open()
      expect(open.map(({ controller, direction }) => `${controller}/${direction}`)).toEqual(
        [...state]
          .filter(([, { pending, claimable }]) => pending + claimable > 0n)
          .map(([key]) => key)
          .sort(),
      )
      for (const { requestIds } of open) expect(requestIds.length).toBeGreaterThan(0)
    }),
    { numRuns: 500 },
  )
})

test('nothing is lost or made when the first events are missing', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.nat(30), (steps, missing) => {
      const { values } = run(steps)
      const seen = values.slice(missing)
      const tracker = trackRequests(VAULT, eventsOf(seen))
      const claims = (controller: Address, direction: RequestDirection) =>
        seen.reduce((sum, value) => {
          if (value.type !== 'vaultFlow' || value.controller !== controller) return sum
          if ((value.direction === 'deposit') !== (direction === 'deposit')) return sum
          return sum + (direction === 'deposit' ? value.assets : value.shares)
        }, 0n)
      for (const controller of CONTROLLERS)
        for (const direction of DIRECTIONS) {
          const amounts = tracker.amounts(controller, direction)
          expect(conserved(amounts)).toBe(true)
          expect(amounts.claimed + amounts.unmatched).toBe(claims(controller, direction))
        }
    }),
    { numRuns: 500 },
  )
})

test('what a reorg withdrew counts as if it had never come', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 40 }),
      fc.array(step, { maxLength: 20 }),
      fc.nat(40),
      (a, b, fork) => {
        const before = eventsOf(run(a).values)
        const after = run(b).values.map((value, index) => event(value, fork + 1 + index))
        const withdrawal: MarketEvent = {
          ...event({ type: 'clock' }, 0),
          lineage: { kind: 'reorg', chainId: 1, forkBlock: fork, forkHash: null, ordinal: 0 },
          value: {
            ...{ type: 'withdrawal', source: 'eip155:1', forkBlock: fork, throughBlock: 99, observations: 1 },
          },
        }
        const elsewhere: MarketEvent = {
          ...withdrawal,
          value: { ...withdrawal.value, source: 'eip155:2', forkBlock: -1 } as MarketValue,
        }
        const standing = before.filter((_, index) => index <= fork)
        const expected = trackRequests(VAULT, [...standing, ...after])
        const delivered = trackRequests(VAULT, [...before, elsewhere, withdrawal, ...after])
        expect(delivered.open()).toEqual(expected.open())
        for (const controller of CONTROLLERS)
          for (const direction of DIRECTIONS)
            expect(delivered.amounts(controller, direction)).toEqual(expected.amounts(controller, direction))
      },
    ),
  )
})

test('another contract, a redemption at once and a flow without a controller change nothing', () => {
  const [controller] = CONTROLLERS as [Address]
  const flow = { ...claimed('deposit', controller, 5n), controller: undefined } as unknown as MarketValue
  const tracker = trackRequests(VAULT, [
    event(requested('redeem', controller, 5n), 1, `0x${'bb'.repeat(20)}`),
    event(vaultRequest('redeemedInstantly', controller, 9n, 10n, null), 2),
    event(flow, 3),
  ])
  expect(tracker.controllers()).toEqual([])
  expect(tracker.amounts(controller, 'redeem')).toEqual(NOTHING)
})

test('a fulfilment of what was never seen to be requested counts its request', () => {
  const [controller] = CONTROLLERS as [Address]
  const tracker = trackRequests(VAULT, [
    event(requested('redeem', controller, 5n, 3n), 1),
    event(fulfilled('redeem', controller, 8n, null), 2),
    event(claimed('redeem', controller, 10n), 3),
  ])
  expect(tracker.amounts(controller, 'redeem')).toEqual({
    ...{ requested: 8n, pending: 0n, claimable: 0n, claimed: 8n, unmatched: 2n },
  })
  expect(tracker.open()).toEqual([])
})
