import type { HttpTransport, PublicClient } from 'viem'
import { type Hex, InvalidInputError, UnavailableError } from '../core/index.ts'
import type { AnchorLogger } from './anchorContext.ts'
import { chainFailure, connect } from './logChain.ts'

/** A node that failed or lags is asked again after this time; until then the next of the list serves. */
export const DEFAULT_NODE_RECHECK_MS = 30_000
/** When every node stays behind a head that was seen for this long, the chain itself was rolled back. */
export const DEFAULT_LAG_PATIENCE_MS = 60_000

export type AnchorNodesOptions = {
  /** HTTP JSON-RPC addresses; the first one that works is used. */
  readonly urls: readonly string[]
  /** The chain that the nodes must be of; of the first that answers when absent. */
  readonly chainId?: number | undefined
  readonly recheckMs?: number | undefined
  readonly lagPatienceMs?: number | undefined
  readonly logger: AnchorLogger
}

/** A node to work with for one look at the chain. */
export type ChosenNode = {
  readonly client: PublicClient<HttpTransport>
  readonly chainId: number
  /** Its latest block. */
  readonly latest: number
}

/** The nodes of one chain. */
export type AnchorNodes = {
  /**
   * The first node of the list that answers, is of the chain, and is not behind what was seen of the chain.
   *
   * @throws InvalidInputError when no node is of the chain.
   * @throws UnavailableError when none answers, or those that do are behind.
   */
  choose(): Promise<ChosenNode>
  /** Leaves the node that was chosen last for a while, and tells whether another is left. */
  leave(): boolean
  /** Hands a signed transaction to the other nodes too: one that keeps it for itself cannot hold it up. */
  broadcast(signed: Hex): void
}

type Node = {
  readonly client: PublicClient<HttpTransport>
  /** Its place in the list, from 1: addresses hold keys and are never told. */
  readonly number: number
  chainId: number | null
  /** Not asked before this time, on the monotonic clock. */
  notBeforeMs: number
}

/** Connects to the nodes of a chain, of which one serves at a time. */
export function createAnchorNodes(options: AnchorNodesOptions): AnchorNodes {
  const { urls, logger } = options
  const { recheckMs = DEFAULT_NODE_RECHECK_MS, lagPatienceMs = DEFAULT_LAG_PATIENCE_MS } = options
  if (urls.length === 0) throw noNodes()
  const nodes = urls.map(
    (url, index): Node => ({
      client: connect(url, 0),
      number: index + 1,
      chainId: null,
      notBeforeMs: Number.NEGATIVE_INFINITY,
    }),
  )
  let expected = options.chainId ?? null
  let current: Node | null = null
  /** The highest block that any node showed, and when. */
  let seen = { block: -1, atMs: performance.now() }
  let askedOthersMs = performance.now()

  return {
    async choose() {
      const found = await firstUsable()
      if (found.node !== current && current !== null)
        logger.warn(
          { node: found.node.number, before: current.number },
          `Node ${found.node.number} serves now.`,
        )
      current = found.node
      if (found.latest > seen.block) seen = { block: found.latest, atMs: performance.now() }
      return { client: found.node.client, chainId: found.chainId, latest: found.latest }
    },
    leave() {
      if (current === null || nodes.length === 1) return false
      suspend(current)
      return nodes.some(({ notBeforeMs }) => notBeforeMs <= performance.now())
    },
    broadcast(signed) {
      for (const { client, chainId } of nodes)
        if (client !== current?.client && chainId === expected)
          client.sendRawTransaction({ serializedTransaction: signed }).catch(() => {})
    },
  }

  function suspend(node: Node): void {
    node.notBeforeMs = performance.now() + recheckMs
  }

  async function firstUsable(): Promise<{ node: Node; latest: number; chainId: number }> {
    const now = performance.now()
    const rested = nodes.filter(({ notBeforeMs }) => notBeforeMs <= now)
    // With every node resting, the one that has rested longest is asked before nobody is.
    const order =
      rested.length > 0 ? rested : [...nodes].sort((one, other) => one.notBeforeMs - other.notBeforeMs)
    const failures: unknown[] = []
    const behind: { node: Node; latest: number; chainId: number }[] = []
    for (const node of order) {
      try {
        const chainId = await checkedChain(node)
        const latest = await latestOf(node)
        const found = { node, latest, chainId }
        if (latest >= seen.block) return (await aheadOf(found)) ?? found
        behind.push(found)
      } catch (error) {
        failures.push(error)
      }
      suspend(node)
    }
    const [furthest] = behind.sort((one, other) => other.latest - one.latest)
    // One that is down may come back; that another is of a wrong chain must not end the work.
    if (furthest === undefined) throw failures.find(error => error instanceof UnavailableError) ?? failures[0]
    const { latest } = furthest
    if (performance.now() - seen.atMs < lagPatienceMs) throw lagging(latest, seen.block)
    logger.warn({ latest, seen: seen.block }, `The chain went back from block ${seen.block} to ${latest}.`)
    seen = { block: latest, atMs: performance.now() }
    return furthest
  }

  /** Where the chain does not move, the others are asked whether it is the node that does not. */
  async function aheadOf(found: { node: Node; latest: number }) {
    const now = performance.now()
    const others = nodes.filter(node => node !== found.node && node.notBeforeMs <= now)
    const stands = found.latest === seen.block && now - seen.atMs >= recheckMs
    if (!stands || others.length === 0 || now - askedOthersMs < recheckMs) return null
    askedOthersMs = now
    for (const node of others) {
      try {
        const chainId = await checkedChain(node)
        const latest = await latestOf(node)
        if (latest <= found.latest) continue
        suspend(found.node)
        return { node, latest, chainId }
      } catch {
        suspend(node)
      }
    }
    return null
  }

  async function checkedChain(node: Node): Promise<number> {
    node.chainId ??= await node.client.getChainId().catch((error: unknown) => {
      throw chainFailure(error, 'tell its chain id')
    })
    expected ??= node.chainId
    if (node.chainId === expected) return node.chainId
    const error = wrongChain(node.chainId, expected)
    if (nodes.length > 1)
      logger.warn({ node: node.number }, `Node ${node.number} is left out: ${error.message}`)
    // It may be set right while this runs.
    node.chainId = null
    throw error
  }
}

async function latestOf({ client }: Node): Promise<number> {
  try {
    return Number((await client.getBlock()).number)
  } catch (error) {
    throw chainFailure(error, 'read its latest block')
  }
}

function lagging(latest: number, seen: number): UnavailableError {
  return new UnavailableError(`The node is at block ${latest}, and the chain was at ${seen} already.`, {
    facts: { latest, seen },
    hint: 'It is catching up, or answers for several that do. Name more nodes if this lasts.',
  })
}

function wrongChain(chainId: number, expected: number): InvalidInputError {
  return new InvalidInputError(
    `The node is of chain ${chainId}, and the decision log is on chain ${expected}.`,
    {
      facts: { chainId, expected },
      hint: 'Use the RPC address of a node of that chain.',
    },
  )
}

function noNodes(): InvalidInputError {
  return new InvalidInputError('There is no node to anchor through.', {
    hint: 'Name at least one RPC address.',
  })
}
