import { setTimeout as delay } from 'node:timers/promises'
import { UnavailableError } from '../../core/index.ts'
import { fetchChainId, parseHeader, type SourceHeader } from '../sources/requestRpc.ts'
import { wrongChain } from '../sources/wrongChain.ts'
import { type ChainSyncOptions, createChainSync, type IngestCounts } from './chainSync.ts'

/** How often a node is asked for a new head: below the block time of the fastest chain that is followed. */
export const DEFAULT_POLL_MS = 1_000

/** How long a node may be gone before following it ends: a restart and a short outage pass. */
export const DEFAULT_MAX_OUTAGE_MS = 5 * 60_000

const FIRST_BACKOFF_MS = 250
const MAX_BACKOFF_MS = 15_000

export type FollowChainOptions = ChainSyncOptions & {
  /** Longest wait between two looks at the chain; over WebSocket a pushed head ends it early. */
  readonly pollMs?: number | undefined
  readonly maxOutageMs?: number | undefined
  /** Called when the node stops answering, with how often in a row it has failed. */
  readonly onOutage?: ((error: UnavailableError, failures: number) => void) | undefined
}

/**
 * Follows a chain into a store until the signal ends it: fills the gap since the last run, then ingests each
 * block as it comes, and undoes reorgs. A recording is read to its end.
 *
 * @throws IntegrityError when a reorg reaches below what is final, UnavailableError when the node is
 * gone, or behind what is stored, for longer than `maxOutageMs`.
 */
export async function followChain(options: FollowChainOptions): Promise<IngestCounts> {
  const { source, signal, pollMs = DEFAULT_POLL_MS, maxOutageMs = DEFAULT_MAX_OUTAGE_MS } = options
  const { onOutage } = options
  const sync = createChainSync(options)
  if (source.kind === 'recorded') {
    await sync.advance()
    return sync.counts()
  }

  let pushed: SourceHeader | null = null
  let wake: AbortController | null = null
  const unsubscribe = source.subscribeHeads?.(header => {
    pushed = parseHeader(header)
    wake?.abort()
  })
  let failures = 0
  let failingSince = 0
  try {
    while (signal?.aborted !== true) {
      let wait = pollMs
      try {
        if (failures > 0) await checkChain()
        const head: SourceHeader | null = pushed
        pushed = null
        if (!(await sync.advance({ pushed: head }))) throw behind()
        failures = 0
      } catch (error) {
        if (signal?.aborted) break
        if (!(error instanceof UnavailableError)) throw error
        if (failures === 0) failingSince = performance.now()
        failures++
        if (performance.now() - failingSince > maxOutageMs) throw error
        onOutage?.(error, failures)
        wait = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(failures - 1, 10))
      }
      if (pushed === null || failures > 0) await sleep(wait)
    }
  } finally {
    unsubscribe?.()
  }
  return sync.counts()

  /** Waits, or until a head is pushed, or until the end. */
  async function sleep(ms: number): Promise<void> {
    wake = new AbortController()
    const ends = signal === undefined ? wake.signal : AbortSignal.any([wake.signal, signal])
    await delay(ms, undefined, { signal: ends }).catch(() => undefined)
    wake = null
  }

  /** Another chain may answer behind the same URL after an outage. */
  async function checkChain(): Promise<void> {
    const chainId = await fetchChainId(source, signal)
    if (chainId !== source.chainId) throw wrongChain(source.endpoint, chainId, source.chainId)
  }

  function behind(): UnavailableError {
    return new UnavailableError(
      `${source.endpoint} is behind block ${sync.counts().block}, which is stored.`,
      {
        facts: { endpoint: source.endpoint, block: sync.counts().block },
        hint: 'Wait until the node has synchronised, or use another.',
      },
    )
  }
}
