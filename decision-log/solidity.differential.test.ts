import fc from 'fast-check'
import { type Abi, createPublicClient, createWalletClient, type Hex, http } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Anvil, DEFAULT_ANVIL_MNEMONIC, startAnvil } from '../cli/startAnvil.ts'
import { decisionLogProbeAbi, decisionLogProbeBytecode } from '../contracts/test/abi/index.ts'
import type { Hash } from '../core/index.ts'
import { batchTree, verifyProof } from './index.ts'
import { hash } from './test/anyField.ts'
import { waitForReceipt } from './waitForReceipt.ts'

/** TypeScript against Solidity: as many random cases of each, in few calls, so that a run takes seconds. */
const RUNS = 10_000
const CASES_PER_CALL = 500
const SEED = 0x6c6f67

let anvil: Anvil
let probe: Hex
let reader: ReturnType<typeof createPublicClient>

beforeAll(async () => {
  anvil = await startAnvil()
  const transport = http(anvil.url, { timeout: 60_000 })
  const account = mnemonicToAccount(DEFAULT_ANVIL_MNEMONIC)
  const wallet = createWalletClient({ account, transport })
  reader = createPublicClient({ transport, pollingInterval: 10 })
  const abi: Abi = decisionLogProbeAbi
  const deployment = await wallet.deployContract({ abi, bytecode: decisionLogProbeBytecode, chain: null })
  const { contractAddress } = await waitForReceipt(reader, deployment)
  probe = contractAddress!
})
afterAll(() => anvil?.stop())

const contract = () => ({ address: probe, abi: decisionLogProbeAbi, gas: 2n ** 40n }) as const

/** What Solidity makes of each case, asked for in few calls. */
async function inSolidity<Case, Made>(
  cases: readonly Case[],
  ask: (part: readonly Case[]) => Promise<readonly Made[]>,
): Promise<Made[]> {
  const made: Made[] = []
  for (let from = 0; from < cases.length; from += CASES_PER_CALL)
    made.push(...(await ask(cases.slice(from, from + CASES_PER_CALL))))
  return made
}

test(`${RUNS} batches have the same root (seed ${SEED})`, async () => {
  const batches = fc.sample(anyBatch, { numRuns: RUNS, seed: SEED })
  const roots = await inSolidity(batches, part =>
    reader.readContract({ ...contract(), functionName: 'rootsOf', args: [part] }),
  )
  expect(roots).toEqual(batches.map(leaves => batchTree(leaves).root))
  expect(Math.max(...batches.map(({ length }) => length))).toBeGreaterThan(32)
}, 120_000)

test(`${RUNS} proofs, right and wrong, have the same verdict (seed ${SEED})`, async () => {
  const places = fc.sample(anyPlace, { numRuns: RUNS, seed: SEED })
  const verdicts = await inSolidity(places, part =>
    reader.readContract({
      ...contract(),
      functionName: 'verdictsOf',
      args: [part.map(place => ({ ...place, count: BigInt(place.count), index: BigInt(place.index) }))],
    }),
  )
  expect(verdicts).toEqual(places.map(({ root, leaf, ...place }) => verifyProof(root, leaf, place)))
  // Every untouched proof holds; what is changed holds only where the change changes nothing.
  for (const [index, { honest }] of places.entries()) if (honest) expect(verdicts[index]).toBe(true)
  const held = verdicts.filter(verdict => verdict).length
  expect(held).toBeGreaterThan(RUNS / 4)
  expect(held).toBeLessThan((RUNS * 3) / 4)
}, 120_000)

const anyBatch = fc.array(hash, { minLength: 1, maxLength: 40, size: 'max' })

type Place = {
  readonly root: Hash
  readonly leaf: Hash
  readonly count: number
  readonly index: number
  readonly proof: readonly Hash[]
}

/** The place of a leaf in a batch, as it is or with one thing changed. */
const anyPlace = fc
  .record({
    leaves: anyBatch,
    at: fc.nat(),
    honest: fc.boolean(),
    change: fc.nat({ max: 6 }),
    other: hash,
    by: fc.integer({ min: 1, max: 40 }),
  })
  .map(({ leaves, at, honest, change, other, by }) => {
    const index = at % leaves.length
    const tree = batchTree(leaves)
    const proof = tree.proofOf(index)
    const place: Place = { root: tree.root, leaf: leaves[index]!, count: leaves.length, index, proof }
    const changes: readonly Partial<Place>[] = [
      { root: other },
      { leaf: other },
      { index: index + by },
      { index: Math.max(0, index - by) },
      { count: leaves.length + by },
      { proof: proof.length > 0 ? proof.with(at % proof.length, other) : [other] },
      { proof: by % 2 === 0 ? [...proof, other] : proof.slice(1) },
    ]
    return { honest, ...place, ...(honest ? {} : changes[change]) }
  })
