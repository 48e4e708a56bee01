import {
  createPublicClient,
  createWalletClient,
  encodeFunctionData,
  type Hex,
  hexToBytes,
  http,
  size,
} from 'viem'
import type { Address, Hash } from '../../core/index.ts'
import { accountOf } from '../../decision-log/deployer.ts'
import { waitForReceipt } from '../../decision-log/waitForReceipt.ts'
import { modelVerifierAbi } from '../abi/index.ts'
import { callAll, deployCallTrial, type TrialChain } from './callAll.ts'
import { bytesOf } from './randomModels.ts'

const TRANSACTION_GAS = 21_000n
const ZERO_BYTE_GAS = 4n
const OTHER_BYTE_GAS = 16n

/**
 * Gas of the transactions that would have a verifier score these feature vectors, all in, ascending. Two are sent; the
 * others are calls, which must differ from transactions by as much as these two do.
 */
export async function scoreGas(
  chain: TrialChain & { readonly verifier: Address },
  model: Hash,
  vectors: readonly Float32Array[],
): Promise<number[]> {
  const { rpcUrl, verifier } = chain
  const inputs = vectors.map(vector =>
    encodeFunctionData({ abi: modelVerifierAbi, functionName: 'score', args: [model, bytesOf(vector)] }),
  )
  const { used } = await callAll(rpcUrl, await deployCallTrial(chain), verifier, inputs)

  const reader = createPublicClient({ transport: http(rpcUrl) })
  const wallet = createWalletClient({ account: accountOf(chain), transport: http(rpcUrl) })
  const differences: bigint[] = []
  for (const [place, data] of inputs.slice(0, 2).entries()) {
    const hash = await wallet.sendTransaction({ to: verifier, data, chain: null })
    const { status, gasUsed } = await waitForReceipt(reader, hash)
    if (status !== 'success') throw new Error(`Transaction ${hash} failed.`)
    differences.push(gasUsed - intrinsicGas(data) - (used[place] ?? 0n))
  }
  const [difference = 0n] = differences
  if (differences.some(other => other !== difference))
    throw new Error(`Transactions differ from calls by ${differences.join(' and ')} gas.`)
  return inputs
    .map((data, place) => Number(intrinsicGas(data) + (used[place] ?? 0n) + difference))
    .sort((a, b) => a - b)
}

/** What a transaction costs before it runs. */
function intrinsicGas(data: Hex): bigint {
  const zeros = BigInt(hexToBytes(data).filter(byte => byte === 0).length)
  return TRANSACTION_GAS + zeros * ZERO_BYTE_GAS + (BigInt(size(data)) - zeros) * OTHER_BYTE_GAS
}
