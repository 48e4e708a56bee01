import fc from 'fast-check'
import { decodeFunctionData, parseAbi } from 'viem'
import { expect, test } from 'vitest'
import { type Address, canonicalJson, erc20InstrumentId, type Hex, IntegrityError } from '../../core/index.ts'
import { decodeRawChainRow } from '../decode/chainRow.ts'
import type { AsyncVaultSpec } from '../decode/contractSpec.ts'
import {
  type ClaimableAnswer,
  claimableCall,
  claimablePlace,
  claimableRow,
  FIRST_ASKED_INDEX,
  parseClaimableRow,
  readClaimable,
} from './claimableRow.ts'
import type { RequestDirection } from './requestTracker.ts'

const VAULT: Address = `0x${'aa'.repeat(20)}`
const SPEC: AsyncVaultSpec = {
  ...{ kind: 'asyncVault', address: VAULT, assetDecimals: 6, pollBlocks: 1 },
  instrument: {
    ...{ id: erc20InstrumentId(1, VAULT), kind: 'vaultShare', symbol: 'V', decimals: 18, quote: 'USD' },
  },
}
const abi = parseAbi([
  'function claimableDepositRequest(uint256 requestId, address controller) view returns (uint256)',
  'function claimableRedeemRequest(uint256 requestId, address controller) view returns (uint256)',
])

const hex = (bytes: number) =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((array): Hex => `0x${Buffer.from(array).toString('hex')}`)
const amount = fc.bigInt({ min: 0n, max: (1n << 200n) - 1n })
const wordOf = (value: bigint): Hex => `0x${value.toString(16).padStart(64, '0')}`
const direction = fc.constantFrom<RequestDirection>('deposit', 'redeem')

const answer: fc.Arbitrary<ClaimableAnswer> = fc.record({
  vault: fc.constant(VAULT),
  block: fc.record({
    number: fc.nat(),
    hash: hex(32),
    timestampMs: fc.nat().map(seconds => seconds * 1_000),
  }),
  logIndex: fc.integer({ min: FIRST_ASKED_INDEX, max: 2 ** 31 - 1 }),
  controller: hex(20),
  direction,
  known: amount,
  answers: fc.array(fc.record({ requestId: amount, result: amount.map(wordOf) }), {
    minLength: 1,
    maxLength: 3,
  }),
})

test('a row says again what was answered, and what became claimable by it', () => {
  fc.assert(
    fc.property(answer, given => {
      const raw = claimableRow(given)
      expect(parseClaimableRow(JSON.parse(raw))).toEqual(given)
      expect(canonicalJson(JSON.parse(raw))).toBe(raw)
      const risen = given.answers.reduce((sum, { result }) => sum + BigInt(result), 0n) - given.known
      const event = decodeRawChainRow(raw, [SPEC], { chainId: 1, finalityDelayMs: 5 })
      expect(event).toEqual(readClaimable(given, [SPEC], { chainId: 1, finalityDelayMs: 5 }))
      if (risen <= 0n) {
        expect(event).toBeNull()
        return
      }
      const { timestampMs, hash, number } = given.block
      expect(event).toMatchObject({
        ...{ validAt: timestampMs, knownAt: timestampMs + 5, instrument: SPEC.instrument.id },
        lineage: { blockHash: hash, blockNumber: number, logIndex: given.logIndex, address: VAULT },
        value: {
          controller: given.controller,
          requestId: given.answers.length === 1 ? given.answers[0]?.requestId : null,
          ...(given.direction === 'deposit'
            ? { stage: 'depositClaimable', assets: risen, shares: null }
            : { stage: 'redeemClaimable', assets: null, shares: risen }),
        },
      })
    }),
  )
})

test('the call is the one that the ABI encodes', () => {
  fc.assert(
    fc.property(direction, amount, hex(20), (side, requestId, controller) => {
      const { functionName, args } = decodeFunctionData({
        abi,
        data: claimableCall(side, requestId, controller),
      })
      expect(functionName).toBe(side === 'deposit' ? 'claimableDepositRequest' : 'claimableRedeemRequest')
      expect([args[0], args[1].toLowerCase()]).toEqual([requestId, controller])
    }),
  )
})

test('places are beyond any log, fit a database’s integer, and differ', () => {
  const places = new Set<number>()
  for (let index = 0; index < 1_000; index++)
    for (const side of ['deposit', 'redeem'] as const) {
      const place = claimablePlace(VAULT, side, `0x${index.toString(16).padStart(40, '0')}`)
      expect(place >= FIRST_ASKED_INDEX && place < 2 ** 31 && Number.isInteger(place)).toBe(true)
      places.add(place)
    }
  expect(places.size).toBe(2_000)
})

test('a row that was changed is refused by name, never misread', () => {
  const fields = ['block', 'calls', 'known', 'logIndex', 'to'] as const
  fc.assert(
    fc.property(answer, fc.constantFrom(...fields), fc.jsonValue(), (given, field, value) => {
      const row = { ...JSON.parse(claimableRow(given)), [field]: value }
      try {
        const event = decodeRawChainRow(JSON.stringify(row), [SPEC], { chainId: 1 })
        // A number may have become another that can be true; then the event is that of the row.
        expect(event).toEqual(readClaimable(parseClaimableRow(row), [SPEC], { chainId: 1 }))
      } catch (error) {
        expect(error).toBeInstanceOf(IntegrityError)
      }
    }),
    { numRuns: 500 },
  )
})
