import { InvalidInputError } from '../../core/index.ts'

/** The node is on another chain than the one that was asked for. */
export function wrongChain(
  endpoint: string,
  chainId: number | null,
  expectedChainId: number,
): InvalidInputError {
  return new InvalidInputError(
    `The node at ${endpoint} is on chain ${chainId}; chain ${expectedChainId} was expected.`,
    {
      facts: { endpoint, chainId, expectedChainId },
      hint: `Name a node of chain ${expectedChainId}, or expect chain ${chainId}.`,
    },
  )
}
