import { BaseError, toFunctionSelector } from 'viem'

/**
 * True when a call failed with a contract's own error, whichever way the node tells it: by its data, its name or its
 * selector.
 *
 * @param signature Of the error, as `StateMoved(bytes32,bytes32)`.
 */
export function revertedWith(error: unknown, signature: string): boolean {
  const selector = toFunctionSelector(signature)
  const [name = signature] = signature.split('(')
  return (
    error instanceof BaseError &&
    error.walk(
      cause =>
        cause instanceof Error &&
        (('data' in cause && String(cause.data).startsWith(selector)) ||
          cause.message.includes(name) ||
          cause.message.includes(selector)),
    ) !== null
  )
}
