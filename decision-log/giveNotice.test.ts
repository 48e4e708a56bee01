import { createWalletClient, http, keccak256, toHex } from 'viem'
import { foundry } from 'viem/chains'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { decisionLogAbi } from '../contracts/abi/index.ts'
import type { Address, Hash } from '../core/index.ts'
import {
  challengeAfterNotice,
  challengeDecision,
  createSigner,
  giveNotice,
  openNotice,
  type SignedDecision,
  signEpoch,
  statementOf,
} from './index.ts'
import { KEYS } from './test/sampleDecisions.ts'
import { lie, openStakeBed, STAKE, type StakeBed, truth } from './test/stakeBed.ts'
import type { TestAgent } from './test/testbed.ts'

let challengerKey: Hash
let challenger: Address
beforeEach(async () => {
  // An account of its own for each test, whose transactions can be counted.
  challengerKey = keccak256(toHex(`challenger ${++tests}`))
  challenger = createSigner(challengerKey).agent
  await bed.rpc('anvil_setBalance', challenger, toHex(10n ** 20n))
})
let tests = 0

const sender = () => ({ rpcUrl: bed.url, privateKey: challengerKey })
const sentBy = async (account: Address) => Number(await bed.rpc('eth_getTransactionCount', account, 'latest'))

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

test('so does one who anchored another decision, though proving that takes several transactions', async () => {
  const agent = await bed.newStakedAgent()
  await bed.record(
    agent,
    Array.from({ length: 5 }, (_, index) => truth(agent, index)),
  )
  await bed.anchor(agent, 1)
  const { amount } = await challengedWhileFleeing(agent, await bed.signedOtherwise(agent, 0), 2)
  expect(amount).toBe(STAKE)
})

test('and one who signed two decisions of one sequence', async () => {
  const agent = await bed.newStakedAgent()
  await bed.record(agent, [truth(agent, 0)])
  const { body, signature } = await bed.row(agent, 0)
  const other = await bed.signedOtherwise(agent, 0)
  const claim = { lie: 'equivocation', decision: { body, signature }, other } as const
  const options = { challenge: bed.challenge, claim, domain: bed.domain }
  const { amount } = await whileFleeing(agent, () => challengeAfterNotice(sender(), options))
  expect(amount).toBe(STAKE)
})

test('who gave notice may challenge later, by the same account and without having kept anything', async () => {
  const agent = await bed.newStakedAgent()
  await bed.record(agent, [lie(agent, 0)])
  const decision = await bed.row(agent, 0)
  const statement = statementOf(decision, bed.domain)
  const notice = { challenge: bed.challenge, statement, domain: bed.domain }
  expect(await giveNotice(sender(), notice)).toBe(true)
  expect(await giveNotice(sender(), notice)).toBe(true)
  expect(await sentBy(challenger)).toBe(1)
  await flee(agent)
  const another = { rpcUrl: bed.url, privateKey: KEYS[2] }
  await expect(challengeDecision(another, { challenge: bed.challenge, decision })).rejects.toThrow(
    /is neither signed by the agent's present key nor anchored/,
  )
  await expect(openNotice(another, notice)).rejects.toThrow('No notice of the statement stands (NoNotice).')
  const { amount } = await challengeDecision(sender(), { challenge: bed.challenge, decision })
  expect(amount).toBe(STAKE)
})

test('what a retired key signed is no lie of the agent without a notice of before, and nothing is sent', async () => {
  const agent = await bed.newStakedAgent()
  await bed.record(agent, [lie(agent, 0)])
  const decision = await bed.row(agent, 0)
  await flee(agent)
  await expect(challengeDecision(sender(), { challenge: bed.challenge, decision })).rejects.toThrow(
    /is neither signed by the agent's present key nor anchored/,
  )
  expect(await sentBy(challenger)).toBe(0)
  const statement = statementOf(decision, bed.domain)
  expect(await giveNotice(sender(), { challenge: bed.challenge, statement, domain: bed.domain })).toBe(false)
  expect(await sentBy(challenger)).toBe(0)
  expect(await bed.isMarked(agent)).toBe(false)
})

function challengedWhileFleeing(agent: TestAgent, decision: SignedDecision, maxLater = 4_000) {
  return whileFleeing(agent, () =>
    challengeDecision(sender(), { challenge: bed.challenge, decision, maxLater }),
  )
}

/** The liar watches the pool while it is challenged: what names it there first is preceded by a change of its key. */
async function whileFleeing<T>(agent: TestAgent, challenge: () => Promise<T>): Promise<T> {
  await bed.rpc('evm_setAutomine', false)
  let over = false
  const settled = challenge().finally(() => {
    over = true
  })
  settled.catch(() => undefined)
  let fled = false
  while (!over) {
    const pending = await bed.rpc('eth_getBlockByNumber', 'pending', true)
    const { transactions } = pending as { readonly transactions: readonly unknown[] }
    if (!fled && JSON.stringify(transactions).includes(agent.signer.agent.slice(2))) {
      await flee(agent)
      fled = true
    }
    // A block of what was seen: the challenger sends the next when this one is mined.
    if (transactions.length > 0) await bed.rpc('anvil_mine', '0x1')
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  expect(fled).toBe(true)
  return settled
}

/** Gives the agent another key, in a transaction that is mined before any other. */
async function flee({ signer: { account, agent } }: TestAgent): Promise<void> {
  const next = createSigner(keccak256(agent))
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
