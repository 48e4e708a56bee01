import { createWalletClient, http } from 'viem'
import { foundry } from 'viem/chains'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { decisionLogAbi } from '../contracts/abi/index.ts'
import { challengeDecision, createSigner, type SignedDecision, signEpoch } from './index.ts'
import { hashOf, KEYS } from './test/sampleDecisions.ts'
import { lie, openStakeBed, STAKE, type StakeBed, truth } from './test/stakeBed.ts'
import type { TestAgent } from './test/testbed.ts'

const sender = () => ({ rpcUrl: bed.url, privateKey: KEYS[1] })

let bed: StakeBed
beforeAll(async () => {
  bed = await openStakeBed()
})
afterAll(() => bed.stop())
afterEach(() => bed.rpc('evm_setAutomine', true))

test('a liar who changes its key as soon as a challenge names it loses its stake all the same', async () => {
  const agent = await bed.newStakedAgent()
  await bed.record(agent, [lie(agent, 0)])
  const { amount } = await challengedWhileFleeing(agent, await bed.row(agent, 0))
  expect(amount).toBe(STAKE)
  expect(await bed.isMarked(agent)).toBe(true)
})

/** Challenges while the liar watches the pool: whatever names it there is preceded by a change of its key. */
async function challengedWhileFleeing(agent: TestAgent, decision: SignedDecision) {
  await bed.rpc('evm_setAutomine', false)
  let over = false
  const challenged = challengeDecision(sender(), { challenge: bed.challenge, decision }).finally(() => {
    over = true
  })
  challenged.catch(() => undefined)
  let fled = false
  while (!over) {
    const pending = JSON.stringify(await bed.rpc('eth_getBlockByNumber', 'pending', true))
    if (!fled && pending.includes(agent.signer.agent.slice(2))) {
      await flee(agent)
      fled = true
    }
    await bed.rpc('anvil_mine', '0x1')
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  expect(fled).toBe(true)
  return challenged
}

/** Gives the agent another key, in a transaction that is mined before any other. */
async function flee({ signer: { account, agent } }: TestAgent): Promise<void> {
  const next = createSigner(hashOf('7'))
  const { key } = next
  const possession = await signEpoch(next.account, bed.domain, { agent, epoch: 1, key })
  await createWalletClient({ chain: foundry, transport: http(bed.url), account }).writeContract({
    address: bed.contract,
    abi: decisionLogAbi,
    functionName: 'startEpoch',
    args: [agent, 1, key, possession, '0x'],
    gas: 300_000n,
    maxFeePerGas: 10n ** 12n,
    maxPriorityFeePerGas: 10n ** 12n,
  })
}
