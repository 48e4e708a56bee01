import { parseEventLogs, toHex } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Anvil, DEFAULT_ANVIL_MNEMONIC, startAnvil } from '../cli/startAnvil.ts'
import { modelRegistryAbi, modelVerifierAbi } from '../contracts/abi/index.ts'
import {
  type Address,
  canonicalJson,
  IntegrityError,
  InvalidInputError,
  NotFoundError,
  sha256,
  UnavailableError,
} from '../core/index.ts'
import { encodeProgram } from '../models/sealed/encodeProgram.ts'
import { sealedNetwork, sealedTrees } from '../models/sealed/sealedModel.fixture.ts'
import { type SealedModel, sealedModelHashes } from '../models/sealed/sealedModel.ts'
import { openContractWriter } from './contractWriter.ts'
import { deployModelRegistry, deployModelVerifier, publishModel, readPublishedModel } from './index.ts'
import { modelChunks } from './modelChunks.ts'

const account = mnemonicToAccount(DEFAULT_ANVIL_MNEMONIC)
const other = mnemonicToAccount(DEFAULT_ANVIL_MNEMONIC, { addressIndex: 1 })
const descent = { epochs: 1, batchSize: 1, learningRate: 0.1, l2: 0, patience: 1 }

let anvil: Anvil
let registry: Address
let verifier: Address

beforeAll(async () => {
  anvil = await startAnvil()
  registry = (await deployModelRegistry({ rpcUrl: anvil.url, account })).address
  verifier = (await deployModelVerifier({ rpcUrl: anvil.url, account, registry })).address
})

afterAll(() => anvil?.stop())

function optionsOf(model: SealedModel) {
  const program = encodeProgram(model.program)
  return { rpcUrl: anvil.url, account, registry, verifier, program, card: canonicalJson(model.card) }
}

describe('publishModel', () => {
  test('publishes a model under the hash that names it, and it can be read back', async () => {
    const model = sealedNetwork({ columns: 6, learner: { kind: 'mlp', hidden: [5], ...descent } })
    const { model: hash, chunks, transactions, gasUsed } = await publishModel(optionsOf(model))
    const { model: expected, card } = sealedModelHashes(model)
    expect(hash).toBe(expected)
    expect(chunks).toHaveLength(1)
    expect(transactions).toBe(3)
    expect(gasUsed).toBeGreaterThan(500_000n)
    expect(await readPublishedModel(hash, { rpcUrl: anvil.url, registry })).toEqual({
      program: encodeProgram(model.program),
      cardHash: card,
    })
  })

  test('needs several transactions for a large model, and none where all is done', async () => {
    const options = optionsOf(sealedTrees(20, 100, 6))
    const first = await publishModel(options)
    expect(first.chunks.length).toBeGreaterThan(1)
    expect(first.transactions).toBeGreaterThan(first.chunks.length + 2)
    const { program } = await readPublishedModel(first.model, { rpcUrl: anvil.url, registry })
    expect(program).toEqual(options.program)
    expect(await publishModel({ ...options, account: other })).toEqual({
      ...first,
      transactions: 0,
      gasUsed: 0n,
    })
  })

  test('goes on where another account stopped', async () => {
    const options = optionsOf(sealedTrees(21, 100, 6, 5))
    const [chunk] = modelChunks(options.program, registry)
    const stranger = openContractWriter({ rpcUrl: anvil.url, account: other })
    await stranger.write(
      registry,
      { abi: modelRegistryAbi, functionName: 'storeChunk', args: [chunk!.data] },
      'store a chunk',
    )
    const { rpcUrl, program, card } = options
    const published = await publishModel({ rpcUrl, account, registry, program, card })
    expect(published.transactions).toBe(published.chunks.length)
    await stranger.write(
      verifier,
      { abi: modelVerifierAbi, functionName: 'compile', args: [published.model] },
      'compile a step',
    )
    const again = await publishModel(options)
    expect(again.transactions).toBeGreaterThan(0)
    const fresh = await publishModel(optionsOf(sealedTrees(21, 100, 6, 6)))
    expect(again.transactions + published.transactions + 2).toBe(fresh.transactions)
  })

  test('publishes the text of the card on demand', async () => {
    const model = sealedTrees(3, 1, 1)
    const options = optionsOf(model)
    const writer = openContractWriter({ rpcUrl: anvil.url, account })
    const fromBlock = await writer.client.getBlockNumber()
    await publishModel({ ...options, withCard: true })
    const logs = await writer.client.getLogs({ address: registry, fromBlock })
    const [event] = parseEventLogs({ abi: modelRegistryAbi, logs, eventName: 'CardPublished' })
    expect(event?.args).toEqual({ card: sha256(options.card), text: toHex(Buffer.from(options.card)) })
  })

  test('says why a verifier refuses a model, before it spends anything on it', async () => {
    const learner = { kind: 'tcn' as const, steps: 3, channels: 4, levels: 1, kernel: 2, ...descent }
    const published = publishModel(optionsOf(sealedNetwork({ columns: 3, learner })))
    await expect(published).rejects.toThrow(InvalidInputError)
    await expect(published).rejects.toThrow(
      /does not run model 0x\w+: it looks at more than one feature vector/,
    )
  })

  test('refuses a program without bytes', async () => {
    const published = publishModel({ ...optionsOf(sealedTrees(3, 1, 1)), program: new Uint8Array() })
    await expect(published).rejects.toThrow(InvalidInputError)
  })

  test('names the step that a node which is down cannot do, without its address', async () => {
    const options = { ...optionsOf(sealedTrees(3, 1, 1)), rpcUrl: 'http://127.0.0.1:9/secret' }
    const published = publishModel(options)
    await expect(published).rejects.toThrow(UnavailableError)
    await expect(published).rejects.not.toThrow(/secret/)
  })
})

describe('readPublishedModel', () => {
  test('refuses a model that is not published', async () => {
    const read = readPublishedModel(sha256('no model'), { rpcUrl: anvil.url, registry })
    await expect(read).rejects.toThrow(NotFoundError)
  })

  test('notices a node that answers with another program', async () => {
    const { model, chunks } = await publishModel(optionsOf(sealedTrees(4, 2, 2)))
    const { client } = openContractWriter({ rpcUrl: anvil.url, account })
    const code = await client.getCode({ address: chunks[0]! })
    const changed = `${code!.slice(0, -2)}${code!.endsWith('00') ? '01' : '00'}`
    await client.request({ method: 'anvil_setCode' as never, params: [chunks[0], changed] as never })
    const read = readPublishedModel(model, { rpcUrl: anvil.url, registry })
    await expect(read).rejects.toThrow(IntegrityError)
    await expect(read).rejects.toThrow(`for model ${model} is of 0x`)
  })
})
