import { canonicalJson, type Hash, sha256, type UnixMs, ZERO_HASH } from '../../core/index.ts'

/** What names a trial: the same configuration on the same data is one trial, however often it is run. */
export type TrialKey = {
  readonly agent: string
  /** Hash of all that the result depends on beside the data: the agent's definition and parameters, venue, fees. */
  readonly configuration: Hash
  /** Hash of the data. */
  readonly data: Hash
  /** The period of the run. */
  readonly fromMs: UnixMs
  readonly toMs: UnixMs
}

/** A backtest that was run, or a point of a sweep. */
export type TrialEntry = TrialKey & {
  /** When it was run. */
  readonly atMs: UnixMs
  readonly kind: 'backtest' | 'sweep'
  /** Annualised; null where the run does not define it. */
  readonly sharpe: number | null
  readonly totalReturn: number | null
  readonly trades: number | null
}

/** A line of a ledger: an entry, its place in the chain, and the version of touchstone that ran it. */
export type TrialRecord = TrialEntry & {
  /** From 1. */
  readonly number: number
  readonly version: string
  /** Hash of the line before; zero of the first. */
  readonly previous: Hash
}

/** How far a ledger goes: the number of its last line, and that line's hash, which binds all lines before it. */
export type LedgerHead = { readonly lines: number; readonly hash: Hash }

/** The head of a ledger without lines. */
export const EMPTY_LEDGER: LedgerHead = { lines: 0, hash: ZERO_HASH }

const LINE = /^\{"hash":"(0x[0-9a-f]{64})",(.*)$/s

/** Writes an entry as the line after `head`, with its line feed, and says what the head is then. */
export function recordLine(
  entry: TrialEntry,
  version: string,
  head: LedgerHead,
): { readonly line: string; readonly head: LedgerHead } {
  const record: TrialRecord = { ...entry, version, number: head.lines + 1, previous: head.hash }
  const body = canonicalJson(record)
  const hash = sha256(body)
  return { line: `{"hash":"${hash}",${body.slice(1)}\n`, head: { lines: record.number, hash } }
}

/** Reads the line after `head`; a text in place of the record says what is wrong with it. */
export function readRecordLine(
  text: string,
  head: LedgerHead,
): { readonly record: TrialRecord; readonly head: LedgerHead } | string {
  const [, hash, rest] = LINE.exec(text) ?? []
  if (hash === undefined || rest === undefined) return 'is no line of a ledger'
  const body = `{${rest}`
  if (sha256(body) !== hash) return 'was changed: its hash is that of another line'
  const record = JSON.parse(body) as TrialRecord
  if (record.previous !== head.hash)
    return head.lines === 0
      ? 'is not the first: lines before it were removed'
      : `does not follow line ${head.lines}: a line before it was removed, added or changed`
  if (record.number !== head.lines + 1) return `is numbered ${record.number}`
  return { record, head: { lines: record.number, hash: hash as Hash } }
}

/** One text for each trial. */
export const keyText = ({ agent, configuration, data, fromMs, toMs }: TrialKey): string =>
  `${configuration} ${data} ${fromMs} ${toMs} ${agent}`
