import { createPublicClient, createWalletClient, http, isHex, maxUint256 } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import {
  agentStakeAbi,
  challengeAbi,
  decisionLogAbi,
  marketTokenAbi,
  marketTokenBytecode,
} from '../../contracts/abi/index.ts'
import { linearVerifierAbi, linearVerifierBytecode } from '../../contracts/test/abi/index.ts'
import {
  type Address,
  type Decision,
  type Hash,
  type Hex,
  type ModelOutput,
  ppm,
  type RecordedDecision,
} from '../../core/index.ts'
import {
  batchRoot,
  createAnchorWorker,
  createRecorder,
  deployChallenge,
  encodeBody,
  hashRecord,
  parseBody,
  type SignedDecision,
  signStakeOwner,
} from '../index.ts'
import { waitForReceipt } from '../waitForReceipt.ts'
import { hashOf, KEYS, sampleDecision } from './sampleDecisions.ts'
import { openTestbed, type TestAgent, type Testbed } from './testbed.ts'

/** A model of `LinearVerifier`: its hash is its weights. */
export const LINEAR_MODEL = hashOf('3')

/** What every agent stakes. */
export const STAKE = 1_000n

/** A local chain with a decision log, stakes and their judge. */
export type StakeBed = Testbed & {
  readonly challenge: Address
  readonly stake: Address
  readonly verifier: Address
  readonly token: Address
  /** An agent with a stake behind it. */
  newStakedAgent(): Promise<TestAgent>
  record(agent: TestAgent, decisions: readonly Decision[]): Promise<void>
  /** Anchors everything that the agent recorded, in batches of at most this many. */
  anchor(agent: TestAgent, maxBatch: number): Promise<void>
  /** Anchors the root of leaves alone. */
  commitRoot(agent: TestAgent, leaves: readonly Hash[]): Promise<void>
  row(agent: TestAgent, sequence: number): Promise<RecordedDecision>
  /** What the agent would have signed had it decided otherwise. */
  signedOtherwise(agent: TestAgent, sequence: number): Promise<SignedDecision>
  isMarked(agent: TestAgent): Promise<boolean>
  isKnownHead(agent: Address, head: Hex): Promise<boolean>
}

