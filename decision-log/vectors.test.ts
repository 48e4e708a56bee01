import { createDecipheriv } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { recoverAddress } from 'viem'
import { mnemonicToAccount, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Anvil, DEFAULT_ANVIL_MNEMONIC, startAnvil } from '../cli/startAnvil.ts'
import { decisionLogAbi } from '../contracts/abi/index.ts'
import { CONTRACTS_FOLDER } from '../contracts/script/forge.ts'
import { DECISION_KINDS, type Hash, type Hex } from '../core/index.ts'
import { DECISION_TYPES } from './decisionTypes.ts'
import { deployDecisionLog } from './index.ts'
import { connect } from './logChain.ts'
import * as numbers from './outputNumbers.ts'
import * as independent from './test/independentLog.ts'
import { createLogCalls } from './test/logCalls.ts'
import { makeVectors, vectorText } from './test/makeVectors.ts'

const FOLDER = join(import.meta.dirname, 'vectors')
// biome-ignore lint/suspicious/noExplicitAny: the vectors are read as somebody else would, without our types
type Any = any
const read = (name: string): Any => JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8'))
const [domain, records, signatures, batches, chain, sealed] = [
  'domain',
  'records',
  'signatures',
  'batches',
  'chain',
  'sealed',
].map(read)

const signerOf = async (hash: Hash, signature: Hex) =>
  (await recoverAddress({ hash, signature })).toLowerCase()

test('the vectors are what the code makes: `npm run build:vectors`', async () => {
  const made = await makeVectors()
  expect(readdirSync(FOLDER).sort()).toEqual([...made.keys()].map(name => `${name}.json`).sort())
  for (const [name, vector] of made)
    expect(readFileSync(join(FOLDER, `${name}.json`), 'utf8')).toBe(vectorText(vector))
})

test('the document states the types and words that are signed', () => {
  const text = readFileSync(join(import.meta.dirname, '..', 'docs', 'decision-log.md'), 'utf8')
  const [spaced, dense] = [text.replace(/\s+/g, ' '), text.replace(/\s+/g, '')]
  for (const [type, fields] of Object.entries(DECISION_TYPES))
    expect(dense).toContain(`${type}(${fields.map(field => field.type + field.name).join()})`)
  const contract = readFileSync(join(CONTRACTS_FOLDER, 'src', 'interfaces', 'IDecisionLog.sol'), 'utf8')
  const signed = [...contract.matchAll(/^\/\/\/ {5}(\w+\(.*\))$/gm)].map(([, type]) => type)
  expect(signed).toHaveLength(3)
  for (const type of signed) expect(spaced).toContain(type)
  for (const words of Object.values(numbers)) expect(spaced).toContain(words.join(', '))
  for (const [number, kind] of DECISION_KINDS.entries())
    expect(spaced).toContain(`| ${number} | \`${kind}\` |`)
})

