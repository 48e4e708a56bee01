import { type Address, type AgentId, IntegrityError } from '../core/index.ts'
import { atOneBlock } from './atOneBlock.ts'
import { type ChainAccess, clientOf, readHead } from './logChain.ts'
import { type KeyEpoch, readEpochs } from './readEpochs.ts'

/** The keys that an agent has had. */
export type AgentKeys = {
  readonly agent: AgentId
  /** In order; empty for an agent that was never taken over. */
  readonly epochs: readonly KeyEpoch[]
  /** The key that must have signed the decision of a sequence: the agent's own before the first epoch. */
  keyAt(sequence: number): Address
}

/**
 * Reads the keys of an agent from the chain's events, and checks them: epochs gapless, the last one equal to the
 * contract's own at the same block. An agent that was never taken over costs one read of its state.
 *
 * @param fromBlock The block of the contract's deployment, or any before the agent's first epoch; default 0.
 * @throws IntegrityError when the events do not add up, so that a node that leaves one out is noticed.
 * @throws UnavailableError when the node fails.
 */
export async function readKeys(
  options: ChainAccess & {
    readonly contract: Address
    readonly agent: AgentId
    readonly fromBlock?: number
  },
): Promise<AgentKeys> {
  const { contract, agent, fromBlock = 0 } = options
  const client = clientOf(options)
  return atOneBlock(client, { agent, what: 'the keys' }, async block => {
    const { epoch } = await readHead(client, contract, agent, block)
    if (epoch === 0) return agentKeys(agent, [])
    const range = { contract, agent, fromBlock, toBlock: Number(block) }
    const epochs = await readEpochs(client, range)
    checkEpochs(epochs, epoch, { agent, fromBlock })
    return agentKeys(agent, epochs)
  })
}

/** The keys of an agent whose epochs are known, in order. */
export function agentKeys(agent: AgentId, epochs: readonly KeyEpoch[]): AgentKeys {
  return {
    agent,
    epochs,
    // Several epochs may begin at one sequence: the last of them is in force.
    keyAt: sequence => epochs.findLast(({ firstSequence }) => firstSequence <= sequence)?.key ?? agent,
  }
}

function checkEpochs(
  epochs: readonly KeyEpoch[],
  present: number,
  { agent, fromBlock }: { readonly agent: AgentId; readonly fromBlock: number },
): void {
  const gap = epochs.findIndex(({ epoch }, index) => epoch !== index + 1)
  if (gap < 0 && epochs.length === present) return
  const missing = gap < 0 ? epochs.length + 1 : gap + 1
  throw new IntegrityError(
    `The chain's events of agent ${agent} lack the start of epoch ${missing}; its state is in epoch ${present}.`,
    {
      facts: { agent, fromBlock, missing, present },
      hint: "Read from the contract's deployment block, and from a node that keeps all logs since then.",
    },
  )
}
