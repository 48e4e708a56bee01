import { createRequire } from 'node:module'
import { createPublicClient, custom, type Hex, parseAbi } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as market from '../../contracts/abi/index.ts'
import * as rwa from '../../contracts/test/abi/index.ts'
import { type Address, type Instrument, UnavailableError } from '../../core/index.ts'
import { checkContracts } from '../decode/contractSpec.ts'
import { type ContractChain, startContractChain } from '../testing/contractChain.conformance.ts'
import type { ContractRequest } from './contractRequest.ts'
import { describeContract } from './describeContract.ts'

const factoryAbi = parseAbi([
  'function createPool(address tokenA, address tokenB, uint24 fee) returns (address)',
  'function getPool(address, address, uint24) view returns (address)',
])
const { bytecode: factoryBytecode }: { bytecode: Hex } = createRequire(import.meta.url)(
  '@uniswap/v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json',
)

let chain: ContractChain
const at: Record<
  | 'gold'
  | 'usd'
  | 'pool'
  | 'bills'
  | 'vault'
  | 'fund'
  | 'accountant'
  | 'aggregator'
  | 'proxy'
  | 'unnamed'
  | 'plain'
  | 'holder'
  | 'emitter',
  Address
> = {} as never

beforeAll(async () => {
  chain = await startContractChain()
  const issuer = chain.accounts[0]!
  const token = (name: string, symbol: string, decimals: number) =>
    chain.deploy(market.marketTokenAbi, market.marketTokenBytecode, [name, symbol, decimals, issuer])
  at.gold = await token('Gold', 'GOLD', 18)
  at.usd = await token('Dollar', 'pUSD', 6)
  at.bills = await chain.deploy(market.treasuryBillVaultAbi, market.treasuryBillVaultBytecode, [
    ...[at.usd, 'Treasury Bills', 'TBILL', issuer, 1_000_000n, 3_600n, 5],
  ])
  at.fund = await chain.deploy(rwa.permissionedTokenAbi, rwa.permissionedTokenBytecode, ['Fund', 'FUND'])
  at.vault = await chain.deploy(rwa.asyncVaultAbi, rwa.asyncVaultBytecode, [at.usd, at.fund])
  at.accountant = await chain.deploy(rwa.rateAccountantAbi, rwa.rateAccountantBytecode, [
    ...[at.fund, at.usd, 6, 1_043_210n],
  ])
  const aggregator = (description: string) =>
    chain.deploy(rwa.priceAggregatorAbi, rwa.priceAggregatorBytecode, [8, description])
  at.aggregator = await aggregator('PAXG / EUR')
  at.unnamed = await aggregator('the price of gold')
  at.proxy = await chain.deploy(rwa.priceProxyAbi, rwa.priceProxyBytecode, [at.aggregator])
  at.emitter = await chain.deploy(rwa.eventEmitterAbi, rwa.eventEmitterBytecode)
  at.plain = await chain.deploy(rwa.plainVaultAbi, rwa.plainVaultBytecode, [at.usd])
  at.holder = await chain.deploy(rwa.assetHolderAbi, rwa.assetHolderBytecode, [at.usd])
  const factory = await chain.deploy(factoryAbi, factoryBytecode)
  await chain.send(factory, factoryAbi, 'createPool', [at.gold, at.usd, 500])
  const pool = await chain.client.readContract({
    ...{ address: factory, abi: factoryAbi, functionName: 'getPool', args: [at.gold, at.usd, 500] },
  } as const)
  at.pool = lowerCase(pool)
})
afterAll(() => chain.stop())

const lowerCase = (address: Address): Address => `0x${address.slice(2).toLowerCase()}`
const describeOn = (request: ContractRequest) =>
  describeContract(request, { chainId: chain.chainId, client: chain.source.client })
const clientOf = (request: (call: { method: string; params?: unknown }) => Promise<unknown>) =>
  createPublicClient({ transport: custom({ request }, { retryCount: 0 }) })
