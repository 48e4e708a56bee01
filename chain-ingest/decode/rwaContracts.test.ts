import { keccak256, stringToBytes } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as rwa from '../../contracts/test/abi/index.ts'
import {
  type Address,
  erc20InstrumentId,
  type Instrument,
  type MarketValue,
  type StoredObservation,
  toStoredObservation,
  ZERO_ADDRESS,
} from '../../core/index.ts'
import { readChainObservations } from '../history/readChainObservations.ts'
import { type ContractChain, startContractChain } from '../testing/contractChain.conformance.ts'
import { decodeRawChainRow } from './chainRow.ts'
import { type ContractSpec, checkContracts } from './contractSpec.ts'

let chain: ContractChain
beforeAll(async () => {
  chain = await startContractChain()
})
afterAll(() => chain.stop())

const instrumentOf = (address: Address): Instrument => ({
  ...{ id: erc20InstrumentId(31_337, address), kind: 'navToken', symbol: 'FUND', decimals: 18, quote: 'USD' },
})

/** What the whole chain says of contracts; every row alone must say it again. */
async function valuesOf(contracts: readonly ContractSpec[]) {
  checkContracts(contracts)
  const rows: StoredObservation[] = []
  let skipped = 0
  const toBlock = Number(await chain.client.getBlockNumber())
  for await (const batch of readChainObservations({
    ...{ source: chain.source, contracts, fromBlock: 0, toBlock },
  })) {
    rows.push(...batch.observations)
    skipped += batch.skipped
  }
  for (const { raw, digest } of rows) {
    const again = decodeRawChainRow(raw, contracts, { chainId: chain.chainId })
    expect(again === null ? null : toStoredObservation(again, raw).digest).toBe(digest)
  }
  return { values: rows.map(({ event }) => event.value), rows, skipped }
}

test('a permissioned token: what its issuer does to it and to wallets, and its yield', async () => {
  const abi = rwa.permissionedTokenAbi
  const token = await chain.deploy(abi, rwa.permissionedTokenBytecode, ['Fund', 'FUND'])
  const [agent, alice, bob, registry] = chain.accounts as [Address, Address, Address, Address]
  const steps: [string, unknown[]][] = [
    ['mint', [alice, 500n]],
    ['setIdentityRegistry', [registry]],
    ['setCompliance', [registry]],
    ['setAddressFrozen', [alice, true]],
    ['setAddressFrozen', [alice, false]],
    ['freezePartialTokens', [alice, 40n]],
    ['unfreezePartialTokens', [alice, 15n]],
    ['pause', []],
    ['unpause', []],
    ['recoveryAddress', [alice, bob, registry]],
    ['distributeYield', [1_234n, registry]],
  ]
  for (const [name, args] of steps) await chain.send(token, abi, name, args)
  const instrument = instrumentOf(token)
  const control = (action: string, account: Address | null, more: object = {}) => ({
    ...{ type: 'tokenControl', action, account, successor: null, amount: null },
    ...more,
  })
  const both: ContractSpec[] = [
    { kind: 'permissionedToken', address: token, instrument },
    { kind: 'distributor', address: token, instrument },
  ]
  const { values, skipped } = await valuesOf(both)
  expect(values).toEqual([
    { type: 'transfer', from: ZERO_ADDRESS, to: alice, amount: 500n },
    control('identityRegistryChanged', registry),
    control('complianceChanged', registry),
    control('walletFrozen', alice),
    control('walletUnfrozen', alice),
    control('amountFrozen', alice, { amount: 40n }),
    control('amountUnfrozen', alice, { amount: 15n }),
    control('paused', null),
    control('unpaused', null),
    { type: 'transfer', from: alice, to: bob, amount: 500n },
    control('walletRecovered', alice, { successor: bob }),
    { type: 'distribution', token: registry, amount: 1_234n },
  ])
  expect(skipped).toBe(0)
  expect(agent).not.toBe(alice)
  // Each kind alone leaves what is not its own unrecognised, and counts it.
  expect(await valuesOf(both.slice(0, 1))).toMatchObject({ skipped: 1 })
  expect((await valuesOf(both.slice(1))).skipped).toBe(11)
})

