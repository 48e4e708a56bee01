import { type AgentId, type TouchstoneError, UnavailableError } from '../core/index.ts'
import { type AnchorLogger, type AnchorMemory, emptyMemory } from './anchorContext.ts'
import type { AnchoredAgent } from './createAnchorRelay.ts'

export type LaneOptions = AnchoredAgent &
  Required<Pick<AnchoredAgent, 'maxBatch' | 'confirmations' | 'anchor' | 'host'>> & {
    readonly logger: AnchorLogger
  }

/** One agent's place in a relay: who waits for its decisions, and how it fares. */
export type AnchorLane = {
  readonly options: LaneOptions
  readonly agent: AgentId
  readonly memory: AnchorMemory
  /** What ended the work for the agent; null while nothing has. */
  readonly failure: TouchstoneError | null
  readonly hasWaiters: boolean
  /** Takes the lane up; `left` is called when its work ends. */
  begin(left: () => void): void
  /** Ends the work, because the worker was stopped. */
  end(): void
  /** Ends the work for good. */
  fail(error: TouchstoneError): void
  /** Resolves when every decision before this sequence is anchored. */
  reached(sequence: number): Promise<void>
  /** Tells those who wait that every decision before this sequence is anchored. */
  anchoredThrough(sequence: number): void
  /** Failures in a row that may pass, and when to try again, on the monotonic clock. */
  trouble: { failures: number; retryAtMs: number } | null
}

type Waiter = {
  readonly target: number
  readonly resolve: () => void
  readonly reject: (error: TouchstoneError) => void
}

/** Creates the lane of an agent, not yet taken up. */
export function createAnchorLane(options: LaneOptions): AnchorLane {
  const { signer, logger, onFailure } = options
  const { agent } = signer
  const memory = emptyMemory()
  let failure: TouchstoneError | null = null
  let waiters: Waiter[] = []
  let leave: (() => void) | null = null

  const lane: AnchorLane = {
    options,
    agent,
    memory,
    trouble: null,
    get failure() {
      return failure
    },
    get hasWaiters() {
      return waiters.length > 0
    },
    begin(left) {
      failure = null
      // Another store or host may have taken the agent over since.
      memory.epoch = null
      memory.epochBlock = null
      lane.trouble = null
      leave = left
    },
    end() {
      if (leave !== null) finish(stopped(agent))
    },
    fail(error) {
      if (leave === null) return
      failure = error
      logger.error({ agent, ...error.facts }, `${error.message} ${error.hint}`)
      finish(error)
      onFailure?.(error)
    },
    reached: target =>
      new Promise<void>((resolve, reject) => {
        waiters.push({ target, resolve, reject })
      }),
    anchoredThrough(sequence) {
      for (const { target, resolve } of waiters) if (target <= sequence) resolve()
      waiters = waiters.filter(({ target }) => target > sequence)
    },
  }
  return lane

  function finish(error: TouchstoneError): void {
    const left = leave
    leave = null
    for (const { reject } of waiters) reject(error)
    waiters = []
    left?.()
  }
}

function stopped(agent: AgentId): UnavailableError {
  return new UnavailableError(`The anchor worker of agent ${agent} was stopped.`, {
    facts: { agent },
    hint: 'Start it again: it goes on where it was.',
  })
}
