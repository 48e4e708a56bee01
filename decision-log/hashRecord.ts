import { stringToBytes } from 'viem'
import { DECISION_KINDS, type DecisionRecord, type Hash, type Hex } from '../core/index.ts'
import { DECISION_TYPES, type LogDomain, typedDataDomain } from './decisionTypes.ts'
import { encodeOutput, outputBytes } from './encodeOutput.ts'
import { explanationDigest, hashExplanation } from './hashExplanation.ts'
import { keccakBytes } from './keccak.ts'
import { createStructWriter, separatorOf, typeHashOf } from './structWriter.ts'
import { writeHex } from './writeHex.ts'

/**
 * The EIP-712 hash of a record: its leaf in the Merkle tree, and what the agent's key signs. Every field of
 * the record is bound. A wallet's `signTypedData` of `typedRecord` signs the same hash, which viem's
 * `hashTypedData` takes many times as long for.
 */
export function hashRecord(record: DecisionRecord, domain: LogDomain): Hash {
  struct.begin(TYPE_HASH)
  struct.address(record.agent)
  struct.number(record.sequence)
  struct.number(DECISION_KINDS.indexOf(record.output.kind))
  struct.digest(hashName(record.instrument))
  struct.number(record.timeMs)
  struct.digest(hashName(record.observed.source))
  struct.number(record.observed.block)
  struct.number(record.observed.logIndex)
  struct.hash(record.dataRoot)
  struct.hash(record.featureSet)
  struct.hashOf(featureBytes(record.features))
  struct.hash(record.model)
  struct.hash(record.strategy)
  struct.hashOf(outputBytes(record.output))
  struct.digest(explanationDigest(record.attributions))
  struct.number(record.revealAtMs)
  struct.hash(record.salt)
  return struct.end(separatorOf(domain))
}

/** A record as EIP-712 typed data, in the form that viem and wallets take. */
export function typedRecord(record: DecisionRecord, domain: LogDomain) {
  return {
    domain: typedDataDomain(domain),
    types: DECISION_TYPES,
    primaryType: 'Decision',
    message: {
      agent: record.agent,
      sequence: BigInt(record.sequence),
      kind: DECISION_KINDS.indexOf(record.output.kind),
      instrument: record.instrument,
      timeMs: BigInt(record.timeMs),
      source: record.observed.source,
      block: BigInt(record.observed.block),
      logIndex: BigInt(record.observed.logIndex),
      dataRoot: record.dataRoot,
      featureSet: record.featureSet,
      features: record.features,
      model: record.model,
      strategy: record.strategy,
      output: encodeOutput(record.output),
      explanationHash: hashExplanation(record.attributions),
      revealAtMs: BigInt(record.revealAtMs),
      salt: record.salt,
    },
  } as const
}

const TYPE_HASH = typeHashOf('Decision', DECISION_TYPES.Decision)
const struct = createStructWriter(DECISION_TYPES.Decision.length)

/** Grows to the longest vector, and is reused. */
let vector = new Uint8Array(0)

function featureBytes(features: Hex): Uint8Array {
  const size = Math.max(0, (features.length - 2) >> 1)
  if (size > vector.length) vector = new Uint8Array(size)
  writeHex(vector, 0, features, size)
  return vector.subarray(0, size)
}

/** Instruments and sources are few, again and again. */
const MAX_NAMES = 1_024
const names = new Map<string, Uint8Array>()

function hashName(name: string): Uint8Array {
  const known = names.get(name)
  if (known !== undefined) return known
  const hash = keccakBytes(stringToBytes(name))
  if (names.size === MAX_NAMES) names.clear()
  names.set(name, hash)
  return hash
}
