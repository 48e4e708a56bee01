import fc from 'fast-check'
import { type AbiEvent, encodeAbiParameters, encodeEventTopics, type Hex, parseAbiItem } from 'viem'
import { describe, expect, test } from 'vitest'
import { type Address, unixMs, ZERO_HASH } from '../../core/index.ts'
import { PAXG, WETH, WETH_POOL } from '../testing/instruments.conformance.ts'
import { decodeRawChainRow } from './chainRow.ts'
import { type ContractSpec, checkContracts, streamOf } from './contractSpec.ts'
import { normaliseByFirst, normaliseLog } from './normaliseLog.ts'
import { derivedBlockHash, type PlacedLog, placeLog } from './placeLog.ts'
import { poolPriceE8 } from './poolPrice.ts'
import { parseRpcLog, type RpcLog } from './rpcLog.ts'

const ADDRESS: Address = `0x${'ab'.repeat(20)}`
const A: Address = `0x${'a1'.repeat(20)}`
const B: Address = `0x${'b2'.repeat(20)}`
const BLOCK_TIME = unixMs(1_700_000_000_000)

function log(signature: string, args: Record<string, unknown>, address = ADDRESS): PlacedLog {
  const abi = parseAbiItem(`event ${signature}`) as AbiEvent
  const plain = abi.inputs.filter(input => !input.indexed)
  return {
    address,
    topics: encodeEventTopics({ abi: [abi], args } as never) as Hex[],
    data: encodeAbiParameters(plain, plain.map(input => args[input.name ?? '']) as never),
    blockNumber: 7,
    blockHash: ZERO_HASH,
    blockTime: BLOCK_TIME,
    transactionHash: ZERO_HASH,
    logIndex: 3,
    estimated: [],
  }
}

const value = (entry: PlacedLog, spec: ContractSpec) =>
  normaliseLog(entry, spec, { chainId: 1 })?.value ?? null

describe('pool', () => {
  const swap = (amount0: bigint, amount1: bigint, sqrtPriceX96: bigint) =>
    log(
      'Swap(address indexed sender,address indexed recipient,int256 amount0,int256 amount1,uint160 sqrtPriceX96,uint128 liquidity,int24 tick)',
      { sender: A, recipient: B, amount0, amount1, sqrtPriceX96, liquidity: 5n, tick: -3 },
    )
  const pool = { ...WETH_POOL, address: ADDRESS }

  test('a swap is told from the trader’s side, in both orientations', () => {
    const event = normaliseLog(
      swap(-2_000_000_000n, 10n ** 18n, 1_771_595_571_142_957_102_961_017_161_607_260n),
      pool,
      {
        chainId: 1,
        finalityDelayMs: 12_000,
      },
    )
    expect(event).toEqual({
      instrument: WETH.id,
      validAt: BLOCK_TIME,
      knownAt: BLOCK_TIME + 12_000,
      lineage: {
        kind: 'chain',
        chainId: 1,
        address: ADDRESS,
        blockNumber: 7,
        blockHash: ZERO_HASH,
        transactionHash: ZERO_HASH,
        logIndex: 3,
        estimated: [],
      },
      value: {
        type: 'swap',
        pool: ADDRESS,
        baseDelta: -(10n ** 18n),
        quoteDelta: 2_000_000_000n,
        notionalE8: 200_000_000_000n,
        priceE8: 200_000_000_000n,
        sqrtPriceX96: 1_771_595_571_142_957_102_961_017_161_607_260n,
        liquidity: 5n,
        tick: -3,
        sender: A,
        recipient: B,
      },
    })
    // The same pool with its tokens the other way round: price √(2000·10⁻¹²).
    const mirrored = { ...pool, baseIsToken0: true, token0Decimals: 18, token1Decimals: 6 }
    expect(
      value(swap(10n ** 18n, -2_000_000_000n, 3_543_191_142_285_914_205_922_034n), mirrored),
    ).toMatchObject({
      baseDelta: -(10n ** 18n),
      quoteDelta: 2_000_000_000n,
      notionalE8: 200_000_000_000n,
      priceE8: 199_999_999_999n,
    })
    expect(value(swap(1n, -1n, 0n), pool)).toBeNull()
  })

  test('the two orientations of a price are inverse, within rounding', () => {
    const decimals = fc.integer({ min: 0, max: 24 })
    const root = fc.bigInt({ min: 1n << 64n, max: 1n << 128n })
    fc.assert(
      fc.property(root, decimals, decimals, (sqrtPriceX96, token0Decimals, token1Decimals) => {
        const tokens = { token0Decimals, token1Decimals }
        const price = poolPriceE8(sqrtPriceX96, { ...tokens, baseIsToken0: true })!
        const inverse = poolPriceE8(sqrtPriceX96, { ...tokens, baseIsToken0: false })!
        // Each is rounded down by less than one unit.
        expect(price * inverse <= 10n ** 16n).toBe(true)
        expect((price + 1n) * (inverse + 1n) > 10n ** 16n).toBe(true)
      }),
    )
  })

  test('mint, burn and collect', () => {
    const place = { owner: A, tickLower: -887_270, tickUpper: 10, amount: 9n, amount0: 1n, amount1: 2n }
    const mint = log(
      'Mint(address sender,address indexed owner,int24 indexed tickLower,int24 indexed tickUpper,uint128 amount,uint256 amount0,uint256 amount1)',
      { sender: B, ...place },
    )
    const burn = log(
      'Burn(address indexed owner,int24 indexed tickLower,int24 indexed tickUpper,uint128 amount,uint256 amount0,uint256 amount1)',
      place,
    )
    const collect = log(
      'Collect(address indexed owner,address recipient,int24 indexed tickLower,int24 indexed tickUpper,uint128 amount0,uint128 amount1)',
      { recipient: B, ...place },
    )
    const { amount: _, ...shown } = place
    expect(value(mint, pool)).toEqual({ type: 'liquidity', pool: ADDRESS, liquidityDelta: 9n, ...shown })
    expect(value(burn, pool)).toEqual({ type: 'liquidity', pool: ADDRESS, liquidityDelta: -9n, ...shown })
    expect(value(collect, pool)).toEqual({
      type: 'collect',
      pool: ADDRESS,
      owner: A,
      amount0: 1n,
      amount1: 2n,
    })
  })
})

