import {
  createPublicClient,
  decodeFunctionResult,
  encodeFunctionData,
  http,
  type PublicClient,
  toFunctionSelector,
  toHex,
} from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Anvil, DEFAULT_ANVIL_MNEMONIC, startAnvil } from '../cli/startAnvil.ts'
import { type Address, type Hash, type Random, seededRandom, TouchstoneError } from '../core/index.ts'
import { openContractWriter } from '../decision-log/contractWriter.ts'
import { deployModelRegistry, deployModelVerifier, publishModel } from '../decision-log/index.ts'
import { connect } from '../decision-log/logChain.ts'
import { decodeProgram } from '../models/sealed/decodeProgram.ts'
import { encodeProgram } from '../models/sealed/encodeProgram.ts'
import { probabilityPpmOf } from '../models/sealed/link.ts'
import type { Program } from '../models/sealed/program.ts'
import { quantiseInputs } from '../models/sealed/quantiseInputs.ts'
import { referenceScore } from '../models/sealed/referenceScore.ts'
import { modelVerifierAbi } from './abi/index.ts'
import { compileTrialAbi, compileTrialBytecode } from './test/abi/index.ts'
import { callAll, deployCallTrial } from './test/callAll.ts'
import {
  bytesOf,
  featuresFor,
  hardFeatures,
  networkOfOddScales,
  oddVectors,
  randomNetworkOfOneStep,
  randomTrees,
  sumOfInputs,
  unroundedSum,
  wideNetwork,
} from './test/randomModels.ts'

const SEED = 0x6d6f64
const PROGRAMS = 40
const VECTORS = 250
const account = mnemonicToAccount(DEFAULT_ANVIL_MNEMONIC)

let anvil: Anvil
let registry: Address
let verifier: Address
let calls: Address
let reader: PublicClient

beforeAll(async () => {
  anvil = await startAnvil()
  reader = createPublicClient({ transport: http(anvil.url, { batch: { batchSize: VECTORS } }) })
  const deployer = { rpcUrl: anvil.url, account }
  registry = (await deployModelRegistry(deployer)).address
  verifier = (await deployModelVerifier({ ...deployer, registry })).address
  calls = await deployCallTrial(deployer)
})

afterAll(() => anvil?.stop())

describe('ModelVerifier against TypeScript', () => {
  test(`gives the same scores and probabilities (seed ${SEED})`, async () => {
    const random = seededRandom(SEED)
    for (let round = 0; round < PROGRAMS; round++) {
      const program = round % 2 === 0 ? randomNetworkOfOneStep(random, round / 2) : randomTrees(random)
      const model = await publish(program)
      const vectors = Array.from({ length: VECTORS }, () => featuresFor(random, program))
      const scores = await scoresOnChain(model, vectors)
      const where = `seed ${SEED}, program ${round}, a ${program.kind}`
      expect(scores, where).toEqual(vectors.map(vector => predict(program, vector)))
      expect(await runOnChain(model, program, random), where).toEqual([])
    }
  }, 120_000)

  test('reads special values beside means and deviations of any size as TypeScript does', async () => {
    const program = networkOfOddScales(seededRandom(SEED + 2))
    const model = await publish(program)
    const vectors = oddVectors(program.columns)
    expect(await scoresOnChain(model, vectors)).toEqual(vectors.map(vector => predict(program, vector)))
  })

  test(`makes both roundings where an input may be either of two integers (seed ${SEED + 3})`, async () => {
    const random = seededRandom(SEED + 3)
    for (let round = 0; round < 4; round++) {
      const program = sumOfInputs(random, 32)
      const model = await publish(program)
      const vectors = Array.from({ length: VECTORS }, () => hardFeatures(random, program))
      const expected = vectors.map(vector => predict(program, vector))
      // A tenth would come out otherwise without them: what is tried is hard.
      const unrounded = vectors.filter(
        (vector, place) => unroundedSum(program, vector) !== expected[place]?.[0],
      )
      expect(unrounded.length).toBeGreaterThan(VECTORS / 10)
      expect(await scoresOnChain(model, vectors)).toEqual(expected)
    }
  })

  test('runs layers whose neurons no code holds', async () => {
    const random = seededRandom(SEED + 4)
    const program = wideNetwork(random, 3, 4_090)
    const model = await publish(program)
    const vectors = Array.from({ length: 10 }, () => featuresFor(random, program))
    expect(await scoresOnChain(model, vectors)).toEqual(vectors.map(vector => predict(program, vector)))
  })

  test('compiles the programs that TypeScript reads, and no others', async () => {
    const random = seededRandom(SEED + 1)
    const trial = (
      await openContractWriter({ rpcUrl: anvil.url, account }).deploy(
        { abi: compileTrialAbi, bytecode: compileTrialBytecode },
        'deploy the trial',
      )
    ).address
    const originals = [randomNetworkOfOneStep(random, 2), randomNetworkOfOneStep(random, 4)]
      .map(encodeProgram)
      .concat(Array.from({ length: 2 }, () => encodeProgram(randomTrees(random))))
    const changed = originals.flatMap(bytes => [
      bytes,
      ...Array.from({ length: 100 }, () => change(random, bytes)),
    ])
    const compiled = await Promise.all(changed.map(program => isCompiledBy(trial, program)))
    const read = changed.map(program => isRead(program))
    expect(compiled).toEqual(read)
    expect(read.filter(isRead => isRead).length).toBeGreaterThan(30)
    expect(read.filter(isRead => !isRead).length).toBeGreaterThan(30)
  }, 60_000)
})

