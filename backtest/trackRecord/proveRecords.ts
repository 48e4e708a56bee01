import {
  type AgentId,
  type DecisionRecord,
  type Hash,
  IntegrityError,
  type UnixMs,
} from '../../core/index.ts'
import {
  type AgentKeys,
  type Anchor,
  batchRoot,
  createSignerFinder,
  envelopeIn,
  hashRecord,
  type LogDomain,
  type PublishedSealed,
  parseBody,
  verifyEnvelope,
} from '../../decision-log/index.ts'
import type { PublishedDecision } from './publishedDecision.ts'
import { joinedFaults, type RecordFault } from './recordFault.ts'

/** A batch on the chain with the time of its block. */
export type TimedAnchor = Anchor & { readonly anchoredAtMs: UnixMs }

/** A record that is what the chain holds, and since when it does. */
export type ProvenRecord = {
  readonly record: DecisionRecord
  readonly anchoredAtMs: UnixMs
}

/** A decision that the chain holds, and whose body is kept back. */
export type ProvenSealed = {
  readonly sealed: PublishedSealed
  readonly anchoredAtMs: UnixMs
}

/** What is proved of an agent's decisions. */
export type ProvenRecords = {
  /** Those that are what the chain holds, by sequence. */
  readonly records: readonly ProvenRecord[]
  /** Those whose envelope is of the leaf that the chain holds, signed by the key in force, by sequence. */
  readonly sealed: readonly ProvenSealed[]
  /** Decisions on the chain: their sequences are below it. */
  readonly anchored: number
  readonly batches: number
  /** Published decisions that the chain does not hold yet: nothing is said of them. */
  readonly unanchored: number
  /** Decisions whose leaf nobody but the publisher knows, in batches that are not whole. */
  readonly unprovable: number
  readonly faults: readonly RecordFault[]
}

/**
 * Compares what was published of an agent's decisions with what the chain holds. Whole batches prove themselves by their
 * root; only where one does not, its leaves are read, to tell which decision is at fault.
 *
 * @param anchors All of the agent, as `readAnchors` gives them.
 * @param published In any order; of another agent none. Of one that is there sealed and open, the body counts.
 * @param leavesOf Leaves of a batch from the chain; null where only the root is there.
 */
