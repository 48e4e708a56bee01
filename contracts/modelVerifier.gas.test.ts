import { mnemonicToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Anvil, DEFAULT_ANVIL_MNEMONIC, startAnvil } from '../cli/startAnvil.ts'
import { type Address, type Hash, seededRandom } from '../core/index.ts'
import { deployModelRegistry, deployModelVerifier, publishModel } from '../decision-log/index.ts'
import { encodeProgram } from '../models/sealed/encodeProgram.ts'
import type { NetworkProgram, Program } from '../models/sealed/program.ts'
import { normalFeatures } from '../models/sealed/sealedModel.fixture.ts'
import { completeTrees, featuresBetweenSteps, measuredNetwork } from './test/measuredModels.ts'
import { scoreGas } from './test/scoreGas.ts'

const VECTORS = 10_000
const account = mnemonicToAccount(DEFAULT_ANVIL_MNEMONIC)

let anvil: Anvil
let registry: Address
let verifier: Address

beforeAll(async () => {
  anvil = await startAnvil()
  const deployer = { rpcUrl: anvil.url, account }
  registry = (await deployModelRegistry(deployer)).address
  verifier = (await deployModelVerifier({ ...deployer, registry })).address
})

afterAll(() => anvil?.stop())

describe('a transaction that runs a model, all in', () => {
  describe('for a network of 32-16-8-1', () => {
    const program: NetworkProgram = measuredNetwork()
    const random = seededRandom(3)
    let model: Hash

    beforeAll(async () => {
      model = await publish(program)
    })

    test(`costs less than 50,000 gas for each of ${VECTORS} vectors, of which some values are missing`, async () => {
      const values = normalFeatures(random, program.scaler, VECTORS)
      const vectors = Array.from({ length: VECTORS }, (_, row) =>
        values.subarray(row * program.columns, (row + 1) * program.columns),
      )
      const gas = await gasOf(model, vectors)
      console.log(`32-16-8-1: median ${gas[VECTORS / 2]}, worst ${gas.at(-1)}`)
      expect(gas[VECTORS / 2]).toBeLessThan(45_000)
      expect(gas.at(-1)).toBeLessThan(50_000)
    })

    test('costs little more where every input is halfway between two integers', async () => {
      const gas = await gasOf(
        model,
        Array.from({ length: 250 }, () => featuresBetweenSteps(random, program)),
      )
      console.log(`32-16-8-1, all between steps: median ${gas[125]}, worst ${gas.at(-1)}`)
      expect(gas.at(-1)).toBeLessThan(56_000)
    })
  })

  test('costs less than 200,000 gas for 100 complete trees of depth 6, with all edges that there may be', async () => {
    const random = seededRandom(6)
    const model = await publish(completeTrees(random, 32, 100, 6))
    const gas = await gasOf(
      model,
      Array.from({ length: 30 }, () => Float32Array.from({ length: 32 }, random)),
    )
    console.log(`100 trees of depth 6: median ${gas[15]}, worst ${gas.at(-1)}`)
    expect(gas.at(-1)).toBeLessThan(200_000)
  })
})

async function publish(program: Program): Promise<Hash> {
  const options = { rpcUrl: anvil.url, account, registry, verifier }
  return (await publishModel({ ...options, program: encodeProgram(program), card: '' })).model
}

/** Gas of transactions with these features, ascending. */
async function gasOf(model: Hash, vectors: readonly Float32Array[]): Promise<number[]> {
  const gas = await scoreGas({ rpcUrl: anvil.url, account, verifier }, model, vectors)
  return gas.sort((a, b) => a - b)
}
