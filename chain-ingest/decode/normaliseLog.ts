import { type ChainLineage, type MarketEvent, unixMs } from '../../core/index.ts'
import { type ContractSpec, instrumentOf } from './contractSpec.ts'
import type { LogReading } from './logReading.ts'
import type { PlacedLog } from './placeLog.ts'
import { readContractEvent } from './readContractEvent.ts'
import { readAnswer, readRate } from './readNav.ts'
import { readPool } from './readPool.ts'
import { readDistribution, readPermissionedToken, readTransfer } from './readToken.ts'
import { readAsyncVault, readVault } from './readVault.ts'

/** What every event of one source has in common. */
export type NormaliseOptions = {
  readonly chainId: number
  /** Time after a block at which its events count as known; 0 when absent. */
  readonly finalityDelayMs?: number
}

/**
 * Reads a log as its contract's kind says. Null when the contract's kind has no such event, the log is not
 * exactly of its form, or its value cannot be true (a rate of zero, a time beyond representation).
 *
 * `knownAt` is the block's time plus the finality delay. `validAt` is the block's time, except for a NAV,
 * where it is the time that the event itself names.
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

function read(log: PlacedLog, spec: ContractSpec): LogReading | null {
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
    case 'permissionedToken':
      return readPermissionedToken(topic0, log)
    case 'distributor':
      return readDistribution(log)
    case 'vault':
      return readVault(topic0, log)
    case 'asyncVault':
      return readAsyncVault(topic0, log)
    case 'events':
      return readContractEvent(log, spec)
  }
}