describe('vault', () => {
  const vault: ContractSpec = { kind: 'vault', address: ADDRESS, instrument: PAXG, assetDecimals: 6 }
  const flow = { sender: B, owner: A, receiver: B, assets: 5n, shares: 4n }
  test.each([
    [
      'Deposit(address indexed sender,address indexed owner,uint256 assets,uint256 shares)',
      flow,
      { type: 'vaultFlow', direction: 'deposit', owner: A, assets: 5n, shares: 4n },
    ],
    [
      'Withdraw(address indexed sender,address indexed receiver,address indexed owner,uint256 assets,uint256 shares)',
      flow,
      { type: 'vaultFlow', direction: 'withdraw', owner: A, assets: 5n, shares: 4n },
    ],
    [
      'DepositRequest(address indexed controller,address indexed owner,uint256 indexed requestId,address sender,uint256 assets)',
      { controller: A, owner: B, requestId: 8n, sender: B, assets: 5n },
      {
        type: 'vaultRequest',
        stage: 'depositRequested',
        controller: A,
        requestId: 8n,
        assets: 5n,
        shares: null,
      },
    ],
    [
      'RedeemRequest(address indexed controller,address indexed owner,uint256 indexed requestId,address sender,uint256 shares)',
      { controller: A, owner: B, requestId: 8n, sender: B, shares: 4n },
      {
        type: 'vaultRequest',
        stage: 'redeemRequested',
        controller: A,
        requestId: 8n,
        assets: null,
        shares: 4n,
      },
    ],
    [
      'RedeemFulfilled(address indexed controller,uint256 shares,uint256 assets,uint256 actualAssets)',
      { controller: A, shares: 4n, assets: 5n, actualAssets: 3n },
      {
        type: 'vaultRequest',
        stage: 'redeemFulfilled',
        controller: A,
        requestId: null,
        assets: 3n,
        shares: 4n,
      },
    ],
  ])('%s', (signature, args, expected) => {
    expect(value(log(signature, args), vault)).toEqual(expected)
  })

  test('that is its own share token: the first specification that recognises a log wins', () => {
    const share: ContractSpec = { kind: 'erc20', address: ADDRESS, instrument: PAXG }
    const other: ContractSpec = { ...share, instrument: WETH }
    const transfer = log('Transfer(address indexed from,address indexed to,uint256 value)', {
      from: A,
      to: B,
      value: 6n,
    })
    const read = (contracts: ContractSpec[]) => normaliseByFirst(transfer, contracts, { chainId: 1 })
    expect(read([vault, share, other])?.instrument).toBe(PAXG.id)
    expect(read([vault, other, share])?.instrument).toBe(WETH.id)
    expect(read([share])?.value).toEqual({ type: 'transfer', from: A, to: B, amount: 6n })
    expect(read([vault])).toBeNull()
    expect(read([{ ...share, address: B }])).toBeNull()
  })
})