const token = (address: Address, symbol: string, decimals: number, kind: Instrument['kind']) => ({
  ...{ id: `eip155:31337/erc20:${address}`, kind, symbol, decimals, quote: 'USD' },
})

describe('an address is enough', () => {
  test.each<[string, () => ContractRequest, () => object]>([
    [
      'for a token, whatever the case of its digits',
      () => ({ kind: 'erc20', address: `0x${at.gold.slice(2).toUpperCase()}` }),
      () => ({ kind: 'erc20', address: at.gold, instrument: token(at.gold, 'GOLD', 18, 'spot') }),
    ],
    [
      'for a pool: the dollar is its quote',
      () => ({ kind: 'pool', address: at.pool }),
      () => ({
        kind: 'pool',
        address: at.pool,
        base: { ...token(at.gold, 'GOLD', 18, 'spot'), quote: 'pUSD' },
        ...sides(),
      }),
    ],
    [
      'for a vault that is its own share',
      () => ({ kind: 'vault', address: at.bills }),
      () => ({
        ...{ kind: 'vault', address: at.bills, assetDecimals: 6 },
        instrument: token(at.bills, 'TBILL', 6, 'vaultShare'),
      }),
    ],
    [
      'for an asynchronous vault with a share token of its own (ERC-7575)',
      () => ({ kind: 'asyncVault', address: at.vault }),
      () => ({
        ...{ kind: 'asyncVault', address: at.vault, assetDecimals: 6, pollBlocks: null },
        instrument: token(at.fund, 'FUND', 18, 'vaultShare'),
      }),
    ],
    [
      'for an asynchronous vault that is its own share',
      () => ({ kind: 'asyncVault', address: at.bills, pollBlocks: 10 }),
      () => ({
        ...{ kind: 'asyncVault', address: at.bills, assetDecimals: 6, pollBlocks: 10 },
        instrument: token(at.bills, 'TBILL', 6, 'vaultShare'),
      }),
    ],
    [
      'for a permissioned token',
      () => ({ kind: 'permissionedToken', address: at.fund }),
      () => ({
        ...{ kind: 'permissionedToken', address: at.fund },
        instrument: token(at.fund, 'FUND', 18, 'navToken'),
      }),
    ],
    [
      'for a token that distributes yield',
      () => ({ kind: 'distributor', address: at.fund }),
      () => ({
        ...{ kind: 'distributor', address: at.fund, instrument: token(at.fund, 'FUND', 18, 'spot') },
      }),
    ],
    [
      'for an accountant: it names the share and the decimals of its rate',
      () => ({ kind: 'accountant', address: at.accountant }),
      () => ({
        ...{ kind: 'accountant', address: at.accountant, rateDecimals: 6 },
        instrument: token(at.fund, 'FUND', 18, 'vaultShare'),
      }),
    ],
    [
      'for an aggregator: its description names the pair',
      () => ({ kind: 'oracle', address: at.aggregator }),
      () => ({
        ...{ kind: 'oracle', address: at.aggregator, decimals: 8 },
        instrument: {
          ...{
            id: `oracle:31337/${at.aggregator}`,
            kind: 'index',
            symbol: 'PAXG',
            decimals: 8,
            quote: 'EUR',
          },
        },
      }),
    ],
    [
      'for the events of a token',
      () => ({ kind: 'events', address: at.gold, events: ['Approval(address indexed a, address b)'] }),
      () => ({
        ...{ kind: 'events', address: at.gold, events: ['Approval(address indexed a, address b)'] },
        instrument: token(at.gold, 'GOLD', 18, 'spot'),
      }),
    ],
  ])('%s', async (_name, request, expected) => {
    const spec = await describeOn(request())
    expect(spec).toEqual(expected())
    checkContracts([spec])
    // What was described describes itself: a second look changes nothing.
    expect(await describeOn(spec)).toEqual(spec)
  })

  test('for a pool, the quote token may be named', async () => {
    const { base, baseIsToken0 } = (await describeOn({
      ...{ kind: 'pool', address: at.pool, quoteToken: at.gold },
    })) as Extract<Awaited<ReturnType<typeof describeOn>>, { kind: 'pool' }>
    expect(base).toEqual({ ...token(at.usd, 'pUSD', 6, 'spot'), quote: 'GOLD' })
    expect(baseIsToken0).toBe(!sides().baseIsToken0)
  })

  test('what is given is kept', async () => {
    const instrument = { id: `eip155:31337/erc20:${at.gold}`, symbol: 'XAU', kind: 'navToken', quote: 'EUR' }
    expect(await describeOn({ kind: 'oracle', address: at.unnamed, instrument } as ContractRequest)).toEqual({
      ...{ kind: 'oracle', address: at.unnamed, decimals: 8, instrument: { ...instrument, decimals: 18 } },
    })
  })
})