export async function proveRecords(options: {
  readonly agent: AgentId
  readonly domain: LogDomain
  readonly anchors: readonly TimedAnchor[]
  readonly keys: AgentKeys
  readonly published:
    | Iterable<PublishedDecision | PublishedSealed>
    | AsyncIterable<PublishedDecision | PublishedSealed>
  leavesOf(anchor: Anchor): Promise<readonly Hash[] | null>
}): Promise<ProvenRecords> {
  const { agent, domain, anchors, keys, published, leavesOf } = options
  const last = anchors.at(-1)
  const anchored = last === undefined ? 0 : last.firstSequence + last.count
  const candidates = new Map<number, Candidate[]>()
  const beyond = new Set<number>()
  for await (const decision of published) {
    if (decision.agent !== agent) continue
    if (decision.sequence >= anchored) beyond.add(decision.sequence)
    else if ('body' in decision) addCandidate(candidates, decision, domain)
    else addSealed(candidates, decision)
  }

  const faults: RecordFault[] = []
  const records: ProvenRecord[] = []
  const sealed: ProvenSealed[] = []
  let unprovable = 0
  const signers = createSignerFinder(domain)
  try {
    for (const anchor of anchors) {
      const found = (await choose(anchor)).filter(each => each !== null)
      const signed = found.map(({ leaf, signature, ...what }) => ({
        agent,
        sequence: 'record' in what ? what.record.sequence : what.sealed.sequence,
        leaf,
        signature,
      }))
      const by = await signers.signersOf(signed)
      for (const [place, { sequence }] of signed.entries()) {
        const key = keys.keyAt(sequence)
        if (by[place] !== key)
          fault('signature', sequence, `${by[place] ?? 'Nobody'} signed it, not the key in force, ${key}.`)
      }
      const { anchoredAtMs } = anchor
      for (const what of found)
        if ('record' in what) records.push({ record: what.record, anchoredAtMs })
        else if (await isPromised(what.sealed)) sealed.push({ sealed: what.sealed, anchoredAtMs })
        else fault('signature', what.sealed.sequence, 'The key in force did not sign its envelope.')
    }
  } finally {
    await signers.close()
  }
  return {
    records,
    sealed,
    anchored,
    batches: anchors.length,
    unanchored: beyond.size,
    unprovable,
    faults: joinedFaults(faults),
  }

  function fault(kind: RecordFault['kind'], sequence: number, detail: string): void {
    faults.push({ kind, first: sequence, last: sequence, detail })
  }

  /** Whether the agent signed the envelope, and so when it reveals the body and by which key. */
  async function isPromised(what: PublishedSealed): Promise<boolean> {
    const [envelope, key] = [envelopeIn(what), keys.keyAt(what.sequence)]
    try {
      await verifyEnvelope({ envelope, signature: what.envelopeSignature, domain, key })
      return true
    } catch (error) {
      if (error instanceof IntegrityError) return false
      throw error
    }
  }

  /** Of each place in a batch the body that the chain holds; null where none is. */
  async function choose(anchor: Anchor): Promise<(Provable | null)[]> {
    const places = Array.from(
      { length: anchor.count },
      (_, index) => candidates.get(anchor.firstSequence + index) ?? [],
    )
    const firsts = places.map(([first]) => first ?? null)
    const whole = firsts.filter(first => first !== null && 'leaf' in first) as Provable[]
    if (whole.length === anchor.count && batchRoot(whole.map(({ leaf }) => leaf)) === anchor.root) {
      for (const [index, place] of places.entries())
        tellOthers(anchor.firstSequence + index, place, whole[index] ?? null)
      return whole
    }
    const leaves = await leavesOf(anchor)
    return places.map((place, index) => {
      const sequence = anchor.firstSequence + index
      if (place.length === 0) {
        fault('gap', sequence, 'The chain holds it, and its body was not published.')
        return null
      }
      if (leaves === null) {
        unprovable++
        fault(
          'body',
          sequence,
          'Its batch is on the chain by its root alone, and is not published as it was.',
        )
        return null
      }
      const right = place.find((each): each is Provable => 'leaf' in each && each.leaf === leaves[index])
      if (right === undefined) fault('body', sequence, whyNot(place[0], leaves[index]))
      else tellOthers(sequence, place, right)
      return right ?? null
    })
  }

  function tellOthers(sequence: number, place: readonly Candidate[], right: Provable | null): void {
    const other = place.find(each => 'leaf' in each && each.leaf !== right?.leaf)
    if (other !== undefined)
      fault('twice', sequence, 'Another body of the same sequence was published beside it.')
  }
}

type Provable = {
  readonly leaf: Hash
  readonly signature: PublishedDecision['signature']
} & ({ readonly record: DecisionRecord } | { readonly sealed: PublishedSealed })
type Candidate = Provable | { readonly unreadable: string }

function addCandidate(
  candidates: Map<number, Candidate[]>,
  { agent, sequence, body, signature }: PublishedDecision,
  domain: LogDomain,
): void {
  const place = candidates.get(sequence) ?? []
  candidates.set(sequence, place)
  try {
    const record = parseBody(body)
    if (record.agent !== agent || record.sequence !== sequence)
      place.push({ unreadable: `Its body is of decision ${record.sequence} of ${record.agent}.` })
    else {
      const leaf = hashRecord(record, domain)
      const known = place.findIndex(each => 'leaf' in each && each.leaf === leaf)
      if (known < 0) place.push({ record, leaf, signature })
      // Its body was kept back before.
      else if (place[known] !== undefined && 'sealed' in place[known])
        place[known] = { record, leaf, signature }
    }
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error
    place.push({ unreadable: error.message })
  }
}

function addSealed(candidates: Map<number, Candidate[]>, sealed: PublishedSealed): void {
  const { sequence, leaf, signature } = sealed
  const place = candidates.get(sequence) ?? []
  candidates.set(sequence, place)
  if (!place.some(each => 'leaf' in each && each.leaf === leaf)) place.push({ sealed, leaf, signature })
}

function whyNot(candidate: Candidate | undefined, leaf: Hash | undefined): string {
  if (candidate !== undefined && 'unreadable' in candidate) return candidate.unreadable
  if (candidate !== undefined && 'sealed' in candidate)
    return `It was published sealed as ${candidate.leaf}, and the chain holds ${leaf}.`
  return `Its body hashes to ${candidate?.leaf}, and the chain holds ${leaf}: it was changed after it was anchored.`
}
