import { domainSeparator, encodeFunctionData, hashStruct, hashTypedData, keccak256 } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { revealLogAbi } from '../../contracts/abi/index.ts'
import { type Address, type Hash, type Hex, priceE8, unixMs } from '../../core/index.ts'
import { hashBatch } from '../batchSignature.ts'
import { createSigner } from '../createSigner.ts'
import { typedDataDomain } from '../decisionTypes.ts'
import { encodeOutput } from '../encodeOutput.ts'
import { hashExplanation } from '../hashExplanation.ts'
import { hashRecord, typedRecord } from '../hashRecord.ts'
import { stateWord } from '../logChain.ts'
import { batchRoot, batchTree, EMPTY_HEAD, type Head, nextHead } from '../merkle.ts'
import { encodeBody } from '../recordBody.ts'
import { bodyKeyOf, keyHashOf, sealedSaltOf } from '../revealKeys.ts'
import { sealBody } from '../sealBody.ts'
import { hashEnvelope } from '../sealedEnvelope.ts'
import { signTogether } from '../signTogether.ts'
import { hashOf, KEYS, OUTPUTS, sampleRecord, TERMS } from './sampleDecisions.ts'

/** Where the first contract of Foundry's first account stands on a local chain. */
const DOMAIN = {
  chainId: 31_337,
  verifyingContract: '0x5fbdb2315678afecb367f032d93f642f64180aa3',
} as const

const COMMIT = {
  Commit: [
    { name: 'agent', type: 'address' },
    { name: 'state', type: 'bytes32' },
    { name: 'count', type: 'uint64' },
    { name: 'root', type: 'bytes32' },
    { name: 'leaves', type: 'bool' },
  ],
} as const
const EPOCH = {
  Epoch: [
    { name: 'agent', type: 'address' },
    { name: 'epoch', type: 'uint16' },
    { name: 'key', type: 'address' },
  ],
} as const
const IDENTITY = {
  Identity: [
    { name: 'agent', type: 'address' },
    { name: 'identity', type: 'uint256' },
  ],
} as const

const domain = typedDataDomain(DOMAIN)
const first = privateKeyToAccount(KEYS[0])
const second = privateKeyToAccount(KEYS[1])
const agent = lowerCase(first.address)

/** The protocol's test vectors by the name of their file: data for who implements it in another language. */
export async function makeVectors(): Promise<Map<string, unknown>> {
  const records = await Promise.all(sampleRecords().map(recordVector))
  const leaves = records.map(({ leaf }) => leaf)
  return new Map<string, unknown>([
    [
      'domain',
      {
        ...DOMAIN,
        separator: domainSeparator({ domain }),
        agent,
        keys: [first, second].map((account, index) => ({
          privateKey: KEYS[index],
          address: lowerCase(account.address),
        })),
      },
    ],
    ['records', records],
    ['signatures', await signatureVector(leaves)],
    ['batches', [1, 2, 3, 5, 8, 13].map(count => batchVector(leaves.slice(0, count)))],
    ['chain', await chainVector(leaves)],
    ['sealed', await sealedVector()],
  ])
}

/** A record of each kind of output and of each kind of order terms, in sequence. */
function sampleRecords() {
  const orders = TERMS.map(terms => ({
    kind: 'order' as const,
    terms,
    referencePriceE8: priceE8(3_345_12000000n),
  }))
  return [...OUTPUTS, ...orders].map((output, sequence) => sampleRecord(agent, sequence, output))
}

async function recordVector(record: ReturnType<typeof sampleRecords>[number]) {
  const typed = typedRecord(record, DOMAIN)
  const leaf = hashRecord(record, DOMAIN)
  return {
    body: encodeBody(record),
    output: encodeOutput(record.output),
    explanationHash: hashExplanation(record.attributions),
    structHash: hashStruct({ data: typed.message, primaryType: 'Decision', types: typed.types }),
    leaf,
    signature: await first.sign({ hash: leaf }),
  }
}

/** Decisions that were recorded together and signed once. */
async function signatureVector(leaves: readonly Hash[]) {
  const together = leaves.slice(2, 7).map((leaf, index) => ({ agent, sequence: 2 + index, leaf }))
  const signatures = await signTogether(together, createSigner(KEYS[0]), DOMAIN)
  const batch = {
    agent,
    firstSequence: 2,
    count: together.length,
    root: batchRoot(together.map(({ leaf }) => leaf)),
  }
  return {
    together: {
      ...batch,
      digest: hashBatch(batch, DOMAIN),
      decisions: together.map(({ sequence, leaf }, index) => ({
        sequence,
        leaf,
        signature: signatures[index],
      })),
    },
  }
}