describe('nav', () => {
  const accountant: ContractSpec = { kind: 'accountant', address: ADDRESS, instrument: PAXG, rateDecimals: 6 }
  const oracle: ContractSpec = { kind: 'oracle', address: ADDRESS, instrument: PAXG, decimals: 18 }
  const rate = (newRate: bigint, currentTime: bigint) =>
    log('ExchangeRateUpdated(uint96 oldRate,uint96 newRate,uint64 currentTime)', {
      oldRate: 1n,
      newRate,
      currentTime,
    })
  const answer = (current: bigint, updatedAt: bigint) =>
    log('AnswerUpdated(int256 indexed current,uint256 indexed roundId,uint256 updatedAt)', {
      current,
      roundId: 1n,
      updatedAt,
    })

  test('is valid at the time that the event names, and known at its block’s', () => {
    const options = { chainId: 1, finalityDelayMs: 500 }
    expect(normaliseLog(rate(1_043_210n, 1_699_999_000n), accountant, options)).toMatchObject({
      validAt: 1_699_999_000_000,
      knownAt: BLOCK_TIME + 500,
      value: { type: 'nav', navE8: 104_321_000n },
    })
    expect(
      normaliseLog(answer(2n * 10n ** 18n + 19n * 10n ** 9n, 1_699_999_500n), oracle, options),
    ).toMatchObject({
      validAt: 1_699_999_500_000,
      value: { type: 'nav', navE8: 200_000_001n },
    })
  })

  test('a rate that cannot be true is no event', () => {
    expect(value(rate(0n, 1_699_999_000n), accountant)).toBeNull()
    expect(value(answer(-5n, 1_699_999_000n), oracle)).toBeNull()
    expect(value(answer(5n, 2n ** 255n), oracle)).toBeNull()
  })
})

describe('a source row', () => {
  const row: RpcLog = {
    address: `0x${'AB'.repeat(20)}`,
    topics: log('Transfer(address indexed from,address indexed to,uint256 value)', {
      from: A,
      to: B,
      value: 6n,
    }).topics,
    data: `0x${'6'.padStart(64, '0')}`,
    blockNumber: '0x10',
    blockHash: null,
    blockTimestamp: null,
    transactionHash: `0x${'cd'.repeat(32)}`,
    transactionIndex: null,
    logIndex: '0x2',
  }
  const contracts: ContractSpec[] = [{ kind: 'erc20', address: ADDRESS, instrument: PAXG }]
  const anchor = { blockNumber: 10, timeMs: unixMs(1_700_000_000_000), blockTimeMs: 12_250 }

  test('is completed from what is known, and says what was not', () => {
    expect(decodeRawChainRow(JSON.stringify(row), contracts, { chainId: 5, anchor })).toMatchObject({
      validAt: 1_700_000_073_000,
      lineage: { blockHash: derivedBlockHash(5, 16), estimated: ['blockHash', 'blockTime'] },
    })
    const header = { hash: ZERO_HASH, timestamp: '0x64' }
    expect(decodeRawChainRow(JSON.stringify({ ...row, header }), contracts, { chainId: 5 })).toMatchObject({
      validAt: 100_000,
      lineage: { blockHash: ZERO_HASH, estimated: [] },
    })
    expect(() => placeLog(row, null, { chainId: 5 })).toThrow('Block 16 has no recorded time')
    expect(derivedBlockHash(5, 16)).not.toBe(derivedBlockHash(6, 16))
    expect(() => decodeRawChainRow('{"topics":', contracts, { chainId: 5 })).toThrow('it is not JSON')
    expect(() => decodeRawChainRow('{"topics":[]}', contracts, { chainId: 5 })).toThrow('is not 20 bytes')
  })

  test.each([
    [{ topics: ['0x12'] }, 'topic "0x12" is not 32 bytes'],
    [{ data: '0x123' }, 'data "0x123" is not whole bytes'],
    [{ blockNumber: null }, 'blockNumber null is not a block number'],
    [{ logIndex: '12' }, 'logIndex "12" is not an index'],
    [{ blockHash: '0x12' }, 'blockHash "0x12" is neither 32 bytes nor null'],
    [{ blockTimestamp: 12 }, 'blockTimestamp 12 is neither a time nor null'],
    [{ transactionHash: null }, 'transactionHash null is not 32 bytes'],
    [{ removed: true }, 'it is marked as removed by a reorg'],
  ])('%j is refused', (change, problem) => {
    expect(parseRpcLog({ ...row, ...change })).toBe(problem)
  })
})

test('contracts are checked before anything is read', () => {
  expect(() => checkContracts([])).toThrow('There is no contract to read.')
  expect(() => checkContracts([{ ...WETH_POOL, address: '0x12' }])).toThrow('is not an address')
  expect(() => checkContracts([{ ...WETH_POOL, baseIsToken0: true }])).toThrow(
    'WETH has 18 decimals, but the pool',
  )
  expect(() => checkContracts([{ ...WETH_POOL, token0Decimals: 6.5 }])).toThrow('not a number of decimals')
  expect(streamOf([WETH_POOL])).toBe(
    streamOf([{ ...WETH_POOL, address: '0x88E6a0c2dDD26FEEb64F039a2c41296FcB3f5640' }]),
  )
  expect(streamOf([WETH_POOL])).not.toBe(streamOf([{ ...WETH_POOL, token0Decimals: 7 }]))
})
