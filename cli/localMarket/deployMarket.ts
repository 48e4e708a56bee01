import { createRequire } from 'node:module'
import { encodeDeployData, encodeFunctionData, type Hex, parseAbi } from 'viem'
import { z } from 'zod'
import type { ContractSpec } from '../../chain-ingest/index.ts'
import {
  marketTokenAbi,
  marketTokenBytecode,
  poolTraderAbi,
  poolTraderBytecode,
  treasuryBillVaultAbi,
  treasuryBillVaultBytecode,
} from '../../contracts/abi/index.ts'
import { type Address, erc20InstrumentId, type Instrument, UnavailableError } from '../../core/index.ts'
import type { NodeRpc } from './nodeRpc.ts'

/** US dollars for one ounce at the start. */
export const OPENING_PRICE = 2_400
/** Assets for one whole vault share at the start, with six decimals. */
export const OPENING_RATE = 1_000_000n
/** Fee tier of the pool: 0.05 %, in hundredths of a basis point, and its tick spacing. */
const POOL_FEE = 500
/** The widest range that the tick spacing of this tier allows. */
export const FULL_RANGE_TICK = 887_270
/** US dollars on the pool's quote side at the start: a 10,000 dollar trade then moves the price by 1.7 basis points. */
const POOL_DEPTH_USD = 120_000_000

export const poolAbi = parseAbi([
  'function initialize(uint160 sqrtPriceX96)',
  'function slot0() view returns (uint160 sqrtPriceX96, int24 tick, uint16, uint16, uint16, uint8, bool)',
  'function token0() view returns (address)',
  'function burn(int24 tickLower, int24 tickUpper, uint128 amount) returns (uint256, uint256)',
  'function collect(address recipient, int24 tickLower, int24 tickUpper, uint128 amount0, uint128 amount1) returns (uint128, uint128)',
])
const factoryAbi = parseAbi([
  'function createPool(address tokenA, address tokenB, uint24 fee) returns (address)',
  'function getPool(address, address, uint24) view returns (address)',
])

/** The local market's contracts and the accounts that act on them. */
export type LocalMarket = {
  readonly gold: Address
  readonly usd: Address
  readonly vault: Address
  readonly pool: Address
  readonly trader: Address
  readonly goldIsToken0: boolean
  readonly issuer: Address
  readonly accountant: Address
  readonly liquidityProvider: Address
  readonly traders: readonly Address[]
  readonly goldInstrument: Instrument
  readonly vaultInstrument: Instrument
  /** What ingest reads of it. */
  readonly contracts: readonly ContractSpec[]
  /** First block that holds anything of the market. */
  readonly fromBlock: number
}

/**
 * Deploys a gold token, a dollar, a treasury-bill vault with a published rate and a Uniswap v3 pool (the
 * published artifact) on a local chain, and funds the participants. Needs a node with automine and at least
 * eight unlocked accounts.
 */