function sides() {
  const baseIsToken0 = BigInt(at.gold) < BigInt(at.usd)
  const [token0Decimals, token1Decimals] = baseIsToken0 ? [18, 6] : [6, 18]
  return { baseIsToken0, token0Decimals, token1Decimals }
}

describe('refuses', () => {
  test.each<[string, () => ContractRequest, (() => string) | RegExp]>([
    [
      'an address without a contract',
      () => ({ kind: 'vault', address: chain.accounts[1]! }),
      () => `There is no contract at ${chain.accounts[1]}, where an ERC-4626 vault should be.`,
    ],
    [
      'a token as a vault',
      () => ({ kind: 'vault', address: at.gold }),
      () => `The contract ${at.gold} does not answer as an ERC-4626 vault: it has no asset().`,
    ],
    [
      'a vault without totalAssets()',
      () => ({ kind: 'vault', address: at.holder }),
      () => `The contract ${at.holder} does not answer as an ERC-4626 vault: it has no totalAssets().`,
    ],
    [
      'a vault without requests as an asynchronous one',
      () => ({ kind: 'asyncVault', address: at.plain }),
      () =>
        `The contract ${at.plain} does not answer as an ERC-7540 vault: it has no pendingDepositRequest() or pendingRedeemRequest().`,
    ],
    [
      'a contract without symbol as a token',
      () => ({ kind: 'erc20', address: at.emitter }),
      () => `The contract ${at.emitter} does not answer as an ERC-20 token: it has no totalSupply().`,
    ],
    [
      'a plain token as a permissioned one',
      () => ({ kind: 'permissionedToken', address: at.gold }),
      () => `The contract ${at.gold} does not answer as an ERC-3643 token: it has no paused().`,
    ],
    [
      'a token as a pool',
      () => ({ kind: 'pool', address: at.gold }),
      () => `The contract ${at.gold} does not answer as a Uniswap v3 pool: it has no token0().`,
    ],
    [
      'a quote token that is not in the pool',
      () => ({ kind: 'pool', address: at.pool, quoteToken: at.fund }),
      /^quoteToken 0x.* is none of the tokens of the pool 0x/,
    ],
    [
      'a token as an accountant',
      () => ({ kind: 'accountant', address: at.gold }),
      () => `The contract ${at.gold} does not answer as a BoringVault accountant: it has no getRate().`,
    ],
    [
      'a token as an aggregator',
      () => ({ kind: 'oracle', address: at.gold }),
      () =>
        `The contract ${at.gold} does not answer as a Chainlink aggregator: it has no latestRound() or latestRoundData().`,
    ],
    [
      'a proxy of an aggregator, which emits nothing',
      () => ({ kind: 'oracle', address: at.proxy }),
      () => `${at.proxy} is a proxy of a Chainlink aggregator: it emits no events.`,
    ],
    [
      'an aggregator that does not say what it prices',
      () => ({ kind: 'oracle', address: at.unnamed }),
      () => 'instrument.symbol is missing, and there is nothing to ask for it.',
    ],
    [
      'decimals that are not the token’s',
      () => ({ kind: 'erc20', address: at.usd, instrument: { decimals: 18 } }),
      () => `instrument.decimals is given as 18, but ${at.usd} has 6 decimals.`,
    ],
    [
      'events of no token without an instrument',
      () => ({ kind: 'events', address: at.emitter, events: ['Noted(uint256 a)'] }),
      () => `The contract ${at.emitter} does not answer as an ERC-20 token: it has no decimals().`,
    ],
  ])('%s', async (_name, request, message) => {
    const expected = typeof message === 'function' ? message() : message
    await expect(describeOn(request())).rejects.toThrow(expected)
    await expect(describeOn(request())).rejects.toMatchObject({ exitCode: 2 })
  })

  test.each([
    [-32_603, 'missing trie node', 3],
    [-32_005, 'limit exceeded', 3],
    [-32_000, 'header not found', 3],
    [3, 'execution reverted', 2],
    [-32_000, 'execution reverted', 2],
    [-32_015, 'VM execution error.', 2],
    [-32_000, 'invalid opcode: PUSH0', 2],
  ])(
    'to take a node that fails for a contract that does, and the other way round: %i %s',
    async (...given) => {
      const [code, message, exitCode] = given
      const client = clientOf(async ({ method }) => {
        if (method === 'eth_getCode') return '0x60'
        throw Object.assign(new Error(message), { code })
      })
      const options = { chainId: 1, client, blockNumber: 1n, endpoint: 'http://host' }
      await expect(describeContract({ kind: 'erc20', address: at.gold }, options)).rejects.toMatchObject({
        exitCode,
        message:
          exitCode === 3
            ? `The node at http://host failed to answer eth_call: ${message}`
            : `The contract ${at.gold} does not answer as an ERC-20 token: it has no totalSupply().`,
      })
    },
  )

  test('to hide what its own source says of the node', async () => {
    const client = clientOf(async ({ method }) => {
      if (method === 'eth_getCode') return '0x60'
      throw new UnavailableError('The node at x failed.', { hint: 'Wait.' })
    })
    await expect(
      describeContract({ kind: 'erc20', address: at.gold }, { chainId: 31_337, client, blockNumber: 1n }),
    ).rejects.toMatchObject({ message: 'The node at x failed.', exitCode: 3 })
  })
})

