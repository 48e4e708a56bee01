import type { ChainSource } from './chainSource.ts'
import type { RpcSourceOptions } from './rpcSource.ts'

// Beside the source, not in it: a copy of a source with another client is another source, and the URL may hold a key.
const known = new WeakMap<ChainSource, RpcSourceOptions>()

/** Notes that a source is one node, which others may open as it was opened. */
export function canReopen(source: ChainSource, options: RpcSourceOptions): void {
  known.set(source, options)
}

/** How to open the same source once more, in another thread; null where that is not the same (`canReopen`). */
export function reopening(source: ChainSource): RpcSourceOptions | null {
  return known.get(source) ?? null
}