export async function deployMarket(rpc: NodeRpc, chainId: number): Promise<LocalMarket> {
  const [issuer, accountant, liquidityProvider, ...traders] = await rpc.accounts()
  if (
    issuer === undefined ||
    accountant === undefined ||
    liquidityProvider === undefined ||
    traders.length < 5
  )
    throw new UnavailableError('The local chain has fewer than eight accounts.', {
      hint: 'Let touchstone start the local chain itself.',
    })
  const fromBlock = (await rpc.blockNumber()) + 1
  const deploy = async (data: Hex) => {
    const { contractAddress } = await rpc.execute(issuer, null, data)
    if (contractAddress === null)
      throw new UnavailableError('A deployment made no contract.', { hint: 'Try again.' })
    return contractAddress.toLowerCase() as Address
  }
  const token = (name: string, symbol: string, decimals: number) =>
    deploy(
      encodeDeployData({
        abi: marketTokenAbi,
        bytecode: marketTokenBytecode,
        args: [name, symbol, decimals, issuer],
      }),
    )
  const gold = await token('Vaulted Gold Ounce', 'GOLD', 18)
  const usd = await token('Local Dollar', 'USDL', 6)
  const vault = await deploy(
    encodeDeployData({
      abi: treasuryBillVaultAbi,
      bytecode: treasuryBillVaultBytecode,
      args: [usd, 'Treasury Bill Vault', 'TBILL', accountant, OPENING_RATE, 3_600n, 5],
    }),
  )
  const trader = await deploy(encodeDeployData({ abi: poolTraderAbi, bytecode: poolTraderBytecode }))
  const factory = await deploy(uniswapFactoryBytecode())
  await rpc.execute(
    issuer,
    factory,
    encodeFunctionData({ abi: factoryAbi, functionName: 'createPool', args: [gold, usd, POOL_FEE] }),
  )
  const found = await rpc.call(
    factory,
    encodeFunctionData({ abi: factoryAbi, functionName: 'getPool', args: [gold, usd, POOL_FEE] }),
  )
  const pool: Address = `0x${found.slice(-40)}`
  const goldIsToken0 = BigInt(gold) < BigInt(usd)
  const sqrtPriceX96 = openingSqrtPriceX96(goldIsToken0)
  await rpc.execute(
    issuer,
    pool,
    encodeFunctionData({ abi: poolAbi, functionName: 'initialize', args: [sqrtPriceX96] }),
  )

  const mint = (asset: Address, to: Address, amount: bigint) =>
    rpc.execute(
      issuer,
      asset,
      encodeFunctionData({ abi: marketTokenAbi, functionName: 'mint', args: [to, amount] }),
    )
  const approve = (owner: Address, asset: Address, spender: Address) =>
    rpc.execute(
      owner,
      asset,
      encodeFunctionData({ abi: marketTokenAbi, functionName: 'approve', args: [spender, 2n ** 256n - 1n] }),
    )
  for (const owner of [liquidityProvider, ...traders]) {
    await mint(gold, owner, 200_000n * 10n ** 18n)
    await mint(usd, owner, 500_000_000n * 10n ** 6n)
    await approve(owner, gold, trader)
    await approve(owner, usd, trader)
    await approve(owner, usd, vault)
  }
  // Liquidity over the whole range holds quote = liquidity × √(quote/base), both in smallest units.
  const rootRaw = goldIsToken0 ? sqrtPriceX96 : 2n ** 192n / sqrtPriceX96
  const liquidity = (BigInt(POOL_DEPTH_USD) * 10n ** 6n * 2n ** 96n) / rootRaw
  await rpc.execute(
    liquidityProvider,
    trader,
    encodeFunctionData({
      abi: poolTraderAbi,
      functionName: 'mint',
      args: [pool, -FULL_RANGE_TICK, FULL_RANGE_TICK, liquidity],
    }),
  )

  const goldInstrument: Instrument = {
    id: erc20InstrumentId(chainId, gold),
    kind: 'spot',
    symbol: 'GOLD',
    decimals: 18,
    quote: 'USD',
  }
  const vaultInstrument: Instrument = {
    id: erc20InstrumentId(chainId, vault),
    kind: 'vaultShare',
    symbol: 'TBILL',
    decimals: 6,
    quote: 'USD',
  }
  return {
    ...{
      gold,
      usd,
      vault,
      pool,
      trader,
      goldIsToken0,
      issuer,
      accountant,
      liquidityProvider,
      traders,
      fromBlock,
    },
    goldInstrument,
    vaultInstrument,
    contracts: [
      {
        kind: 'pool',
        address: pool,
        base: goldInstrument,
        baseIsToken0: goldIsToken0,
        token0Decimals: goldIsToken0 ? 18 : 6,
        token1Decimals: goldIsToken0 ? 6 : 18,
      },
      { kind: 'erc20', address: gold, instrument: goldInstrument },
      { kind: 'accountant', address: vault, instrument: vaultInstrument, rateDecimals: 6 },
      { kind: 'vault', address: vault, instrument: vaultInstrument, assetDecimals: 6 },
    ],
  }
}

/** √(token1/token0) in Q64.96, both in smallest units, at the opening price. */
function openingSqrtPriceX96(goldIsToken0: boolean): bigint {
  const usdUnits = BigInt(OPENING_PRICE) * 10n ** 6n
  const goldUnits = 10n ** 18n
  const [numerator, denominator] = goldIsToken0 ? [usdUnits, goldUnits] : [goldUnits, usdUnits]
  return integerRoot((numerator * 2n ** 192n) / denominator)
}

function integerRoot(value: bigint): bigint {
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 2))
  for (;;) {
    const next = (root + value / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

function uniswapFactoryBytecode(): Hex {
  const artifact = z
    .object({ bytecode: z.custom<Hex>(value => typeof value === 'string' && value.startsWith('0x')) })
    .parse(
      createRequire(import.meta.url)(
        '@uniswap/v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json',
      ),
    )
  return artifact.bytecode
}
