/** What can be wrong with a record, or cannot be shown by it. */
export type FaultKind =
  /** The chain holds decisions whose bodies are not published. */
  | 'gap'
  /** A body is not the one that was anchored, or cannot be read. */
  | 'body'
  /** The key in force did not sign it. */
  | 'signature'
  /** Another body was signed for the same sequence. */
  | 'twice'
  /** What was sealed was opened late, or not at all. */
  | 'reveal'
  /** A valuation is not what the fills say, or was not made. */
  | 'valuation'
  /** An outcome is not of its signal, came too early or twice, or was not told. */
  | 'outcome'
  /** Two records name different prices for one observation, or another than was observed. */
  | 'price'

/** Something that is wrong with a record. */
export type RecordFault = {
  readonly kind: FaultKind
  /** The first and the last sequence that it concerns. */
  readonly first: number
  readonly last: number
  /** What is wrong, in a sentence. */
  readonly detail: string
}

/** Decisions that faults concern; one with two faults counts twice. */
export const countFaults = (faults: readonly RecordFault[]): number =>
  faults.reduce((sum, { first, last }) => sum + last - first + 1, 0)

/** Joins faults of one kind and detail whose sequences follow each other. */
export function joinedFaults(faults: readonly RecordFault[]): RecordFault[] {
  const joined: RecordFault[] = []
  for (const fault of faults.toSorted((a, b) => a.first - b.first)) {
    const before = joined.at(-1)
    if (before?.kind === fault.kind && before.detail === fault.detail && fault.first <= before.last + 1)
      joined[joined.length - 1] = { ...before, last: Math.max(before.last, fault.last) }
    else joined.push(fault)
  }
  return joined
}
