import { InvalidInputError } from '../../core/index.ts'
import { parseQuantity } from '../decode/rpcLog.ts'
import type { RpcCall, RpcEndpoint } from './rpcEndpoint.ts'
import { isPermanent, isRangeError, isUnknownBlock, retryAfterMs } from './rpcError.ts'
import { wrongChain } from './wrongChain.ts'

/** What became of one node's requests. */
export type EndpointStatistics = {
  readonly endpoint: string
  readonly requests: number
  readonly failures: number
  /** True while it is left alone after a failure. */
  readonly isResting: boolean
}

/** Several nodes of one chain that answer as one. */
export type EndpointPool = {
  request(call: RpcCall): Promise<unknown>
  statistics(): EndpointStatistics[]
}

const FIRST_REST_MS = 250
const MAX_REST_MS = 30_000

type Member = {
  readonly endpoint: RpcEndpoint
  requests: number
  failures: number
  /** Failures since the last answer. */
  inARow: number
  restUntil: number
  /** Known to be on the pool's chain since its last failure. */
  isChecked: boolean
  /** Highest block that it has shown. */
  height: number
}

/**
 * Answers each request by the first node that can: one that fails rests for a while, doubled with every failure
 * in a row, and the next is asked at once. A node is asked for logs only up to a block that it has shown, since
 * one that lags behind would answer that there are none. Nodes that are on another chain are left out.
 *
 * A refusal that another node would repeat (a range too large) is thrown at once.
 *
 * @throws The last node's error when none could answer, of those that may pass if there are any.
 */
export function createEndpointPool(endpoints: readonly RpcEndpoint[], chainId: number): EndpointPool {
  const members = endpoints.map(
    (endpoint): Member => ({
      endpoint,
      requests: 0,
      failures: 0,
      inARow: 0,
      restUntil: 0,
      isChecked: false,
      height: -1,
    }),
  )

  /** Those that are not resting, the least busy first; then the others, by when their rest ends. */
  function inTurn(): Member[] {
    const now = performance.now()
    const rest = ({ restUntil }: Member) => Math.max(0, restUntil - now)
    return members.toSorted((a, b) => rest(a) - rest(b) || a.endpoint.waitMs() - b.endpoint.waitMs())
  }

  async function ask(member: Member, call: RpcCall): Promise<unknown> {
    member.requests++
    const answer = await member.endpoint.request(call)
    if (!isWellFormed(call, answer)) throw new Error(`a malformed answer to ${call.method}`)
    const height = heightShown(call, answer)
    if (height !== null && height > member.height) member.height = height
    return answer
  }

  /** Asks one node; `PASSED` when it does not have what is asked for, or is another chain's. */
  async function tryMember(member: Member, call: RpcCall): Promise<unknown> {
    if (!member.isChecked) {
      const answer = parseQuantity(await ask(member, { method: 'eth_chainId', params: [] }))
      if (answer !== chainId) throw wrongChain(member.endpoint.name, answer, chainId)
      member.isChecked = true
    }
    const lastBlock = lastBlockOf(call)
    if (lastBlock !== null && lastBlock > member.height) {
      const params = [`0x${lastBlock.toString(16)}`, false]
      if ((await ask(member, { method: 'eth_getBlockByNumber', params })) === null) return PASSED
    }
    const answer = await ask(member, call)
    return call.method === 'eth_getBlockByNumber' && answer === null ? PASSED : answer
  }

  return {
    async request(call) {
      let failure: unknown = null
      let unknownBlock: unknown = null
      for (const member of inTurn()) {
        try {
          const answer = await tryMember(member, call)
          member.inARow = 0
          if (answer !== PASSED) return answer
        } catch (error) {
          if (lastBlockOf(call) !== null && isRangeError(error)) throw error
          if (isUnknownBlock(error)) {
            unknownBlock = error
            continue
          }
          // One node that never will answer must not end what another may answer a moment later.
          if (failure === null || mayPass(error)) failure = error
          member.failures++
          member.isChecked = false
          const rest = Math.min(MAX_REST_MS, FIRST_REST_MS * 2 ** member.inARow++)
          member.restUntil = performance.now() + Math.max(rest, retryAfterMs(error))
        }
      }
      // Some node has answered that there is no such block.
      if (unknownBlock !== null) throw unknownBlock
      if (failure !== null) throw failure
      if (call.method === 'eth_getBlockByNumber') return null
      throw new Error('no node has the blocks yet that are asked for')
    },
    statistics: () =>
      members.map(({ endpoint, requests, failures, restUntil }) => ({
        endpoint: endpoint.name,
        requests,
        failures,
        isResting: restUntil > performance.now(),
      })),
  }
}

const PASSED = Symbol('passed')

/** True when the same request may be answered later. */
function mayPass(error: unknown): boolean {
  return !(error instanceof InvalidInputError) && !isPermanent(error)
}

/** The last block that logs are asked for by number. */
function lastBlockOf({ method, params }: RpcCall): number | null {
  if (method !== 'eth_getLogs' || !Array.isArray(params)) return null
  const [filter] = params as readonly unknown[]
  if (filter === null || typeof filter !== 'object' || !('toBlock' in filter)) return null
  return parseQuantity(filter.toBlock)
}

/** A look at an answer's form: a node that breaks off must not pass for one that has nothing. */
function isWellFormed({ method }: RpcCall, answer: unknown): boolean {
  if (method === 'eth_getLogs') return Array.isArray(answer)
  if (method === 'eth_getBlockByNumber') return answer === null || heightShown({ method }, answer) !== null
  if (method === 'eth_chainId') return parseQuantity(answer) !== null
  return true
}

/** The number of a block that an answer shows to be there. */
function heightShown({ method }: RpcCall, answer: unknown): number | null {
  if (method === 'eth_blockNumber') return parseQuantity(answer)
  if (method !== 'eth_getBlockByNumber' || answer === null || typeof answer !== 'object') return null
  return 'number' in answer ? parseQuantity(answer.number) : null
}
