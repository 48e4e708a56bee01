import type { Hex } from '../../core/index.ts'

/** A log as JSON-RPC gives it; a field that the source did not record is null. */
export type RpcLog = {
  readonly address: Hex
  readonly topics: readonly Hex[]
  readonly data: Hex
  readonly blockNumber: Hex
  readonly blockHash: Hex | null
  readonly blockTimestamp: Hex | null
  readonly transactionHash: Hex
  readonly transactionIndex: Hex | null
  readonly logIndex: Hex
}

/** The fields of a log before they are checked. */
type LogFields = { readonly [Field in keyof RpcLog | 'removed']?: unknown }

const ADDRESS = /^0x[0-9a-fA-F]{40}$/
const WORD = /^0x[0-9a-fA-F]{64}$/
const BYTES = /^0x(?:[0-9a-fA-F]{2})*$/
const QUANTITY = /^0x[0-9a-fA-F]{1,13}$/

/** Reads a JSON-RPC log, or says as a text what is wrong with it. Unknown fields are ignored. */
export function parseRpcLog(value: unknown): RpcLog | string {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return 'it is not an object'
  const fields: LogFields = value
  const { topics } = fields
  if (!Array.isArray(topics) || topics.length > 4) return 'topics is not a list of at most four words'
  for (const topic of topics) if (!isHex(topic, WORD)) return `topic ${show(topic)} is not 32 bytes`
  if (fields.removed === true) return 'it is marked as removed by a reorg'
  const place = {
    address: fields.address,
    data: fields.data,
    blockNumber: fields.blockNumber,
    blockHash: fields.blockHash ?? null,
    blockTimestamp: fields.blockTimestamp ?? null,
    transactionHash: fields.transactionHash,
    transactionIndex: fields.transactionIndex ?? null,
    logIndex: fields.logIndex,
  }
  const { address, data, blockNumber, blockHash, blockTimestamp } = place
  const { transactionHash, transactionIndex, logIndex } = place
  if (!isHex(address, ADDRESS)) return `address ${show(address)} is not 20 bytes`
  if (!isHex(data, BYTES)) return `data ${show(data)} is not whole bytes`
  if (!isHex(blockNumber, QUANTITY)) return `blockNumber ${show(blockNumber)} is not a block number`
  if (!isHex(logIndex, QUANTITY)) return `logIndex ${show(logIndex)} is not an index`
  if (!isHex(transactionHash, WORD)) return `transactionHash ${show(transactionHash)} is not 32 bytes`
  if (transactionIndex !== null && !isHex(transactionIndex, QUANTITY))
    return `transactionIndex ${show(transactionIndex)} is neither an index nor null`
  if (blockHash !== null && !isHex(blockHash, WORD))
    return `blockHash ${show(blockHash)} is neither 32 bytes nor null`
  if (blockTimestamp !== null && !isHex(blockTimestamp, QUANTITY))
    return `blockTimestamp ${show(blockTimestamp)} is neither a time nor null`
  return {
    address,
    // Each was checked above.
    topics: topics as Hex[],
    data,
    blockNumber,
    blockHash,
    blockTimestamp,
    transactionHash,
    transactionIndex,
    logIndex,
  }
}

/** Reads a JSON-RPC quantity of at most 52 bits; null when it is none. */
export function parseQuantity(value: unknown): number | null {
  return isHex(value, QUANTITY) ? Number(value) : null
}

/** Reads 32 bytes as lower-case hexadecimal; null when it is none. */
export function parseWord(value: unknown): Hex | null {
  return isHex(value, WORD) ? lowerHex(value) : null
}

/** Lower-cases hexadecimal, so that one value has one text. */
export function lowerHex(value: Hex): Hex {
  // Costs nothing where it is lower-case already, which is what nodes send.
  return value.toLowerCase() as Hex
}

function isHex(value: unknown, form: RegExp): value is Hex {
  return typeof value === 'string' && form.test(value)
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined'
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}