test('a recording cannot be asked: everything must be given, and the field that is missing is named', async () => {
  const offline = (request: ContractRequest) => describeContract(request, { chainId: 1, client: null })
  await expect(offline({ kind: 'erc20', address: at.gold })).rejects.toThrow('instrument.symbol is missing')
  await expect(
    offline({ kind: 'vault', address: at.gold, instrument: { symbol: 'X', decimals: 6 } }),
  ).rejects.toThrow('assetDecimals is missing')
  const instrument = { symbol: 'X', decimals: 6 }
  expect(await offline({ kind: 'vault', address: at.gold, instrument, assetDecimals: 6 })).toEqual({
    ...{ kind: 'vault', address: at.gold, assetDecimals: 6 },
    instrument: { id: `eip155:1/erc20:${at.gold}`, kind: 'vaultShare', quote: 'USD', ...instrument },
  })
})

test('all answers are of one block, and those of one contract come in few requests', async () => {
  const before = await chain.client.getBlockNumber()
  const early = await chain.deploy(rwa.priceAggregatorAbi, rwa.priceAggregatorBytecode, [8, 'A / B'])
  const options = { chainId: chain.chainId, client: chain.source.client }
  await expect(
    describeContract({ kind: 'oracle', address: early }, { ...options, blockNumber: before }),
  ).rejects.toThrow(`There is no contract at ${early}`)

  const asked: string[] = []
  const client = clientOf(async call => {
    asked.push(call.method)
    return chain.source.client.request(call as never)
  })
  await describeContract({ kind: 'permissionedToken', address: at.fund }, { chainId: chain.chainId, client })
  // Block, code, what proves the kind, what describes it.
  expect(asked.filter(method => method === 'eth_call').length).toBeLessThanOrEqual(2)
})