test('an asynchronous vault: requests, and whose request a claim is of', async () => {
  const abi = rwa.asyncVaultAbi
  const [, controller, receiver] = chain.accounts as [Address, Address, Address]
  const vault = await chain.deploy(abi, rwa.asyncVaultBytecode, [receiver, receiver])
  await chain.send(vault, abi, 'requestDeposit', [7n, 100n, controller])
  await chain.send(vault, abi, 'fulfilDeposit', [7n, controller, 100n])
  await chain.send(vault, abi, 'claimDeposit', [7n, 60n, receiver, controller])
  await chain.send(vault, abi, 'requestRedeem', [0n, 30n, controller])
  await chain.send(vault, abi, 'fulfilRedeem', [0n, controller, 30n])
  await chain.send(vault, abi, 'claimRedeem', [0n, 20n, receiver, controller])
  const spec: ContractSpec = {
    ...{ kind: 'asyncVault', address: vault, assetDecimals: 6, pollBlocks: null },
    instrument: instrumentOf(vault),
  }
  const expected: MarketValue[] = [
    {
      ...{ type: 'vaultRequest', stage: 'depositRequested', controller, requestId: 7n },
      ...{ assets: 100n, shares: null },
    },
    {
      ...{ type: 'vaultFlow', direction: 'deposit', owner: receiver, controller },
      ...{ assets: 60n, shares: 60n as never },
    },
    {
      ...{ type: 'vaultRequest', stage: 'redeemRequested', controller, requestId: 0n },
      ...{ assets: null, shares: 30n as never },
    },
    {
      ...{ type: 'vaultFlow', direction: 'withdraw', owner: controller, controller },
      ...{ assets: 20n, shares: 20n as never },
    },
  ]
  expect((await valuesOf([spec])).values).toEqual(expected)
  // A vault without requests names nobody: a deposit's sender may be anyone who paid.
  const { values } = await valuesOf([
    { kind: 'vault', address: vault, instrument: instrumentOf(vault), assetDecimals: 6 },
  ])
  expect(values.some(value => value.type === 'vaultFlow')).toBe(true)
  expect(values.every(value => !('controller' in value) || value.type === 'vaultRequest')).toBe(true)
})

test('published rates and answers', async () => {
  const accountant = await chain.deploy(rwa.rateAccountantAbi, rwa.rateAccountantBytecode, [
    ...[ZERO_ADDRESS, ZERO_ADDRESS, 6, 1_000_000n],
  ])
  const aggregator = await chain.deploy(rwa.priceAggregatorAbi, rwa.priceAggregatorBytecode, [8, 'A / B'])
  await chain.send(accountant, rwa.rateAccountantAbi, 'updateExchangeRate', [1_043_210n])
  await chain.send(aggregator, rwa.priceAggregatorAbi, 'publish', [265_012_345_678n])
  const { values, rows } = await valuesOf([
    { kind: 'accountant', address: accountant, instrument: instrumentOf(accountant), rateDecimals: 6 },
    { kind: 'oracle', address: aggregator, instrument: instrumentOf(aggregator), decimals: 8 },
  ])
  expect(values).toEqual([
    { type: 'nav', navE8: 104_321_000n },
    { type: 'nav', navE8: 265_012_345_678n },
  ])
  for (const { event } of rows) expect(event.validAt).toBe(event.knownAt)
})

test('any event of any contract, with arguments of any type', async () => {
  const abi = rwa.eventEmitterAbi
  const emitter = await chain.deploy(abi, rwa.eventEmitterBytecode)
  const [author, token] = chain.accounts as [Address, Address]
  await chain.send(emitter, abi, 'note', ['gold', 'Größe ✓', '0x01020304'])
  const legs = [
    { token, amount: 2n ** 255n },
    { token: author, amount: 0n },
  ]
  await chain.send(emitter, abi, 'settle', [9n, legs, [1n, 2n], '0xdeadbeef'])
  const events = [
    'Noted(address indexed author, string indexed subject, string text, bytes4 tag)',
    'event Settled(uint64 indexed id, (address token, uint256 amount)[] legs, uint128[2] bounds, bytes proof)',
  ]
  const spec: ContractSpec = { kind: 'events', address: emitter, instrument: instrumentOf(emitter), events }
  const { values, skipped } = await valuesOf([spec])
  expect(values).toEqual([
    {
      ...{ type: 'contractEvent', contract: emitter, event: 'Noted' },
      args: {
        author,
        // The chain has no more of an indexed string than its hash.
        subject: keccak256(stringToBytes('gold')),
        ...{ text: 'Größe ✓', tag: '0x01020304' },
      },
    },
    {
      ...{ type: 'contractEvent', contract: emitter, event: 'Settled' },
      args: { id: 9n, legs, bounds: [1n, 2n], proof: '0xdeadbeef' },
    },
  ])
  expect(skipped).toBe(0)
  const first = await valuesOf([{ ...spec, events: events.slice(0, 1) }])
  expect({ values: first.values.length, skipped: first.skipped }).toEqual({ values: 1, skipped: 1 })
  // The contract marks other arguments as indexed than the configuration says.
  const wrong = 'Noted(address author, string indexed subject, string text, bytes4 tag)'
  await expect(valuesOf([{ ...spec, events: [wrong] }])).rejects.toThrow(
    `The event Noted(address,string,string,bytes4) of ${emitter} has 2 indexed arguments on the chain, but 1 in the configuration.`,
  )
})

test('specifications are refused by the field that is wrong', () => {
  const address: Address = `0x${'ab'.repeat(20)}`
  const instrument = instrumentOf(address)
  const vault = { kind: 'asyncVault', address, instrument, assetDecimals: 6 } as const
  expect(() => checkContracts([{ ...vault, pollBlocks: 0 }])).toThrow(
    `0 is no number of blocks (pollBlocks of asyncVault ${address}).`,
  )
  expect(() => checkContracts([{ ...vault, pollBlocks: null, assetDecimals: -1 }])).toThrow(
    `-1 is not a number of decimals (assetDecimals of asyncVault ${address}).`,
  )
  expect(() =>
    checkContracts([{ kind: 'events', address, instrument, events: ['A(uint256 a)', 'B(wat b)'] }]),
  ).toThrow('events[1], "B(wat b)", cannot be read')
})
