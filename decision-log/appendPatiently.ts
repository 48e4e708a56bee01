import { setTimeout as sleep } from 'node:timers/promises'
import { type DecisionStore, type Hash, TouchstoneError, type UnsequencedDecision } from '../core/index.ts'

/** How a recorder waits for a store that cannot write for now: a full disk, a lost connection. */
export type RecorderPatience = {
  /** Ends the wait. */
  readonly signal: AbortSignal
  readonly onWarning: (message: string) => void
  /** First pause; each further one is twice as long, up to 30 s. Default 250 ms. */
  readonly pauseMs?: number
}

const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 30_000

/**
 * Makes decisions durable, and tries again for as long as the store says that it may work later: an agent that
 * waits here acts on nothing that is not recorded.
 *
 * @throws what the store threw, when that does not pass or the wait is ended; TakenOverError among it.
 */
export async function appendPatiently(
  store: Pick<DecisionStore, 'append' | 'find'>,
  decisions: readonly UnsequencedDecision[],
  { host, patience }: { readonly host?: Hash | undefined; readonly patience?: RecorderPatience | undefined },
): Promise<void> {
  let pauseMs = patience?.pauseMs ?? FIRST_PAUSE_MS
  for (let attempt = 1; ; attempt++) {
    try {
      // A write whose answer was lost is found again: all of it is there, or nothing.
      if (attempt === 1 || !(await isRecorded(store, decisions))) await store.append(decisions, host)
      return
    } catch (error) {
      const mayPass = error instanceof TouchstoneError && error.retryable
      if (!mayPass || patience === undefined || patience.signal.aborted) throw error
      patience.onWarning(`${error.message} Nothing is acted on until decisions can be recorded.`)
      await sleep(pauseMs, undefined, { signal: patience.signal }).catch(() => {
        throw error
      })
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
    }
  }
}

async function isRecorded(
  store: Pick<DecisionStore, 'find'>,
  [first]: readonly UnsequencedDecision[],
): Promise<boolean> {
  if (first === undefined) return true
  return (await store.find(first.agent, first.sequence))?.leaf === first.leaf
}