const REFUSALS = ['MalformedProgram(uint256)', 'SeveralSteps(uint256)'].map(error =>
  toFunctionSelector(error),
)

/** True for a program that compiles, false for one that is refused with the reason. */
function isCompiledBy(trial: Address, program: Uint8Array): Promise<boolean> {
  const data = encodeFunctionData({ abi: compileTrialAbi, functionName: 'compile', args: [toHex(program)] })
  return connect(anvil.url)
    .call({ to: trial, data })
    .then(
      () => true,
      (error: unknown) => {
        if (REFUSALS.some(selector => String(error).includes(selector))) return false
        throw error
      },
    )
}

async function publish(program: Program): Promise<Hash> {
  const bytes = encodeProgram(program)
  const { model } = await publishModel({
    rpcUrl: anvil.url,
    account,
    registry,
    verifier,
    program: bytes,
    card: '',
  })
  return model
}

function predict(program: Program, features: Float32Array): [score: number, probabilityPpm: number] {
  const score = referenceScore(program, quantiseInputs(program, features))
  return [score, probabilityPpmOf(program.link, score)]
}

async function scoresOnChain(model: Hash, vectors: readonly Float32Array[]) {
  const inputs = vectors.map(vector =>
    encodeFunctionData({ abi: modelVerifierAbi, functionName: 'score', args: [model, bytesOf(vector)] }),
  )
  const { outputs } = await callAll(anvil.url, calls, verifier, inputs)
  return outputs.map(data => decodeFunctionResult({ abi: modelVerifierAbi, functionName: 'score', data }))
}

/** Runs a model on integer inputs of any size, and returns the differences. */
async function runOnChain(model: Hash, program: Program, random: Random): Promise<string[]> {
  const vectors = Array.from({ length: 5 }, () =>
    Int16Array.from({ length: program.columns }, () => Math.floor(random() * 65_536) - 32_768),
  )
  const scores = await Promise.all(
    vectors.map(inputs =>
      reader.readContract({
        address: verifier,
        abi: modelVerifierAbi,
        functionName: 'run',
        args: [model, [...inputs]],
      }),
    ),
  )
  return vectors.flatMap((inputs, place) => {
    const expected = referenceScore(program, inputs)
    return scores[place] === expected ? [] : [`${scores[place]} instead of ${expected}`]
  })
}

/** A program with a byte changed, most often by one bit; now and then cut off or longer. */
function change(random: Random, bytes: Uint8Array): Uint8Array {
  const whole = (below: number) => Math.floor(random() * below)
  const kind = random()
  if (kind < 0.03) return bytes.slice(0, whole(bytes.length))
  if (kind < 0.06) return Uint8Array.of(...bytes, whole(256))
  const changed = bytes.slice()
  // Half of the changes go to the beginning: header, link and scaler.
  const place = whole(random() < 0.5 ? Math.min(bytes.length, 300) : bytes.length)
  changed[place] = random() < 0.7 ? (changed[place] ?? 0) ^ (1 << whole(8)) : whole(256)
  return changed
}

/** True for a program of one step that TypeScript reads. */
function isRead(bytes: Uint8Array): boolean {
  try {
    return decodeProgram(bytes).steps === 1
  } catch (error) {
    if (error instanceof TouchstoneError) return false
    throw error
  }
}
