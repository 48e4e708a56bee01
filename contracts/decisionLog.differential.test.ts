import fc from 'fast-check'
import {
  concat,
  createPublicClient,
  createWalletClient,
  encodeAbiParameters,
  type Hex,
  hexToBigInt,
  http,
  keccak256,
  parseEventLogs,
  toHex,
  zeroAddress,
} from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Anvil, DEFAULT_ANVIL_MNEMONIC, startAnvil } from '../cli/startAnvil.ts'
import { waitForReceipt } from '../decision-log/waitForReceipt.ts'
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

/** What the contract must compute, from the leaves alone: RFC 9162, section 2.1.1, by its recursion. */
function referenceRoot(leaves: readonly Hex[]): Hex {
  if (leaves.length === 1) return leaves[0]!
  const left = 2 ** Math.ceil(Math.log2(leaves.length) - 1)
  return keccak256(concat([referenceRoot(leaves.slice(0, left)), referenceRoot(leaves.slice(left))]))
}

/** RFC 9162, section 2.1.3.1. */
function referenceProof(leaves: readonly Hex[], index: number): Hex[] {
  if (leaves.length === 1) return []
  const left = 2 ** Math.ceil(Math.log2(leaves.length) - 1)
  const [first, second] = [leaves.slice(0, left), leaves.slice(left)]
  return index < left
    ? [...referenceProof(first, index), referenceRoot(second)]
    : [...referenceProof(second, index - left), referenceRoot(first)]
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

          const receipt = await commit(leaves)
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
          expect(await headOf()).toEqual([head, nextSequence, 0])

          const index = pick % leaves.length
          const proof = referenceProof(leaves, index)
          expect(await verify(root, leaves.length, index, leaves[index]!, proof)).toBe(true)
          expect(await verify(root, leaves.length, index, flipped(leaves[index]!), proof)).toBe(false)
          expect(await verify(flipped(root), leaves.length, index, leaves[index]!, proof)).toBe(false)
          if (proof.length > 0) {
            const wrong = proof.with(pick % proof.length, flipped(proof[pick % proof.length]!))
            expect(await verify(root, leaves.length, index, leaves[index]!, wrong)).toBe(false)
            expect(await verify(root, leaves.length, index, leaves[index]!, proof.slice(1))).toBe(false)
          }
        },
      ),
      { seed: SEED, numRuns: 24, examples: smallest },
    )
  }, 60_000)

  test('rejects a commit to another state and an empty batch, and changes nothing', async () => {
    const state = await stateOf()
    for (const given of [flipped(state), keccak256('0x01')]) {
      await expect(simulate(given, [keccak256('0x01')])).rejects.toThrow(
        new RegExp(`StateMoved\\(bytes32 expected, bytes32 given\\)\\s+\\(${state}, ${given}\\)`),
      )
    }
    await expect(simulate(state, [])).rejects.toThrow('EmptyBatch()')
    expect(await stateOf()).toBe(state)
  })
})

const leaf = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytes => toHex(bytes))

function flipped(hash: Hex): Hex {
  return toHex(hexToBigInt(hash) ^ 1n, { size: 32 })
}

async function commit(leaves: readonly Hex[], log = address) {
  const hash = await chain.wallet.writeContract({
    address: log,
    abi: decisionLogAbi,
    functionName: 'commit',
    args: [account.address, await stateOf(log), leaves],
  })
  const receipt = await waitForReceipt(chain.reader, hash)
  expect(receipt.status).toBe('success')
  return receipt
}

function simulate(state: Hex, leaves: readonly Hex[]) {
  return chain.reader.simulateContract({
    address,
    abi: decisionLogAbi,
    functionName: 'commit',
    args: [account.address, state, leaves],
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

function stateOf(log = address) {
  return chain.reader.readContract({
    address: log,
    abi: decisionLogAbi,
    functionName: 'stateOf',
    args: [account.address],
  })
}

function verify(root: Hex, count: number, index: number, node: Hex, proof: readonly Hex[]) {
  return chain.reader.readContract({
    address,
    abi: decisionLogAbi,
    functionName: 'verify',
    args: [root, BigInt(count), BigInt(index), node, proof],
  })
}

async function deploy(): Promise<Hex> {
  const hash = await chain.wallet.deployContract({
    abi: decisionLogAbi,
    bytecode: decisionLogBytecode,
    args: [zeroAddress],
  })
  const { contractAddress } = await waitForReceipt(chain.reader, hash)
  return contractAddress!
}

function clientsOf(url: string) {
  const transport = http(url)
  return {
    reader: createPublicClient({ chain: foundry, transport, pollingInterval: 10 }),
    wallet: createWalletClient({ chain: foundry, transport, account }),
  }
}
