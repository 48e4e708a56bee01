import {
  type ChainLineage,
  type Hash,
  type MarketEvent,
  type MarketValue,
  priceE8,
  quantity,
  type UnixMs,
  unixMs,
} from '../../core/index.ts'
import { type ContractSpec, instrumentOf, type PoolSpec } from './contractSpec.ts'
import { eventDecoders } from './eventDecoders.ts'
import type { PlacedLog } from './placeLog.ts'
import { magnitudeE8, poolPriceE8 } from './poolPrice.ts'

/** What every event of one source has in common. */
export type NormaliseOptions = {
  readonly chainId: number
  /** Time after a block at which its events count as known; 0 when absent. */
  readonly finalityDelayMs?: number
}

/** What a log says, and the time it describes where that is not its block's. */
type Reading = { readonly value: MarketValue; readonly validAt?: UnixMs }
type Reader = (log: PlacedLog) => Reading | null

/**
 * Reads a log as its contract's kind says. Null when the contract's kind has no such event, the log is not
 * exactly of its form, or its value cannot be true (a rate of zero, a time beyond representation).
 *
 * `knownAt` is the block's time plus the finality delay. `validAt` is the block's time, except for a NAV,
 * where it is the time that the event itself names. Amounts of a swap are the trader's: the pool's, negated.
 */
export function normaliseLog(
  log: PlacedLog,
  spec: ContractSpec,
  { chainId, finalityDelayMs = 0 }: NormaliseOptions,
): MarketEvent | null {
  const reading = read(log, spec)
  if (reading === null) return null
  const lineage: ChainLineage = {
    kind: 'chain',
    chainId,
    address: log.address,
    blockNumber: log.blockNumber,
    blockHash: log.blockHash,
    transactionHash: log.transactionHash,
    logIndex: log.logIndex,
    estimated: log.estimated,
  }
  return {
    instrument: instrumentOf(spec).id,
    validAt: reading.validAt ?? log.blockTime,
    knownAt: unixMs(log.blockTime + finalityDelayMs),
    lineage,
    value: reading.value,
  }
}

/**
 * Reads a log by the first of the contracts that recognises it. One log makes at most one event, so that a
 * place (source, block, log index) is unique even where two specifications share an address.
 */
export function normaliseByFirst(
  log: PlacedLog,
  contracts: readonly ContractSpec[],
  options: NormaliseOptions,
): MarketEvent | null {
  for (const spec of contracts) {
    if (spec.address !== log.address && spec.address.toLowerCase() !== log.address) continue
    const event = normaliseLog(log, spec, options)
    if (event !== null) return event
  }
  return null
}

function read(log: PlacedLog, spec: ContractSpec): Reading | null {
  const topic0 = log.topics[0]
  if (topic0 === undefined) return null
  switch (spec.kind) {
    case 'pool':
      return readPool(topic0, log, spec)
    case 'accountant':
      return readRate(log, spec.rateDecimals)
    case 'oracle':
      return readAnswer(log, spec.decimals)
    case 'erc20':
      return readTransfer(log)
    case 'vault':
      return VAULT_READERS.get(topic0)?.(log) ?? null
  }
}

function readPool(topic0: Hash, log: PlacedLog, spec: PoolSpec): Reading | null {
  if (topic0 !== eventDecoders.swap.topic0) return POOL_READERS.get(topic0)?.(log) ?? null
  const swap = eventDecoders.swap.decode(log)
  const price = swap === null ? null : poolPriceE8(swap.sqrtPriceX96, spec)
  if (swap === null || price === null) return null
  const { amount0, amount1, sender, recipient, sqrtPriceX96, liquidity, tick } = swap
  const [base, quote] = spec.baseIsToken0 ? [amount0, amount1] : [amount1, amount0]
  return {
    value: {
      type: 'swap',
      pool: log.address,
      baseDelta: quantity(-base),
      quoteDelta: -quote,
      notionalE8: magnitudeE8(quote, spec.baseIsToken0 ? spec.token1Decimals : spec.token0Decimals),
      priceE8: price,
      sqrtPriceX96,
      liquidity,
      tick,
      sender,
      recipient,
    },
  }
}

