import { concat, encodeFunctionData } from 'viem'
import { decisionLogAbi } from '../contracts/abi/index.ts'
import { type AgentEpoch, UnavailableError } from '../core/index.ts'
import type { AnchorContext } from './anchorContext.ts'
import type { ChainHead } from './logChain.ts'
import { signEpoch } from './logMessages.ts'
import { revertedWith } from './revertedWith.ts'
import { type Replacing, sendOnLine, type TransactionLine } from './transactionLine.ts'

/**
 * Asks the chain for the epoch that the store works in, or first for the one before it that a reorg took. The host's
 * name ends the calldata, which the contract does not read: of two hosts that ask for the same epoch with the same
 * key, each finds out whose transaction was taken.
 *
 * @returns False when the chain has moved on meanwhile: reconcile again.
 * @throws UnavailableError when the node fails or refuses it.
 */
export async function sendEpoch(
  line: TransactionLine,
  context: AnchorContext,
  chain: Pick<ChainHead, 'epoch'>,
  claimed: AgentEpoch,
  replacing: Replacing = {},
): Promise<boolean> {
  const { signer, host, memory } = context
  const { agent, key } = signer
  const epoch = chain.epoch + 1
  if (epoch < claimed.epoch && claimed.authority !== null) throw earlierMissing(claimed, chain.epoch)
  const message = { agent, epoch, key }
  const domain = { chainId: line.chainId, verifyingContract: line.contract }
  const isSender = line.account.address.toLowerCase() === key
  const possession = isSender ? '0x' : await signEpoch(signer.account, domain, message)
  const call = encodeFunctionData({
    abi: decisionLogAbi,
    functionName: 'startEpoch',
    args: [agent, epoch, key, possession, claimed.authority ?? '0x'],
  })
  const sent = await sendOnLine(line, {
    ...replacing,
    data: concat([call, host]),
    isOutdated: error => revertedWith(error, 'WrongEpoch(uint16,uint16)'),
    // Nothing to keep: the stored epoch says what to ask for, and a second transaction for it fails.
    save: async transaction => {
      memory.epochSent = transaction
    },
  })
  if (sent) line.logger.info({ agent, epoch, key }, `Asked for epoch ${epoch}.`)
  return sent
}

function earlierMissing({ agent, epoch }: AgentEpoch, chainEpoch: number): UnavailableError {
  return new UnavailableError(
    `A reorg took the epochs of agent ${agent} back to ${chainEpoch}, and its key was allowed for epoch ${epoch}.`,
    {
      facts: { agent, epoch, chainEpoch },
      hint: 'They may come back by themselves. If they do not, allow the key again: touchstone agents rotate-key AGENT',
    },
  )
}
