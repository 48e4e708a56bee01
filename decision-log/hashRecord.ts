import { encodeAbiParameters, hashTypedData, keccak256 } from 'viem'
import { type Attribution, DECISION_KINDS, type DecisionRecord, type Hash } from '../core/index.ts'
import { DECISION_TYPES, type LogDomain, typedDataDomain } from './decisionTypes.ts'
import { encodeOutput } from './encodeOutput.ts'

/**
 * The EIP-712 hash of a record: its leaf in the Merkle tree, and what the agent's key signs. Every field of
 * the record is bound. A wallet's `signTypedData` of `typedRecord` signs the same hash.
 */
export function hashRecord(record: DecisionRecord, domain: LogDomain): Hash {
  return hashTypedData(typedRecord(record, domain))
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
      salt: record.salt,
    },
  } as const
}

/** keccak256 of `abi.encode(string[] features, int32[] effects)`: binds why the decision was made. */
export function hashExplanation(attributions: readonly Attribution[]): Hash {
  return keccak256(
    encodeAbiParameters(
      [{ type: 'string[]' }, { type: 'int32[]' }],
      [attributions.map(({ feature }) => feature), attributions.map(({ effect }) => effect)],
    ),
  )
}
