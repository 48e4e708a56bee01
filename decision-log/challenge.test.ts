import { size } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { InvalidInputError, ppm, UnavailableError, unixMs } from '../core/index.ts'
import {
  anchorArgument,
  challengeDecision,
  deployChallenge,
  readAnchors,
  readLeaves,
  rememberHeads,
  type SealedEnvelope,
  type StakeTerms,
  sendChallenge,
  typedEnvelope,
} from './index.ts'
import { hashOf, KEYS, sampleDecision } from './test/sampleDecisions.ts'
import { lie, openStakeBed, STAKE, type StakeBed, truth } from './test/stakeBed.ts'
import type { TestAgent } from './test/testbed.ts'

const challengerKey = KEYS[1]
const challenger = privateKeyToAccount(challengerKey).address.toLowerCase()
const gas: Record<string, bigint> = {}

let bed: StakeBed
beforeAll(async () => {
  bed = await openStakeBed()
})
afterAll(async () => {
  await bed.stop()
  console.log('gas of a challenge, transaction included:', gas)
})

describe('a false output', () => {
  test('is proved from its anchor, whatever was anchored since', async () => {
    const agent = await bed.newStakedAgent()
    await bed.record(agent, [truth(agent, 0), lie(agent, 1), truth(agent, 2)])
    await bed.anchor(agent, 2)
    const proven = await challengeWith(agent, 1)
    expect(proven).toMatchObject({
      agent: agent.signer.agent,
      sequence: 1,
      challenger,
      amount: STAKE,
      reward: STAKE / 2n,
    })
    gas['false output, anchored, one later batch'] = proven.gasUsed
    expect(await bed.isMarked(agent)).toBe(true)
    await expect(challengeWith(agent, 1)).rejects.toThrow(/proved before/)
  })

  test('is proved however much was anchored since, by walking back', async () => {
    const agent = await bed.newStakedAgent()
    await bed.record(agent, [
      lie(agent, 0),
      ...Array.from({ length: 7 }, (_, index) => truth(agent, 1 + index)),
    ])
    await bed.anchor(agent, 1)
    const decision = await bed.row(agent, 0)
    const { agent: id } = agent.signer
    const anchors = await readAnchors({ rpcUrl: bed.url, contract: bed.contract, agent: id })
    const known = await rememberHeads(sender(), {
      challenge: bed.challenge,
      anchors,
      sequence: 0,
      maxLater: 2,
    })
    expect(known).toHaveLength(3)
    // Each head between the present and that one by two batches was remembered; no other.
    expect(await Promise.all(anchors.map(({ head }) => bed.isKnownHead(id, head)))).toEqual(
      anchors.map((_, index) => [2, 3, 5, 7].includes(index)),
    )
    const proven = await challengeDecision(sender(), { challenge: bed.challenge, decision, maxLater: 2 })
    expect(proven.amount).toBe(STAKE)
  })

  test('is proved from its signature before it is anchored', async () => {
    const agent = await bed.newStakedAgent()
    await bed.record(agent, [lie(agent, 0)])
    const proven = await challengeWith(agent, 0)
    expect(proven.amount).toBe(STAKE)
    gas['false output, signed'] = proven.gasUsed
  })

  test('is proved from the signature of a batch', async () => {
    const agent = await bed.newStakedAgent()
    await bed.record(agent, [truth(agent, 0), truth(agent, 1), lie(agent, 2)])
    expect(size((await bed.row(agent, 2)).signature)).toBeGreaterThan(65)
    const proven = await challengeWith(agent, 2)
    expect(proven.amount).toBe(STAKE)
    gas['false output, signed with two others'] = proven.gasUsed
  })

  test('is proved by the published proof where the root alone is on chain', async () => {
    const agent = await bed.newStakedAgent()
    await bed.record(agent, [lie(agent, 0), truth(agent, 1)])
    const [first, second] = [await bed.row(agent, 0), await bed.row(agent, 1)]
    const leaves = [first.leaf, second.leaf]
    await bed.commitRoot(agent, leaves)
    await expect(challengeWith(agent, 0)).rejects.toThrow(/cannot be read from the chain/)
    const proof = { leaf: first.leaf, proof: [second.leaf] }
    const proven = await challengeDecision(sender(), { challenge: bed.challenge, decision: first, proof })
    expect(proven.amount).toBe(STAKE)
  })

  test('is none where the model says so, anchored or not', async () => {
    const agent = await bed.newStakedAgent()
    await bed.record(agent, [truth(agent, 0), truth(agent, 1)])
    const says = /The decision says what its model says: score -?\d+, \d+ millionths for a rise\./
    await expect(challengeWith(agent, 0)).rejects.toThrow(says)
    await bed.anchor(agent, 1)
    await expect(challengeWith(agent, 0)).rejects.toThrow(says)
    await expect(challengeWith(agent, 1)).rejects.toThrow(InvalidInputError)
    expect(await bed.isMarked(agent)).toBe(false)
  })

  test('needs a prediction, and a model that is compiled', async () => {
    const agent = await bed.newStakedAgent()
    const unknown = { ...lie(agent, 1), model: hashOf('4') }
    const misfit = { ...lie(agent, 2), features: '0x00000000' as const }
    await bed.record(agent, [
      sampleDecision(agent.signer.agent, 0),
      unknown,
      misfit,
      sampleDecision(agent.signer.agent, 3, { kind: 'cancel', order: 0 }),
    ])
    await expect(challengeWith(agent, 1)).rejects.toThrow(
      `Model ${hashOf('4')} cannot be run on chain: nobody has compiled it.`,
    )
    await expect(challengeWith(agent, 2)).rejects.toThrow(
      "The decision's features do not fit its model: 4 bytes, where 32 are needed.",
    )
    await expect(challengeWith(agent, 3)).rejects.toThrow(
      'The decision holds no prediction that could be false.',
    )
    expect(await bed.isMarked(agent)).toBe(false)
  })

  test('is not proved by the signature of another', async () => {
    const [agent, other] = [await bed.newStakedAgent(), await bed.newStakedAgent()]
    await bed.record(agent, [lie(agent, 0)])
    const { body, leaf } = await bed.row(agent, 0)
    const decision = { body, signature: await other.signer.sign(leaf) }
    await expect(challengeDecision(sender(), { challenge: bed.challenge, decision })).rejects.toThrow(
      /is neither signed by the agent's present key nor anchored as the claim says/,
    )
  })
})

