import { encodeFunctionData, type Hex } from 'viem'
import { marketTokenAbi, poolTraderAbi, treasuryBillVaultAbi } from '../../contracts/abi/index.ts'
import { type Address, exactExp, exactLog, gaussian, type Random } from '../../core/index.ts'
import { FULL_RANGE_TICK, type LocalMarket, OPENING_PRICE, OPENING_RATE, poolAbi } from './deployMarket.ts'
import type { NodeRpc } from './nodeRpc.ts'

/** Seconds between blocks of the local market. */
export const BLOCK_SECONDS = 60
/** Standard deviation of the true value's log return per block: 36 % a year at one block a minute. */
const VALUE_VOLATILITY = 5e-4
/** Drift per block while a trend lasts, and the chance per block that it changes. */
const TREND_DRIFT = 1.2e-4
const TREND_CHANGE = 0.02
/** Annual yield that the vault's published rate accrues at. */
const VAULT_YIELD = 0.05
const BLOCKS_PER_PUBLICATION = 61
const BLOCKS_PER_YEAR = (365.25 * 86_400) / BLOCK_SECONDS

const MIN_SQRT_PRICE = 4_295_128_740n
const MAX_SQRT_PRICE = 1_461_446_703_485_210_103_287_273_052_203_988_822_378_723_970_341n

/** Participants that act on the market, block after block; the same seed gives the same blocks. */
export type Participants = {
  /** Sends one block's transactions and mines them. */
  block(): Promise<void>
  /** Mines what others have sent since, in a block without the participants. */
  closingBlock(): Promise<void>
}

/**
 * Seeded participants around a hidden true value that trends: an informed trader closes part of the gap
 * between value and price, so that flow predicts returns; noise traders, a trend follower, a liquidity
 * provider, token holders, vault subscribers and the vault's accountant make the rest of the market.
 */