const POOL_READERS: ReadonlyMap<Hash, Reader> = new Map<Hash, Reader>([
  [eventDecoders.mint.topic0, log => readLiquidity(log, eventDecoders.mint.decode(log), 1n)],
  [eventDecoders.burn.topic0, log => readLiquidity(log, eventDecoders.burn.decode(log), -1n)],
  [
    eventDecoders.collect.topic0,
    log => {
      const collect = eventDecoders.collect.decode(log)
      if (collect === null) return null
      const { owner, amount0, amount1 } = collect
      return { value: { type: 'collect', pool: log.address, owner, amount0, amount1 } }
    },
  ],
])

function readLiquidity(
  log: PlacedLog,
  change: ReturnType<typeof eventDecoders.burn.decode>,
  sign: bigint,
): Reading | null {
  if (change === null) return null
  const { owner, tickLower, tickUpper, amount, amount0, amount1 } = change
  return {
    value: {
      type: 'liquidity',
      pool: log.address,
      owner,
      liquidityDelta: sign * amount,
      tickLower,
      tickUpper,
      amount0,
      amount1,
    },
  }
}

function readTransfer(log: PlacedLog): Reading | null {
  const transfer = eventDecoders.transfer.decode(log)
  if (transfer === null) return null
  return {
    value: {
      type: 'transfer',
      from: transfer.from,
      to: transfer.to,
      amount: quantity(transfer.value),
    },
  }
}

const VAULT_READERS: ReadonlyMap<Hash, Reader> = new Map<Hash, Reader>([
  [
    eventDecoders.deposit.topic0,
    log => {
      const flow = eventDecoders.deposit.decode(log)
      if (flow === null) return null
      const { owner, assets, shares } = flow
      return {
        value: { type: 'vaultFlow', direction: 'deposit', owner, assets, shares: quantity(shares) },
      }
    },
  ],
  [
    eventDecoders.withdraw.topic0,
    log => {
      const flow = eventDecoders.withdraw.decode(log)
      if (flow === null) return null
      const { owner, assets, shares } = flow
      return {
        value: { type: 'vaultFlow', direction: 'withdraw', owner, assets, shares: quantity(shares) },
      }
    },
  ],
  [
    eventDecoders.depositRequest.topic0,
    log => {
      const request = eventDecoders.depositRequest.decode(log)
      if (request === null) return null
      const { controller, requestId, assets } = request
      return {
        value: {
          type: 'vaultRequest',
          stage: 'depositRequested',
          controller,
          requestId,
          assets,
          shares: null,
        },
      }
    },
  ],
  [
    eventDecoders.redeemRequest.topic0,
    log => {
      const request = eventDecoders.redeemRequest.decode(log)
      if (request === null) return null
      const { controller, requestId } = request
      const shares = quantity(request.shares)
      return {
        value: {
          type: 'vaultRequest',
          stage: 'redeemRequested',
          controller,
          requestId,
          assets: null,
          shares,
        },
      }
    },
  ],
  [
    eventDecoders.redeemFulfilled.topic0,
    log => {
      const request = eventDecoders.redeemFulfilled.decode(log)
      if (request === null) return null
      return {
        value: {
          type: 'vaultRequest',
          stage: 'redeemFulfilled',
          controller: request.controller,
          requestId: null,
          // What was paid, not what the request was worth: the rate is that of the fulfilment.
          assets: request.actualAssets,
          shares: quantity(request.shares),
        },
      }
    },
  ],
])

function readRate(log: PlacedLog, decimals: number): Reading | null {
  const update = eventDecoders.exchangeRateUpdated.decode(log)
  return update === null ? null : navReading(update.newRate, decimals, update.currentTime)
}

function readAnswer(log: PlacedLog, decimals: number): Reading | null {
  const update = eventDecoders.answerUpdated.decode(log)
  return update === null ? null : navReading(update.current, decimals, update.updatedAt)
}

// Later than any real block, and far from what a double of milliseconds can hold.
const LAST_SECOND = 1n << 40n

function navReading(rate: bigint, decimals: number, seconds: bigint): Reading | null {
  if (rate <= 0n || seconds >= LAST_SECOND) return null
  return {
    value: { type: 'nav', navE8: priceE8(magnitudeE8(rate, decimals)) },
    validAt: unixMs(Number(seconds) * 1_000),
  }
}