describe('written from the document alone, in another implementation', () => {
  test('it imports nothing of ours', () => {
    const source = readFileSync(join(import.meta.dirname, 'test', 'independentLog.ts'), 'utf8')
    expect([...source.matchAll(/^import .*$/gm)].map(([line]) => line)).toEqual([
      "import { keccak256 } from 'viem'",
    ])
  })

  test('the domain and the keys', () => {
    expect(independent.separatorOf(domain.chainId, domain.verifyingContract)).toBe(domain.separator)
    for (const { privateKey, address } of domain.keys)
      expect(privateKeyToAccount(privateKey).address.toLowerCase()).toBe(address)
  })

  test('every record: output, explanation, hash, leaf and signature', async () => {
    for (const { body, output, explanationHash, structHash, leaf, signature } of records) {
      const record: Any = independent.readBody(body)
      expect(independent.outputOf(record.output)).toBe(output)
      expect(independent.explanationOf(record)).toBe(explanationHash)
      expect(independent.structHashOf(record)).toBe(structHash)
      expect(independent.digestOf(domain.separator, structHash)).toBe(leaf)
      expect(await signerOf(leaf, signature)).toBe(domain.agent)
    }
    const kinds = new Set(records.map(({ body }: Any) => JSON.parse(body).output.kind))
    expect(kinds).toEqual(new Set(DECISION_KINDS))
    const orders = records.map(({ body }: Any) => JSON.parse(body).output.terms?.kind)
    expect(new Set(orders.filter((kind: string | undefined) => kind !== undefined))).toEqual(
      new Set(numbers.ORDER_KINDS),
    )
  })

  test('a signature of decisions that were recorded together', async () => {
    const { together } = signatures
    for (const { sequence, leaf, signature } of together.decisions) {
      const { siblings, ...said } = independent.readTogether(signature)
      expect(said).toMatchObject({ firstSequence: together.firstSequence, count: together.count })
      const root = independent.rootBy(leaf, sequence - said.firstSequence, said.count, siblings)
      expect(root).toBe(together.root)
      const digest = independent.digestOf(domain.separator, independent.batchHash({ ...together, root }))
      expect(digest).toBe(together.digest)
      expect(await signerOf(digest, said.signature)).toBe(domain.agent)
    }
  })

  test('a sealed decision: the key that is revealed opens the body, which is the record of the envelope', async () => {
    const { key, salt, body, bodyKey, ciphertext, envelope, reveal } = sealed
    const digest = independent.digestOf(domain.separator, independent.envelopeHash(envelope))
    expect(digest).toBe(envelope.digest)
    expect(await signerOf(digest, envelope.signature)).toBe(domain.agent)

    expect(independent.hashBytes(key)).toBe(envelope.keyHash)
    expect(independent.hashBytes(ciphertext)).toBe(envelope.ciphertextHash)
    expect(independent.bodyKeyOf(key, envelope.leaf)).toBe(bodyKey)
    // The cipher by another library than the code's.
    const bytes = Buffer.from(ciphertext.slice(2), 'hex')
    const cipher = createDecipheriv(
      'chacha20-poly1305',
      Buffer.from(bodyKey.slice(2), 'hex'),
      Buffer.alloc(12),
      { authTagLength: 16 },
    )
    cipher.setAuthTag(bytes.subarray(-16))
    const padded = Buffer.concat([cipher.update(bytes.subarray(0, -16)), cipher.final()])
    expect(padded.length % 2_048).toBe(0)
    expect(independent.withoutPadding(padded)).toBe(body)

    const record: Any = independent.readBody(body)
    expect(independent.saltOf(key, record.sequence)).toBe(salt)
    expect([record.salt, record.revealAtMs]).toEqual([salt, envelope.revealAtMs])
    expect(independent.digestOf(domain.separator, independent.structHashOf(record))).toBe(envelope.leaf)
    expect(independent.revealOf({ ...envelope, key })).toBe(reveal)
  })

  test('every batch: the root, and each leaf at its place and at no other', () => {
    for (const { leaves, root, proofs } of batches) {
      expect(independent.rootOf(leaves)).toBe(root)
      for (const [index, leaf] of leaves.entries())
        for (let place = 0; place < leaves.length; place++)
          expect(independent.rootBy(leaf, place, leaves.length, proofs[index]) === root).toBe(place === index)
    }
  })

  test('the chain: every digest, signature, head and state', async () => {
    let [head, epoch, next] = [`0x${'0'.repeat(48)}`, 0, 0]
    let key = domain.agent
    for (const step of chain.steps) {
      expect(step.state).toBe(independent.stateOf(head, epoch, next))
      if (step.step === 'commit') {
        const digest = independent.digestOf(domain.separator, independent.commitHash(step))
        expect(digest).toBe(step.digest)
        expect(await signerOf(digest, step.signature)).toBe(key)
        if (step.leaves.length > 0) expect(independent.rootOf(step.leaves)).toBe(step.root)
        head = independent.headAfter(head, step.root, next, step.count)
        next += step.count
        expect(step.headAfter).toBe(head)
      } else {
        const digest = independent.digestOf(domain.separator, independent.epochHash(step))
        expect(digest).toBe(step.digest)
        expect(await signerOf(digest, step.possession)).toBe(step.key)
        expect(await signerOf(digest, step.authority)).toBe(key)
        epoch = step.epoch
        key = step.key
      }
      expect(step.stateAfter).toBe(independent.stateOf(head, epoch, next))
    }
    for (const { sequence, leaf, anchor } of chain.anchors) {
      const { headBefore, firstSequence, count, root, proof, later } = anchor
      expect(independent.rootBy(leaf, sequence - firstSequence, count, proof)).toBe(root)
      let [after, end] = [
        independent.headAfter(headBefore, root, firstSequence, count),
        firstSequence + count,
      ]
      for (const batch of later) {
        after = independent.headAfter(after, batch.root, end, batch.count)
        end += batch.count
      }
      expect([after, end]).toEqual([head, next])
    }
    const { identity } = chain
    const digest = independent.digestOf(domain.separator, independent.identityHash(identity))
    expect(digest).toBe(identity.digest)
    expect(await signerOf(digest, identity.signature)).toBe(domain.agent)
  })
})

describe('on the contract', () => {
  let anvil: Anvil
  beforeAll(async () => {
    anvil = await startAnvil()
  })
  afterAll(() => anvil?.stop())

  test('every step is taken as it is, and leads to its state; every anchor verifies', async () => {
    const payer = mnemonicToAccount(DEFAULT_ANVIL_MNEMONIC)
    const { address } = await deployDecisionLog({ rpcUrl: anvil.url, account: payer })
    expect([address, anvil.chainId]).toEqual([domain.verifyingContract, domain.chainId])
    // A relay that holds none of the keys.
    const relay = createLogCalls(
      anvil.url,
      address,
      mnemonicToAccount(DEFAULT_ANVIL_MNEMONIC, { addressIndex: 5 }),
    )
    for (const step of chain.steps) {
      if (step.step === 'commit') await relay.commitMany([{ ...step, count: BigInt(step.count) }])
      else await relay.startEpoch(step.agent, step.epoch, step.key, step.possession, step.authority)
      expect(await relay.stateOf(domain.agent)).toBe(step.stateAfter)
    }
    const reader = connect(anvil.url)
    for (const { agent, sequence, leaf, anchor } of chain.anchors)
      expect(
        await reader.readContract({
          address,
          abi: decisionLogAbi,
          functionName: 'verifyAnchored',
          args: [
            agent,
            BigInt(sequence),
            leaf,
            {
              ...anchor,
              headBefore: BigInt(anchor.headBefore),
              firstSequence: BigInt(anchor.firstSequence),
              count: BigInt(anchor.count),
              later: anchor.later.map(({ count, root }: Any) => ({ count: BigInt(count), root })),
            },
          ],
        }),
      ).toBe(true)
  })
})