/** A decision that was sealed, and its reveal: the key, and what is made of it. */
async function sealedVector() {
  const sequence = 3
  const revealAtMs = unixMs(1_700_086_400_000)
  const key = hashOf('d')
  const record = { ...sampleRecord(agent, sequence), revealAtMs, salt: sealedSaltOf(key, sequence) }
  const [body, leaf] = [encodeBody(record), hashRecord(record, DOMAIN)]
  const ciphertext = sealBody(body, { key, leaf })
  const keyHash = keyHashOf(key)
  const envelope = { agent, sequence, leaf, revealAtMs, keyHash, ciphertextHash: keccak256(ciphertext) }
  const digest = hashEnvelope(envelope, DOMAIN)
  return {
    key,
    salt: record.salt,
    body,
    bodyKey: bodyKeyOf(key, leaf),
    ciphertext,
    envelope: { ...envelope, digest, signature: await first.sign({ hash: digest }) },
    reveal: encodeFunctionData({
      abi: revealLogAbi,
      functionName: 'reveal',
      args: [agent, BigInt(revealAtMs), key],
    }),
  }
}

function batchVector(leaves: readonly Hash[]) {
  const tree = batchTree(leaves)
  return { leaves, root: tree.root, proofs: leaves.map((_, index) => tree.proofOf(index)) }
}

/** An agent's log from nothing: a batch with leaves, a root alone, another key, and a batch of that key. */
async function chainVector(leaves: readonly Hash[]) {
  let log = { head: EMPTY_HEAD, nextSequence: 0, epoch: 0 }
  const steps: object[] = []
  const batches: { headBefore: Head; firstSequence: number; count: number; root: Hash }[] = []

  const commit = async (key: typeof first, count: number, withLeaves: boolean) => {
    const state = stateWord(log)
    const batch = leaves.slice(log.nextSequence, log.nextSequence + count)
    const root = batchRoot(batch)
    const message = { agent, state, count: BigInt(count), root, leaves: withLeaves }
    const typed = { domain, types: COMMIT, primaryType: 'Commit', message } as const
    batches.push({ headBefore: log.head, firstSequence: log.nextSequence, count, root })
    log = {
      head: nextHead(log.head, root, log.nextSequence, count),
      nextSequence: log.nextSequence + count,
      epoch: log.epoch,
    }
    steps.push({
      step: 'commit',
      agent,
      state,
      count,
      root,
      leaves: withLeaves ? batch : [],
      digest: hashTypedData(typed),
      signature: await key.signTypedData(typed),
      headAfter: log.head,
      stateAfter: stateWord(log),
    })
  }

  await commit(first, 5, true)
  await commit(first, 3, false)
  const message = { agent, epoch: 1, key: lowerCase(second.address) }
  const typed = { domain, types: EPOCH, primaryType: 'Epoch', message } as const
  const state = stateWord(log)
  log = { ...log, epoch: 1 }
  steps.push({
    step: 'epoch',
    ...message,
    state,
    digest: hashTypedData(typed),
    possession: await second.signTypedData(typed),
    authority: await first.signTypedData(typed),
    stateAfter: stateWord(log),
  })
  await commit(second, 2, true)

  const identity = {
    domain,
    types: IDENTITY,
    primaryType: 'Identity',
    message: { agent, identity: 77n },
  } as const
  return {
    steps,
    anchors: [0, 4, 6, 9].map(sequence => anchorVector(leaves, batches, sequence)),
    identity: {
      agent,
      identity: 77,
      digest: hashTypedData(identity),
      signature: await first.signTypedData(identity),
    },
  }
}

/** What `verifyAnchored` takes for a decision, once all batches are on chain. */
function anchorVector(
  leaves: readonly Hash[],
  batches: readonly { headBefore: Head; firstSequence: number; count: number; root: Hash }[],
  sequence: number,
) {
  const at = batches.findLastIndex(({ firstSequence }) => firstSequence <= sequence)
  const { firstSequence = 0, count = 0 } = batches[at] ?? {}
  const tree = batchTree(leaves.slice(firstSequence, firstSequence + count))
  return {
    agent,
    sequence,
    leaf: leaves[sequence],
    anchor: {
      ...batches[at],
      proof: tree.proofOf(sequence - firstSequence),
      later: batches.slice(at + 1).map(({ count, root }) => ({ count, root })),
    },
  }
}

/** The text of a vector's file. */
export function vectorText(vector: unknown): string {
  return `${JSON.stringify(vector, null, 2)}\n`
}

function lowerCase(address: Hex): Address {
  return `0x${address.slice(2).toLowerCase()}`
}
