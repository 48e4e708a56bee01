import {
  type Account,
  createPublicClient,
  createWalletClient,
  encodeFunctionData,
  type Hex,
  hexToBytes,
  http,
  size,
} from 'viem'
import type { Address, Hash } from '../../core/index.ts'
import { openContractWriter } from '../../decision-log/contractWriter.ts'
import { waitForReceipt } from '../../decision-log/waitForReceipt.ts'
import { modelVerifierAbi } from '../abi/index.ts'
import { gasTrialAbi, gasTrialBytecode } from './abi/index.ts'
import { bytesOf } from './randomModels.ts'

/** Calls that share one `eth_call`, some 15 million gas. */
const TOGETHER = 250
const TRANSACTION_GAS = 21_000n
const ZERO_BYTE_GAS = 4n
const OTHER_BYTE_GAS = 16n

/**
 * Gas of the transactions that would have a verifier score these feature vectors, all in, in their order. The first two
 * are sent; the others are called from a contract that measures them, and must differ from the first two as calls do.
 */
export async function scoreGas(
  chain: { readonly rpcUrl: string; readonly account: Account; readonly verifier: Address },
  model: Hash,
  vectors: readonly Float32Array[],
): Promise<number[]> {
  const { rpcUrl, account, verifier } = chain
  const reader = createPublicClient({ transport: http(rpcUrl) })
  const trial = { abi: gasTrialAbi, bytecode: gasTrialBytecode }
  const { address } = await openContractWriter({ rpcUrl, account }).deploy(trial, 'deploy the trial')
  const calls = vectors.map(vector =>
    encodeFunctionData({ abi: modelVerifierAbi, functionName: 'score', args: [model, bytesOf(vector)] }),
  )

  const measured: bigint[] = []
  for (let from = 0; from < calls.length; from += TOGETHER) {
    const together = calls.slice(from, from + TOGETHER)
    // The first call finds cold what the others find warm.
    const inputs = [together[0] ?? '0x', ...together] as const
    const args = [verifier, inputs] as const
    measured.push(
      ...(await reader.readContract({ address, abi: gasTrialAbi, functionName: 'gasOf', args })).slice(1),
    )
  }

  const wallet = createWalletClient({ account, transport: http(rpcUrl) })
  const differences: bigint[] = []
  for (const [place, data] of calls.slice(0, 2).entries()) {
    const hash = await wallet.sendTransaction({ to: verifier, data, chain: null })
    const { status, gasUsed } = await waitForReceipt(reader, hash)
    if (status !== 'success') throw new Error(`Transaction ${hash} failed.`)
    differences.push(gasUsed - intrinsicGas(data) - (measured[place] ?? 0n))
  }
  const [difference = 0n] = differences
  if (differences.some(other => other !== difference))
    throw new Error(`Calls differ from transactions by ${differences.join(' and ')} gas.`)
  return calls.map((data, place) => Number(intrinsicGas(data) + (measured[place] ?? 0n) + difference))
}

/** What a transaction costs before it runs. */
function intrinsicGas(data: Hex): bigint {
  const zeros = BigInt(hexToBytes(data).filter(byte => byte === 0).length)
  return TRANSACTION_GAS + zeros * ZERO_BYTE_GAS + (BigInt(size(data)) - zeros) * OTHER_BYTE_GAS
}