/** @param deployVerifier Deploys what runs the models; `LinearVerifier` with `LINEAR_MODEL` unless given. */
export async function openStakeBed(deployVerifier?: (rpcUrl: string) => Promise<Address>): Promise<StakeBed> {
  const bed = await openTestbed()
  const transport = http(bed.url)
  const payer = privateKeyToAccount(KEYS[0])
  const reader = createPublicClient({ chain: foundry, transport, pollingInterval: 10 })
  const wallet = createWalletClient({ chain: foundry, transport, account: payer })

  const write = async (call: Parameters<typeof wallet.writeContract>[0]) => {
    const { status } = await waitForReceipt(reader, await wallet.writeContract(call))
    if (status !== 'success') throw new Error(`${call.functionName} was reverted`)
  }
  const deployed = async (contract: Parameters<typeof wallet.deployContract>[0]): Promise<Address> => {
    const hash = await wallet.deployContract(contract)
    const { contractAddress } = await waitForReceipt(reader, hash)
    if (!isHex(contractAddress)) throw new Error('nothing was deployed')
    return contractAddress
  }

  const deployLinear = async () => {
    const linear = await deployed({ abi: linearVerifierAbi, bytecode: linearVerifierBytecode })
    await write({ address: linear, abi: linearVerifierAbi, functionName: 'compile', args: [LINEAR_MODEL] })
    return linear
  }
  const verifier = await (deployVerifier === undefined ? deployLinear() : deployVerifier(bed.url))
  const token = await deployed({
    abi: marketTokenAbi,
    bytecode: marketTokenBytecode,
    args: ['Stake', 'STK', 18, payer.address],
  })
  const { challenge, stake } = await deployChallenge({
    rpcUrl: bed.url,
    privateKey: KEYS[0],
    log: bed.contract,
    verifier,
    terms: { token, challengeWindowSeconds: 600, unbondingSeconds: 1_200, rewardShare: ppm(0.5) },
  })
  const erc20 = { address: token, abi: marketTokenAbi } as const
  await write({ ...erc20, functionName: 'mint', args: [payer.address, 10n ** 18n] })
  await write({ ...erc20, functionName: 'approve', args: [stake, maxUint256] })

  const row: StakeBed['row'] = async (agent, sequence) => {
    const found = await agent.store.find(agent.signer.agent, sequence)
    if (found === null) throw new Error(`there is no decision ${sequence}`)
    return found
  }

  return {
    ...bed,
    challenge,
    stake,
    verifier,
    token,
    row,
    async newStakedAgent() {
      const agent = await bed.newAgent()
      const { chainId } = bed.domain
      const consent = await signStakeOwner(agent.signer, { stake, chainId, owner: payer.address })
      const call = { address: stake, abi: agentStakeAbi } as const
      const id = agent.signer.agent
      await write({ ...call, functionName: 'nameOwner', args: [id, payer.address, consent] })
      await write({ ...call, functionName: 'addStake', args: [id, STAKE] })
      return agent
    },
    async record({ store, signer }, decisions) {
      await createRecorder({ store, signer, domain: bed.domain }).record(decisions, hashOf('9'))
    },
    async anchor(agent, maxBatch) {
      const worker = createAnchorWorker({ ...agent.options, maxBatch })
      await worker.flush()
      await worker.stop()
    },
    async commitRoot({ signer }, leaves) {
      const state = await reader.readContract({
        address: bed.contract,
        abi: decisionLogAbi,
        functionName: 'stateOf',
        args: [signer.agent],
      })
      const hash = await createWalletClient({
        chain: foundry,
        transport,
        account: signer.account,
      }).writeContract({
        address: bed.contract,
        abi: decisionLogAbi,
        functionName: 'commitRoot',
        args: [signer.agent, state, BigInt(leaves.length), batchRoot(leaves)],
      })
      await waitForReceipt(reader, hash)
    },
    async signedOtherwise(agent, sequence) {
      const stored = parseBody((await row(agent, sequence)).body)
      const body = encodeBody({ ...stored, salt: hashOf('5') })
      return { body, signature: await agent.signer.sign(hashRecord(parseBody(body), bed.domain)) }
    },
    isMarked: agent =>
      reader.readContract({
        address: stake,
        abi: agentStakeAbi,
        functionName: 'isMarked',
        args: [agent.signer.agent],
      }),
    isKnownHead: (agent, head) =>
      reader.readContract({
        address: challenge,
        abi: challengeAbi,
        functionName: 'isKnownHead',
        args: [agent, BigInt(head)],
      }),
  }
}

/** A signal that says what its model says. */
export function truth(agent: TestAgent, sequence: number): Decision {
  const features: Hex = `0x${sequence.toString(16).padStart(2, '0').repeat(32)}`
  return signal(agent, sequence, features, predictionOf(LINEAR_MODEL, features))
}

/** The same with a score that is off by one. */
export function lie(agent: TestAgent, sequence: number): Decision {
  const { features } = truth(agent, sequence)
  const { score, probabilityUp } = predictionOf(LINEAR_MODEL, features)
  return signal(agent, sequence, features, { score: score + 1, probabilityUp })
}

function signal(agent: TestAgent, sequence: number, features: Hex, prediction: ModelOutput): Decision {
  const decision = sampleDecision(agent.signer.agent, sequence, {
    kind: 'signal',
    direction: -1,
    strength: ppm(0.25),
    confidence: ppm(0.61),
    horizonMs: 3_600_000,
    prediction,
  })
  return { ...decision, features, model: LINEAR_MODEL }
}

/** What `LinearVerifier` computes: each feature, a signed byte, times the weight at its place. */
function predictionOf(model: Hash, features: Hex): ModelOutput {
  const [weights, values] = [Buffer.from(model.slice(2), 'hex'), Buffer.from(features.slice(2), 'hex')]
  const score = values.reduce((sum, _, index) => sum + values.readInt8(index) * weights.readInt8(index), 0)
  return { score, probabilityUp: ppm((500_000 + Math.trunc(score / 2)) / 1_000_000) }
}
