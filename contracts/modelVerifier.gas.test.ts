import { createWalletClient, encodeFunctionData, http, type PublicClient, toHex } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Anvil, DEFAULT_ANVIL_MNEMONIC, startAnvil } from '../cli/startAnvil.ts'
import { type Address, gaussian, type Random, seededRandom } from '../core/index.ts'
import { deployModelRegistry, deployModelVerifier, publishModel } from '../decision-log/index.ts'
import { connect } from '../decision-log/logChain.ts'
import { waitForReceipt } from '../decision-log/waitForReceipt.ts'
import { encodeProgram } from '../models/sealed/encodeProgram.ts'
import { uncalibratedLink } from '../models/sealed/link.ts'
import type { Program, ProgramTree, TreesProgram } from '../models/sealed/program.ts'
import { sealedNetwork } from '../models/sealed/sealedModel.fixture.ts'
import { modelVerifierAbi } from './abi/index.ts'

const TRANSACTIONS = 30
const account = mnemonicToAccount(DEFAULT_ANVIL_MNEMONIC)

let anvil: Anvil
let registry: Address
let verifier: Address
let reader: PublicClient

beforeAll(async () => {
  anvil = await startAnvil()
  reader = connect(anvil.url)
  const deployer = { rpcUrl: anvil.url, account }
  registry = (await deployModelRegistry(deployer)).address
  verifier = (await deployModelVerifier({ ...deployer, registry })).address
})

afterAll(() => anvil?.stop())

describe('a transaction that runs a model, all in', () => {
  test('costs less than 50,000 gas for a network of 32-16-8-1', async () => {
    const learner = {
      kind: 'mlp' as const,
      hidden: [16, 8],
      epochs: 1,
      batchSize: 1,
      learningRate: 0.1,
      l2: 0,
      patience: 1,
    }
    const { program } = sealedNetwork({ columns: 32, learner })
    const { mean, std } = program.scaler
    const gas = await gasOf(program, random =>
      mean.map((value, column) => value + gaussian(random) * (std[column] ?? 0)),
    )
    console.log('32-16-8-1:', gas.join(' '))
    expect(gas[TRANSACTIONS / 2]).toBeLessThan(49_000)
    // A few inputs in a thousand lie so near to where they round to another integer that each rounding must be made.
    expect(gas[Math.floor(TRANSACTIONS * 0.9) - 1]).toBeLessThan(50_000)
    expect(gas.at(-1)).toBeLessThan(54_000)
  })

  test('costs less than 200,000 gas for 100 complete trees of depth 6, with all edges that there may be', async () => {
    const random = seededRandom(6)
    const gas = await gasOf(completeTrees(random, 32, 100, 6), () =>
      Float32Array.from({ length: 32 }, random),
    )
    console.log('100 trees of depth 6:', gas.join(' '))
    expect(gas.at(-1)).toBeLessThan(200_000)
  })
})

/** Gas of transactions with features as they are drawn, ascending. */
async function gasOf(program: Program, features: (random: Random) => Float32Array): Promise<number[]> {
  const options = { rpcUrl: anvil.url, account, registry, verifier }
  const { model } = await publishModel({ ...options, program: encodeProgram(program), card: '' })
  const wallet = createWalletClient({ account, transport: http(anvil.url) })
  const random = seededRandom(3)
  const gas: number[] = []
  while (gas.length < TRANSACTIONS) {
    const vector = features(random)
    const view = new DataView(new ArrayBuffer(vector.length * 4))
    for (const [place, value] of vector.entries()) view.setFloat32(place * 4, value)
    const args = [model, toHex(new Uint8Array(view.buffer))] as const
    const data = encodeFunctionData({ abi: modelVerifierAbi, functionName: 'score', args })
    const hash = await wallet.sendTransaction({ to: verifier, data, chain: null })
    const { status, gasUsed } = await waitForReceipt(reader, hash)
    expect(status).toBe('success')
    gas.push(Number(gasUsed))
  }
  return gas.sort((a, b) => a - b)
}

function completeTrees(random: Random, columns: number, trees: number, depth: number): TreesProgram {
  const inner = 2 ** depth - 1
  const nodes = 2 * inner + 1
  const draw = (node: number, below: number) => (node < inner ? Math.floor(random() * below) : 0)
  const tree = (): ProgramTree => ({
    feature: Uint16Array.from({ length: nodes }, (_, node) => draw(node, columns)),
    threshold: Uint8Array.from({ length: nodes }, (_, node) => draw(node, 255)),
    left: Uint16Array.from({ length: nodes }, (_, node) => (node < inner ? 2 * node + 1 : 0)),
    value: Int32Array.from({ length: nodes }, (_, node) =>
      node < inner ? 0 : Math.floor(gaussian(random) * 10_000),
    ),
  })
  return {
    kind: 'trees',
    objective: 'direction',
    steps: 1,
    columns,
    link: uncalibratedLink('direction', 1, 0),
    edges: Array.from({ length: columns }, () => Float32Array.from({ length: 254 }, (_, edge) => edge / 254)),
    trees: Array.from({ length: trees }, tree),
    base: 0,
  }
}
