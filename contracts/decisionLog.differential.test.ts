import { SimpleMerkleTree } from '@openzeppelin/merkle-tree'
import fc from 'fast-check'
import {
  createPublicClient,
  createWalletClient,
  encodeAbiParameters,
  type Hex,
  hexToBigInt,
  http,
  keccak256,
  parseEventLogs,
  toHex,
} from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Anvil, DEFAULT_ANVIL_MNEMONIC, startAnvil } from '../cli/startAnvil.ts'
import { decisionLogAbi, decisionLogBytecode } from './abi/index.ts'

const SEED = 0x70756368
const account = mnemonicToAccount(DEFAULT_ANVIL_MNEMONIC)

let anvil: Anvil
let address: Hex
let chain: ReturnType<typeof clientsOf>

beforeAll(async () => {
  anvil = await startAnvil()
  chain = clientsOf(anvil.url)
  address = await deploy()
})

afterAll(() => anvil?.stop())

/** What the contract must compute, from the leaves alone. */
function referenceRoot(leaves: readonly Hex[]): Hex {
  return SimpleMerkleTree.of([...leaves], { sortLeaves: false }).root as Hex
}

function referenceHead(head: bigint, root: Hex, firstSequence: bigint, count: bigint): bigint {
  const types = ['uint192', 'bytes32', 'uint64', 'uint64'].map(type => ({ type }))
  return hexToBigInt(keccak256(encodeAbiParameters(types, [head, root, firstSequence, count]))) % 2n ** 192n
}

describe('DecisionLog against TypeScript', () => {
  test(`computes the same roots and heads, and accepts exactly the right proofs (seed ${SEED})`, async () => {
    let head = 0n
    let nextSequence = 0n
    const smallest = Array.from({ length: 18 }, (_, size): [Hex[], number] => [
      Array.from({ length: size + 1 }, (_, index) => keccak256(toHex(`${size}/${index}`))),
      size * 7,
    ])
    await fc.assert(
      fc.asyncProperty(
        fc.array(leaf, { minLength: 1, maxLength: 300, size: 'max' }),
        fc.nat(),
        async (leaves, pick) => {
          const count = BigInt(leaves.length)
          const root = referenceRoot(leaves)
          const expectedHead = referenceHead(head, root, nextSequence, count)

          const receipt = await commit(nextSequence, leaves)
          const [batch] = parseEventLogs({ abi: decisionLogAbi, logs: receipt.logs })
          expect(batch?.args).toEqual({
            agent: account.address,
            firstSequence: nextSequence,
            count,
            root,
            head: expectedHead,
          })
          head = expectedHead
          nextSequence += count
          expect(await headOf()).toEqual([head, nextSequence])

          const index = pick % leaves.length
          const proof = SimpleMerkleTree.of(leaves, { sortLeaves: false }).getProof(index) as Hex[]
          expect(await verify(root, leaves[index]!, proof)).toBe(true)
          expect(await verify(root, flipped(leaves[index]!), proof)).toBe(false)
          expect(await verify(flipped(root), leaves[index]!, proof)).toBe(false)
          if (proof.length > 0) {
            const wrong = proof.with(pick % proof.length, flipped(proof[pick % proof.length]!))
            expect(await verify(root, leaves[index]!, wrong)).toBe(false)
            expect(await verify(root, leaves[index]!, proof.slice(1))).toBe(false)
          }
        },
      ),
      { seed: SEED, numRuns: 60, examples: smallest },
    )
  }, 60_000)

  test('rejects a gap, a repetition and an empty batch, and changes nothing', async () => {
    const [head, nextSequence] = await headOf()
    for (const given of [nextSequence + 1n, nextSequence - 1n, 0n]) {
      await expect(simulate(given, [keccak256('0x01')])).rejects.toThrow(
        new RegExp(`SequenceGap\\(uint64 expected, uint64 given\\)\\s+\\(${nextSequence}, ${given}\\)`),
      )
    }
    await expect(simulate(nextSequence, [])).rejects.toThrow('EmptyBatch()')
    expect(await headOf()).toEqual([head, nextSequence])
  })

  test('costs no more than its targets', async () => {
    const log = await deploy()
    const gasPerLeaf = new Map<number, number>()
    let first = 1n
    await commit(0n, [keccak256('0x00')], log)
    for (const count of [1, 10, 100, 1_000]) {
      const leaves = Array.from({ length: count }, (_, index) => keccak256(toHex(`${count}/${index}`)))
      const { gasUsed } = await commit(first, leaves, log)
      gasPerLeaf.set(count, Number(gasUsed) / count)
      first += BigInt(count)
    }
    console.log('gas per leaf, transaction included:', Object.fromEntries(gasPerLeaf))
    expect(gasPerLeaf.get(1)).toBeLessThan(32_000)
    expect(gasPerLeaf.get(10)).toBeLessThan(4_500)
    expect(gasPerLeaf.get(100)).toBeLessThan(1_510)
    // 40 gas for each of a leaf's 32 bytes: computing the root adds nothing to carrying the leaves.
    expect(gasPerLeaf.get(1_000)).toBeLessThan(32 * 40 + 25)
  })
})

const leaf = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytes => toHex(bytes))

function flipped(hash: Hex): Hex {
  return toHex(hexToBigInt(hash) ^ 1n, { size: 32 })
}

async function commit(firstSequence: bigint, leaves: readonly Hex[], log = address) {
  const hash = await chain.wallet.writeContract({
    address: log,
    abi: decisionLogAbi,
    functionName: 'commit',
    args: [firstSequence, leaves],
  })
  const receipt = await chain.reader.waitForTransactionReceipt({ hash })
  expect(receipt.status).toBe('success')
  return receipt
}

function simulate(firstSequence: bigint, leaves: readonly Hex[]) {
  return chain.reader.simulateContract({
    address,
    abi: decisionLogAbi,
    functionName: 'commit',
    args: [firstSequence, leaves],
    account,
  })
}

function headOf() {
  return chain.reader.readContract({
    address,
    abi: decisionLogAbi,
    functionName: 'headOf',
    args: [account.address],
  })
}

function verify(root: Hex, node: Hex, proof: readonly Hex[]) {
  return chain.reader.readContract({
    address,
    abi: decisionLogAbi,
    functionName: 'verify',
    args: [root, node, proof],
  })
}

async function deploy(): Promise<Hex> {
  const hash = await chain.wallet.deployContract({ abi: decisionLogAbi, bytecode: decisionLogBytecode })
  const { contractAddress } = await chain.reader.waitForTransactionReceipt({ hash })
  return contractAddress!
}

function clientsOf(url: string) {
  const transport = http(url)
  return {
    reader: createPublicClient({ chain: foundry, transport, pollingInterval: 10 }),
    wallet: createWalletClient({ chain: foundry, transport, account }),
  }
}
