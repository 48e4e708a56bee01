import { IntegrityError, NOT_SEALED } from '../../core/index.ts'
import {
  type AgentKeys,
  envelopeIn,
  type LogDomain,
  openSealed,
  type Reveal,
  type SealedPlace,
} from '../../decision-log/index.ts'
import type { ProvenRecord, ProvenRecords, ProvenSealed } from './proveRecords.ts'
import { joinedFaults, type RecordFault } from './recordFault.ts'

/** What was sealed of an agent's decisions, for `readReveals`: by its record where that is open, else by its envelope. */
export function sealedPlaces({ records, sealed }: ProvenRecords): SealedPlace[] {
  const opened = records.flatMap(({ record: { sequence, revealAtMs, salt } }) =>
    revealAtMs === NOT_SEALED ? [] : [{ sequence, revealAtMs, salt }],
  )
  return [
    ...opened,
    ...sealed.map(({ sealed: { sequence, revealAtMs, keyHash } }) => ({ sequence, revealAtMs, keyHash })),
  ]
}

/**
 * Opens what is published sealed, and whose key came on chain since: its body is then proved as any other's. One that
 * its key does not open, or opens to another record than the chain holds, is a fault.
 */
export async function openRevealed({
  proven,
  reveals,
  keys,
  domain,
}: {
  readonly proven: ProvenRecords
  readonly reveals: readonly Pick<Reveal, 'sequences' | 'key'>[]
  readonly keys: AgentKeys
  readonly domain: LogDomain
}): Promise<ProvenRecords> {
  const keyOf = new Map(reveals.flatMap(({ sequences, key }) => sequences.map(each => [each, key] as const)))
  const records: ProvenRecord[] = []
  const sealed: ProvenSealed[] = []
  const faults: RecordFault[] = []
  for (const each of proven.sealed) {
    const { sequence, ciphertext, envelopeSignature: signature } = each.sealed
    const key = keyOf.get(sequence) ?? null
    if (key === null) {
      sealed.push(each)
      continue
    }
    const envelope = envelopeIn(each.sealed)
    try {
      const signer = keys.keyAt(sequence)
      const { record } = await openSealed({ envelope, signature, ciphertext, key, domain, signer })
      records.push({ record, anchoredAtMs: each.anchoredAtMs })
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error
      faults.push({ kind: 'body', first: sequence, last: sequence, detail: error.message })
    }
  }
  return {
    ...proven,
    records: [...proven.records, ...records].sort((a, b) => a.record.sequence - b.record.sequence),
    sealed,
    faults: joinedFaults([...proven.faults, ...faults]),
  }
}
