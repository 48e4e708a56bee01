import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Address,
  canonicalJson,
  type Decision,
  type Hex,
  type ModelOutput,
  ppm,
  seededRandom,
} from '../core/index.ts'
import { createSealedInference, encodeProgram, type SealedModel } from '../models/index.ts'
import { normalFeatures, sealedNetwork, sealedTrees } from '../models/sealed/sealedModel.fixture.ts'
import { challengeDecision, deployModelRegistry, deployModelVerifier, publishModel } from './index.ts'
import { KEYS, sampleDecision } from './test/sampleDecisions.ts'
import { openStakeBed, STAKE, type StakeBed } from './test/stakeBed.ts'
import type { TestAgent } from './test/testbed.ts'

const SEED = 0x6c6965
const COLUMNS = 32
const descent = { epochs: 1, batchSize: 1, learningRate: 0.1, l2: 0, patience: 1 }
const network = sealedNetwork({ columns: COLUMNS, learner: { kind: 'mlp', hidden: [16, 8], ...descent } })
const trees = sealedTrees(COLUMNS, 100, 6)

let registry: Address
let bed: StakeBed
beforeAll(async () => {
  bed = await openStakeBed(async rpcUrl => {
    const deployer = { rpcUrl, privateKey: KEYS[0] }
    registry = (await deployModelRegistry(deployer)).address
    return (await deployModelVerifier({ ...deployer, registry })).address
  })
})
afterAll(() => bed.stop())

test.each([
  ['a network', network],
  ['trees', trees],
])(
  'an agent that runs %s as sealed is never proved a liar, and one that does not always is',
  async (_, model) => {
    const [honest, liar] = [await bed.newStakedAgent(), await bed.newStakedAgent()]
    const decisions = await recorded(honest, model, 8, output => output)
    // Each lies in its own way: by a unit of the score, or of the probability.
    const lies = await recorded(liar, model, 2, ({ score, probabilityUp }, at) =>
      at === 0
        ? { score: score - 1, probabilityUp }
        : { score, probabilityUp: ppm((probabilityUp + 1) / 1e6) },
    )
    await expect(challenge(lies[0]!)).rejects.toThrow(/cannot be run on chain: nobody has compiled it/)

    await publish(model)
    for (const decision of decisions)
      await expect(challenge(decision)).rejects.toThrow(/The decision says what its model says/)
    const { amount, gasUsed } = await challenge(lies[0]!)
    expect(amount).toBe(STAKE)
    console.log(`gas of a false output, model of kind ${model.program.kind}:`, gasUsed)
    await expect(challenge(lies[1]!)).resolves.toMatchObject({ amount: 0n, sequence: 1 })
    expect(await Promise.all([honest, liar].map(bed.isMarked))).toEqual([false, true])
  },
)

function challenge(decision: { readonly body: string; readonly signature: Hex }) {
  return challengeDecision(
    { rpcUrl: bed.url, privateKey: KEYS[1] },
    { challenge: bed.challenge, decision, fromBlock: bed.deployedAt },
  )
}

/** Anybody may publish a model that he has. */
function publish({ program, card }: SealedModel) {
  return publishModel({
    rpcUrl: bed.url,
    privateKey: KEYS[2],
    registry,
    verifier: bed.verifier,
    program: encodeProgram(program),
    card: canonicalJson(card),
  })
}

/** Records signals of a model on random features; `say` turns what the model gives into what the agent says. */
async function recorded(
  agent: TestAgent,
  model: SealedModel,
  count: number,
  say: (output: ModelOutput, at: number) => ModelOutput,
) {
  const inference = createSealedInference(model)
  const scaler = { mean: new Float32Array(COLUMNS), std: new Float32Array(COLUMNS).fill(1) }
  const values = normalFeatures(seededRandom(SEED), scaler, count)
  const decisions = Array.from({ length: count }, (_, at): Decision => {
    const features = values.slice(at * COLUMNS, (at + 1) * COLUMNS)
    const score = inference.scoreOf(features)
    const prediction = say({ score, probabilityUp: ppm(inference.probabilityPpm(score) / 1e6) }, at)
    return {
      ...sampleDecision(agent.signer.agent, at, {
        kind: 'signal',
        direction: 1,
        strength: ppm(0.25),
        confidence: ppm(0.5),
        horizonMs: 3_600_000,
        prediction,
      }),
      features: bytesOf(features),
      model: inference.hash,
    }
  })
  await bed.record(agent, decisions)
  return Promise.all(decisions.map(({ sequence }) => bed.row(agent, sequence)))
}

/** The record's form: binary32, big-endian, one NaN. */
function bytesOf(features: Float32Array): Hex {
  const bytes = Buffer.alloc(features.length * 4)
  for (const [at, value] of features.entries())
    if (Number.isNaN(value)) bytes.writeUInt32BE(0x7fc00000, at * 4)
    else bytes.writeFloatBE(value, at * 4)
  return `0x${bytes.toString('hex')}`
}
