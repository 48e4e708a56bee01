import { canonicalJson, IntegrityError, type MarketEvent } from '../../core/index.ts'
import { isClaimableRow, parseClaimableRow, readClaimable } from '../requests/claimableRow.ts'
import type { ContractSpec } from './contractSpec.ts'
import { type NormaliseOptions, normaliseByFirst } from './normaliseLog.ts'
import { type HeaderSupplement, type PlacedLog, type PlaceOptions, placeLog } from './placeLog.ts'
import { parseQuantity, parseRpcLog, parseWord, type RpcLog } from './rpcLog.ts'

/**
 * Writes the source row of a log: canonical JSON of its fields exactly as the source gave them (null stays
 * null), and under `header` what only the block's header said, so that the row can be read again by itself.
 */
export function chainRow(log: RpcLog, header: HeaderSupplement | null): string {
  const { address, blockHash, blockNumber, blockTimestamp, data } = log
  const { logIndex, topics, transactionHash, transactionIndex } = log
  // What `canonicalJson` gives: a log is hexadecimal, and its fields are known.
  const head = `{"address":"${address}","blockHash":${orNull(blockHash)},"blockNumber":"${blockNumber}","blockTimestamp":${orNull(blockTimestamp)},"data":"${data}",`
  const supplement = header === null ? '' : `"header":${canonicalJson(header)},`
  return `${head}${supplement}"logIndex":"${logIndex}","topics":${topics.length === 0 ? '[]' : `["${topics.join('","')}"]`},"transactionHash":"${transactionHash}","transactionIndex":${orNull(transactionIndex)}}`
}

const orNull = (text: string | null): string => (text === null ? 'null' : `"${text}"`)

/** What is needed to read a source row again: the same options that it was ingested with. */
export type ChainRowOptions = NormaliseOptions & PlaceOptions

/**
 * Reads a stored source row again, by the same code that ingest used: a log, or what an asynchronous vault answered
 * when it was asked. Null when no contract recognises it.
 * The event equals the stored one exactly when contracts, chain id, finality delay and anchor are the same.
 *
 * @throws IntegrityError when the row is no source row of a log or of such an answer.
 */
export function decodeRawChainRow(
  raw: string,
  contracts: readonly ContractSpec[],
  options: ChainRowOptions,
): MarketEvent | null {
  const row = parseJson(raw)
  return isClaimableRow(row)
    ? readClaimable(parseClaimableRow(row), contracts, options)
    : normaliseByFirst(parseChainRow(raw, row, options), contracts, options)
}

function parseJson(raw: string): unknown {
  try {
    return JSON.parse(raw)
  } catch (cause) {
    throw badRow(raw, 'it is not JSON', cause)
  }
}

function parseChainRow(raw: string, row: unknown, options: PlaceOptions): PlacedLog {
  const log = parseRpcLog(row)
  if (typeof log === 'string') throw badRow(raw, log)
  return placeLog(log, parseSupplement(row), options)
}

function parseSupplement(row: unknown): HeaderSupplement | null {
  if (row === null || typeof row !== 'object' || !('header' in row)) return null
  const { header } = row
  if (header === null || typeof header !== 'object') return null
  const hash = 'hash' in header ? parseWord(header.hash) : null
  const seconds = 'timestamp' in header ? parseQuantity(header.timestamp) : null
  return { hash, timestamp: seconds === null ? null : `0x${seconds.toString(16)}` }
}

function badRow(raw: string, problem: string, cause?: unknown): IntegrityError {
  return new IntegrityError(`A stored source row is not a log: ${problem}.`, {
    facts: { problem, row: raw.slice(0, 200) },
    hint: 'The stored row was changed; ingest the block again.',
    cause,
  })
}