test('a signed decision that is not the anchored one is proved from the chain and the signature', async () => {
  const agent = await bed.newStakedAgent()
  await bed.record(agent, [truth(agent, 0), truth(agent, 1)])
  await bed.anchor(agent, 2)
  const decision = await bed.signedOtherwise(agent, 1)
  const proven = await challengeDecision(sender(), { challenge: bed.challenge, decision })
  expect(proven).toMatchObject({ sequence: 1, amount: STAKE })
  gas['reveal mismatch'] = proven.gasUsed
})

test('two decisions of one sequence are proved from their signatures', async () => {
  const agent = await bed.newStakedAgent()
  await bed.record(agent, [truth(agent, 0)])
  const { body, signature } = await bed.row(agent, 0)
  const claim = {
    lie: 'equivocation',
    decision: { body, signature },
    other: await bed.signedOtherwise(agent, 0),
  } as const
  const proven = await sendChallenge(sender(), { challenge: bed.challenge, claim, domain: bed.domain })
  expect(proven).toMatchObject({ sequence: 0, amount: STAKE })
  gas['equivocation'] = proven.gasUsed

  const same = { ...claim, other: claim.decision }
  await expect(
    sendChallenge(sender(), { challenge: bed.challenge, claim: same, domain: bed.domain }),
  ).rejects.toThrow(/The two statements agree/)
})

test('a promise that is not kept is proved from the envelope', async () => {
  const agent = await bed.newStakedAgent()
  await bed.record(agent, [truth(agent, 0), truth(agent, 1)])
  await bed.anchor(agent, 2)
  const anchors = await readAnchors({ rpcUrl: bed.url, contract: bed.contract, agent: agent.signer.agent })
  const leaves = await readLeaves(anchors[0]!, { rpcUrl: bed.url })
  const anchored = { leaf: leaves[0]!, anchor: anchorArgument(anchors, 0, [leaves[1]!]) }
  const claimOf = async (envelope: SealedEnvelope) =>
    ({
      lie: 'sealedMismatch',
      envelope,
      signature: await agent.signer.account.signTypedData(typedEnvelope(envelope, bed.domain)),
      anchored,
    }) as const
  const envelope = {
    agent: agent.signer.agent,
    sequence: 0,
    leaf: leaves[0]!,
    revealAtMs: unixMs(1_700_000_000_000),
    keyHash: hashOf('a'),
    ciphertextHash: hashOf('b'),
  }
  const kept = { challenge: bed.challenge, claim: await claimOf(envelope), domain: bed.domain }
  await expect(sendChallenge(sender(), kept)).rejects.toThrow(/The two statements agree/)
  const broken = { ...kept, claim: await claimOf({ ...envelope, leaf: hashOf('c') }) }
  const proven = await sendChallenge(sender(), broken)
  expect(proven).toMatchObject({ sequence: 0, amount: STAKE })
  gas['sealed mismatch'] = proven.gasUsed
})

test('terms that contradict each other are refused', async () => {
  const deployed = (terms: Partial<StakeTerms>) =>
    deployChallenge({
      rpcUrl: bed.url,
      privateKey: KEYS[0],
      log: bed.contract,
      verifier: bed.verifier,
      terms: { token: bed.token, ...terms },
    })
  await expect(deployed({ challengeWindowSeconds: 600, unbondingSeconds: 600 })).rejects.toThrow(
    'Stake that waits 600 s could leave within the challenge window of 600 s.',
  )
  await expect(deployed({ rewardShare: ppm(0) })).rejects.toThrow(
    "A challenger's share of 0 millionths is nothing, or above all.",
  )
})

test('a node that is down, without its address in the error', async () => {
  const agent = await bed.newAgent()
  await bed.record(agent, [truth(agent, 0)])
  const decision = await bed.row(agent, 0)
  const down = { rpcUrl: 'http://127.0.0.1:9/secret', privateKey: challengerKey }
  const challenged = challengeDecision(down, { challenge: bed.challenge, decision })
  await expect(challenged).rejects.toThrow(UnavailableError)
  await expect(challenged).rejects.not.toThrow(/secret/)
})

const sender = () => ({ rpcUrl: bed.url, privateKey: challengerKey })

async function challengeWith(agent: TestAgent, sequence: number) {
  const decision = await bed.row(agent, sequence)
  return challengeDecision(sender(), { challenge: bed.challenge, decision, fromBlock: bed.deployedAt })
}
