import { reopening } from '../sources/reopening.ts'
import { createRangeEncoder, type EncodedRange, type EncodingPlan } from './encodeRange.ts'
import { RPC_CONCURRENCY } from './logReader.ts'
import { RANGE_THREADS, type RangeThreads, startRangeThreads } from './rangeThreads.ts'
import { type LogRangeOptions, sizedRanges } from './readLogRanges.ts'

/** Logs after which threads are worth starting: a few tenths of a second of reading. */
const THREADED_LOGS = 5_000

export type EncodedRangeOptions = Omit<LogRangeOptions, 'addresses'> & {
  readonly plan: EncodingPlan
  /** Threads that read a long past; by default as many as the machine has room for, 0 for none. */
  readonly threads?: number | undefined
}

/**
 * Reads ranges in a store's own form, in order: at first in this thread and, where there is much, in others, if they
 * can open the source for themselves. What is read does not depend on where.
 */
export async function* readEncodedRanges(options: EncodedRangeOptions): AsyncGenerator<EncodedRange> {
  const { source, plan, signal, threads: count = RANGE_THREADS } = options
  const rpc = count > 0 ? reopening(source) : null
  const readHere = await createRangeEncoder(source, plan, signal)
  const running: { threads: RangeThreads | null } = { threads: null }
  let logs = 0
  // What a thread has begun is not waited for.
  const abort = () => void running.threads?.close()
  signal?.addEventListener('abort', abort)
  try {
    yield* sizedRanges(options, RPC_CONCURRENCY, async (from, to, sizer) => {
      signal?.throwIfAborted()
      if (rpc !== null && logs >= THREADED_LOGS) running.threads ??= startRangeThreads({ rpc, plan }, count)
      const { threads } = running
      const range = threads?.isReady() ? await threads.read(from, to, sizer) : await readHere(from, to, sizer)
      logs += range.logs
      sizer.brought(to - from + 1, range.logs)
      return range
    })
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  } finally {
    signal?.removeEventListener('abort', abort)
    await running.threads?.close()
  }
}
