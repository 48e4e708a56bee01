import { type BlockHeader, type Hash, InvalidInputError } from '../../core/index.ts'
import { lowerHex, parseRpcLog, type RpcLog } from '../decode/rpcLog.ts'
import { type Line, readLines } from '../readLines.ts'
import { parseHeader } from './requestRpc.ts'

/** A recording in memory. */
export type Recording = {
  /** Logs by block; within a block by log index. */
  readonly logs: ReadonlyMap<number, readonly RpcLog[]>
  readonly headers: ReadonlyMap<number, BlockHeader>
  /** Blocks that have logs or a header, ascending. */
  readonly blocks: readonly number[]
  /** Hashes that the recording states: of headers, of logs, and of headers' parents. */
  readonly hashes: ReadonlyMap<number, Hash>
  /** Where a block without a time was first seen, for an error; null when every block has one. */
  readonly firstWithoutTime: string | null
}

/**
 * Reads recordings (RECORDING.md), whole or not at all. Files may overlap where they agree.
 *
 * @throws InvalidInputError naming file, line and problem.
 */
export async function readRecording(files: readonly string[]): Promise<Recording> {
  const logs = new Map<number, RpcLog[]>()
  const headers = new Map<number, BlockHeader>()
  const hashes = new Map<number, Hash>()
  const seen = new Map<string, string>()
  const withoutTime = new Map<number, string>()

  for (const file of files)
    for await (const lines of isDocument(file) ? wholeText(file) : readLines(file))
      for (const line of lines) {
        const problem = take(line, file)
        if (problem !== null) throw malformedLine(file, line.number, problem)
      }
  if (logs.size === 0 && headers.size === 0)
    throw new InvalidInputError(`${files.join(', ')} holds no log and no block header.`, {
      facts: { files: files.join(', ') },
      hint: 'A recording has a JSON-RPC log or block header on each line.',
    })
  for (const [number, header] of headers)
    if (stateHash(number - 1, header.parentHash) !== null)
      throw new InvalidInputError(
        `${files.join(', ')}: the header of block ${number} does not name block ${number - 1} as its parent.`,
        { facts: { block: number }, hint: 'The recording mixes two branches of the chain: record it again.' },
      )
  for (const list of logs.values()) list.sort((a, b) => Number(a.logIndex) - Number(b.logIndex))
  for (const block of headers.keys()) withoutTime.delete(block)
  for (const [block, list] of logs)
    if (list.some(log => log.blockTimestamp !== null)) withoutTime.delete(block)
  const blocks = [...new Set([...logs.keys(), ...headers.keys()])].sort((a, b) => a - b)
  const [firstWithoutTime = null] = withoutTime.values()
  return { logs, headers, blocks, hashes, firstWithoutTime }

  /** Takes one line in, or says what is wrong with it. */
  function take({ text, number }: Line, file: string): string | null {
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      return 'it is not JSON'
    }
    for (const entry of entriesOf(value)) {
      const problem = takeEntry(entry, `${file} line ${number}`)
      if (problem !== null) return problem
    }
    return null
  }

  /** Takes one log or header in, or says what is wrong with it. */
  function takeEntry(value: unknown, place: string): string | null {
    if (value !== null && typeof value === 'object' && !('topics' in value) && 'parentHash' in value) {
      const header = parseHeader(value)
      if (header === null) return 'it is neither a log nor a header with number, hash, parentHash, timestamp'
      const { estimated: _, ...recorded } = header
      headers.set(header.number, recorded)
      return stateHash(header.number, header.hash)
    }
    const log = parseRpcLog(value)
    if (typeof log === 'string') return log
    const block = Number(log.blockNumber)
    const position = `${block}/${Number(log.logIndex)}`
    const known = seen.get(position)
    if (known !== undefined)
      return known === JSON.stringify(log) ? null : `block ${block} has another log at index ${log.logIndex}`
    seen.set(position, JSON.stringify(log))
    const list = logs.get(block)
    if (list === undefined) logs.set(block, [log])
    else list.push(log)
    if (log.blockTimestamp === null && !withoutTime.has(block)) withoutTime.set(block, place)
    return log.blockHash === null ? null : stateHash(block, lowerHex(log.blockHash))
  }

  function stateHash(block: number, hash: Hash): string | null {
    const known = hashes.get(block)
    if (known !== undefined && known !== hash) return `block ${block} has two hashes, ${known} and ${hash}`
    hashes.set(block, hash)
    return null
  }
}

/** A file that is one JSON document; any other holds one on each line. */
const isDocument = (file: string): boolean => /\.json(?:\.gz)?$/i.test(file)

async function* wholeText(file: string): AsyncGenerator<readonly Line[]> {
  const parts: string[] = []
  for await (const lines of readLines(file)) for (const { text } of lines) parts.push(text)
  yield [{ text: parts.join('\n'), number: 1 }]
}

/** The logs and headers in a JSON value: itself, the logs of a receipt, or what a list or an answer holds. */
function* entriesOf(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) for (const item of value) yield* entriesOf(item)
  else if (value === null || typeof value !== 'object' || 'topics' in value) yield value
  else if ('logs' in value && Array.isArray(value.logs)) yield* value.logs
  else if ('receipt' in value) yield* entriesOf(value.receipt)
  else if ('result' in value) yield* entriesOf(value.result)
  else yield value
}

function malformedLine(file: string, line: number, problem: string): InvalidInputError {
  return new InvalidInputError(`${file} line ${line} is malformed: ${problem}.`, {
    facts: { file, line, problem },
    hint: 'Nothing was read. Correct the line, or record the blocks again.',
  })
}
