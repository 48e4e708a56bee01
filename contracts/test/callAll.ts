import { createPublicClient, decodeFunctionResult, encodeFunctionData, type Hex, http } from 'viem'
import type { Address } from '../../core/index.ts'
import { openContractWriter } from '../../decision-log/contractWriter.ts'
import type { Deployer } from '../../decision-log/deployer.ts'
import { callTrialAbi, callTrialBytecode } from './abi/index.ts'

/** Calls that share one request. */
const TOGETHER = 250

/** More than such a request takes, and than a block has. */
const CALL_GAS = 1_000_000_000n
const FUNCTION = { abi: callTrialAbi, functionName: 'callAll' } as const

/** A local chain, and who deploys on it. */
export type TrialChain = Deployer & { readonly rpcUrl: string }

/** Deploys what makes many calls in one. */
export async function deployCallTrial(chain: TrialChain): Promise<Address> {
  const trial = { abi: callTrialAbi, bytecode: callTrialBytecode }
  return (await openContractWriter(chain).deploy(trial, 'deploy the trial')).address
}

/**
 * What calls to a contract return, and the gas that each takes where all that it touches is warm, with what calling it
 * takes, which is the same for all.
 */
export async function callAll(
  rpcUrl: string,
  trial: Address,
  target: Address,
  inputs: readonly Hex[],
): Promise<{ readonly outputs: readonly Hex[]; readonly used: readonly bigint[] }> {
  const reader = createPublicClient({ transport: http(rpcUrl) })
  const outputs: Hex[] = []
  const used: bigint[] = []
  for (let from = 0; from < inputs.length; from += TOGETHER) {
    const together = inputs.slice(from, from + TOGETHER)
    // The first call finds cold what the others find warm, so it is made twice.
    const args = [target, [together[0] ?? '0x', ...together]] as const
    const { data = '0x' } = await reader.call({
      to: trial,
      data: encodeFunctionData({ ...FUNCTION, args }),
      gas: CALL_GAS,
    })
    const [outputsHere, usedHere] = decodeFunctionResult({ ...FUNCTION, data })
    outputs.push(...outputsHere.slice(1))
    used.push(...usedHere.slice(1))
  }
  return { outputs, used }
}