export function createParticipants(
  rpc: NodeRpc,
  market: LocalMarket,
  { random, startSeconds }: { readonly random: Random; readonly startSeconds: number },
): Participants {
  const [informed, follower, ...noise] = market.traders as [Address, Address, ...Address[]]
  let time = startSeconds
  let height = 0
  let logValue = exactLog(OPENING_PRICE)
  let drift = 0
  let previousPrice = OPENING_PRICE
  let rate = Number(OPENING_RATE)
  let extraLiquidity = 0n
  let pendingShares = 0n

  type Call = readonly [from: Address, to: Address, data: Hex]
  const swap = (from: Address, usdAmount: number, buysGold: boolean, price: number): Call => {
    const zeroForOne = buysGold !== market.goldIsToken0
    const amount = buysGold
      ? BigInt(Math.round(usdAmount * 1e6))
      : BigInt(Math.round((usdAmount / price) * 1e9)) * 10n ** 9n
    return [
      from,
      market.trader,
      encodeFunctionData({
        abi: poolTraderAbi,
        functionName: 'swap',
        args: [market.pool, zeroForOne, amount, zeroForOne ? MIN_SQRT_PRICE : MAX_SQRT_PRICE],
      }),
    ]
  }
  const size = (median: number) => median * exactExp(0.9 * gaussian(random))
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T

  async function price(): Promise<number> {
    const slot0 = await rpc.call(market.pool, encodeFunctionData({ abi: poolAbi, functionName: 'slot0' }))
    const root = Number(BigInt(slot0.slice(0, 66))) / 2 ** 96
    return (market.goldIsToken0 ? root * root : 1 / (root * root)) * 1e12
  }

  function trades(now: number): Call[] {
    const calls: Call[] = []
    const gap = logValue - exactLog(now)
    if (Math.abs(gap) > 8e-4 && random() < 0.5)
      calls.push(swap(informed, Math.min(400_000, Math.abs(gap) * 1e7 * (0.5 + random())), gap > 0, now))
    const move = exactLog(now / previousPrice)
    if (Math.abs(move) > 4e-4 && random() < 0.4) calls.push(swap(follower, size(12_000), move > 0, now))
    for (let chance = 0.75; random() < chance; chance *= 0.7)
      calls.push(swap(pick(noise), size(9_000), random() < 0.5, now))
    return calls
  }

  function liquidity(): Call[] {
    if (random() > 0.03) return []
    const step = 10n ** 16n * BigInt(1 + Math.floor(random() * 50))
    if (extraLiquidity > step && random() < 0.5) {
      extraLiquidity -= step
      const range = [-FULL_RANGE_TICK, FULL_RANGE_TICK] as const
      const burn = encodeFunctionData({ abi: poolAbi, functionName: 'burn', args: [...range, step] })
      const most = 2n ** 128n - 1n
      const collect = encodeFunctionData({
        abi: poolAbi,
        functionName: 'collect',
        args: [market.liquidityProvider, ...range, most, most],
      })
      return [
        [market.liquidityProvider, market.pool, burn],
        [market.liquidityProvider, market.pool, collect],
      ]
    }
    extraLiquidity += step
    const mint = encodeFunctionData({
      abi: poolTraderAbi,
      functionName: 'mint',
      args: [market.pool, -FULL_RANGE_TICK, FULL_RANGE_TICK, step],
    })
    return [[market.liquidityProvider, market.trader, mint]]
  }

  function holders(): Call[] {
    if (random() > 0.15) return []
    const amount = BigInt(Math.round(size(3) * 1e6)) * 10n ** 12n
    const issue = random() < 0.2
    const data = issue
      ? encodeFunctionData({ abi: marketTokenAbi, functionName: 'mint', args: [pick(noise), amount] })
      : encodeFunctionData({ abi: marketTokenAbi, functionName: 'transfer', args: [pick(noise), amount] })
    return [[issue ? market.issuer : pick(market.traders), market.gold, data]]
  }

  function vault(): Call[] {
    const calls: Call[] = []
    if (height % BLOCKS_PER_PUBLICATION === 0) {
      rate *= exactExp((VAULT_YIELD * BLOCKS_PER_PUBLICATION) / BLOCKS_PER_YEAR)
      const args = [BigInt(Math.round(rate))] as const
      calls.push([
        market.accountant,
        market.vault,
        encodeFunctionData({ abi: treasuryBillVaultAbi, functionName: 'publishRate', args }),
      ])
    }
    const saver = noise[0]
    if (saver === undefined) return calls
    if (height % 47 === 0) {
      const args = [BigInt(Math.round(size(50_000))) * 10n ** 6n, saver] as const
      calls.push([
        saver,
        market.vault,
        encodeFunctionData({ abi: treasuryBillVaultAbi, functionName: 'deposit', args }),
      ])
    }
    if (height % 97 === 50) {
      const shares = 1_000n * 10n ** 6n
      pendingShares += shares
      const args = [shares, saver, saver] as const
      calls.push([
        saver,
        market.vault,
        encodeFunctionData({ abi: treasuryBillVaultAbi, functionName: 'requestRedeem', args }),
      ])
    }
    if (height % 97 === 80 && pendingShares > 0n) {
      calls.push([
        market.accountant,
        market.vault,
        encodeFunctionData({
          abi: treasuryBillVaultAbi,
          functionName: 'fulfilRedeem',
          args: [saver, pendingShares],
        }),
      ])
      pendingShares = 0n
    }
    return calls
  }

  return {
    async block() {
      height += 1
      time += BLOCK_SECONDS
      if (random() < TREND_CHANGE) drift = TREND_DRIFT * pick([-1, 0, 0, 1])
      logValue += drift + VALUE_VOLATILITY * gaussian(random)
      const now = await price()
      const calls = [...trades(now), ...liquidity(), ...holders(), ...vault()]
      previousPrice = now
      await Promise.all(calls.map(([from, to, data]) => rpc.send(from, to, data)))
      await rpc.mineAt(time)
    },
    closingBlock() {
      time += BLOCK_SECONDS
      return rpc.mineAt(time)
    },
  }
}
