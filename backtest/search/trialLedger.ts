import { IntegrityError } from '../../core/index.ts'
import type { TrialCount } from '../luck/luckFigures.ts'
import { sharpeVariance } from '../luck/sharpeEvidence.ts'
import { lockFile } from './fileLock.ts'
import { openLineAppender, sizeOf, wholeLines } from './lineFile.ts'
import {
  EMPTY_LEDGER,
  keyText,
  type LedgerHead,
  readRecordLine,
  recordLine,
  type TrialEntry,
  type TrialKey,
  type TrialRecord,
} from './trialRecord.ts'

/** What a ledger says of its trials; `deflateSharpe` takes it. */
export type TrialSummary = TrialCount & {
  /** Those of the trials that have a Sharpe ratio: `sharpeVariance` is theirs, with divisor n − 1. */
  readonly withSharpe: number
  /** Runs, those of one trial counted each. */
  readonly runs: number
  readonly head: LedgerHead
}

/**
 * Every backtest and every sweep point of a project, in a file of JSON lines that only grows. Each line holds the hash
 * of the one before it. Any number of processes may have it open.
 */
export type TrialLedger = {
  readonly file: string
  /**
   * Appends runs; on the disk when this returns.
   *
   * @throws LockedError when another process holds the file for longer than `LEDGER_WAIT_MS`; UnavailableError when
   * the disk is full; IntegrityError when the ledger does not go on where it was.
   */
  append(entries: readonly TrialEntry[]): Promise<LedgerHead>
  /** Whether the ledger has a run of this trial. */
  has(key: TrialKey): Promise<boolean>
  /** Counts distinct trials of one agent, or of all: the latest run of each. */
  summary(of?: { readonly agent?: string }): Promise<TrialSummary>
  /**
   * Reads all of it and checks the chain. Lines that were cut off at the end show only by a head that was kept, for
   * example in a report: then pass it.
   *
   * @throws IntegrityError naming the line.
   */
  verify(kept?: LedgerHead): Promise<LedgerHead>
  /** All lines, oldest first. */
  records(): AsyncGenerator<TrialRecord>
}

/** How long to wait while another process appends: that takes milliseconds. */
export const LEDGER_WAIT_MS = 10_000

/**
 * Opens the ledger of a file, which the first append creates.
 *
 * @param version of touchstone, kept with each run.
 * @throws IntegrityError naming the line that was changed, or before which one was removed.
 */
export async function openTrialLedger(
  file: string,
  { version }: { readonly version: string },
): Promise<TrialLedger> {
  let head = EMPTY_LEDGER
  let end = 0
  /** Agent and Sharpe ratio of the latest run of each trial. */
  const trials = new Map<string, { readonly agent: string; readonly sharpe: number | null }>()
  const runs = new Map<string, number>()
  let work: Promise<unknown> = Promise.resolve()

  /** One after the other: what is known of the file changes in between. */
  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const done = work.then(task)
    work = done.catch(() => undefined)
    return done
  }

  function count(record: TrialEntry): void {
    const { agent, sharpe } = record
    trials.set(keyText(record), { agent, sharpe })
    runs.set(agent, (runs.get(agent) ?? 0) + 1)
  }

  /** Takes in what was appended since, by this process or another. */
  async function refresh(): Promise<void> {
    const bytes = await sizeOf(file)
    if (bytes < end) throw broken(file, head.lines, `is gone: the file was cut from ${end} bytes to ${bytes}`)
    if (bytes === end) return
    for await (const { record, head: after, end: at } of chained(file, head, end)) {
      count(record)
      head = after
      end = at
    }
  }

  await refresh()
  return {
    file,
    append: entries =>
      inTurn(async () => {
        if (entries.length === 0) return head
        const release = await lockFile(file, LEDGER_WAIT_MS)
        try {
          await refresh()
          let lines = ''
          let after = head
          for (const entry of entries) {
            const { line, head: next } = recordLine(entry, version, after)
            lines += line
            after = next
          }
          const appender = await openLineAppender(file, end)
          try {
            end = await appender.append(lines)
          } finally {
            await appender.close()
          }
          head = after
          for (const entry of entries) count(entry)
          return head
        } finally {
          await release()
        }
      }),
    has: key =>
      inTurn(async () => {
        await refresh()
        return trials.has(keyText(key))
      }),
    summary: ({ agent } = {}) =>
      inTurn(async () => {
        await refresh()
        const sharpes: number[] = []
        let count = 0
        for (const trial of trials.values()) {
          if (agent !== undefined && trial.agent !== agent) continue
          count++
          if (trial.sharpe !== null) sharpes.push(trial.sharpe)
        }
        let total = 0
        for (const [name, number] of runs) if (agent === undefined || name === agent) total += number
        return {
          trials: count,
          withSharpe: sharpes.length,
          sharpeVariance: sharpeVariance(sharpes),
          runs: total,
          head,
        }
      }),
    async verify(kept) {
      let last = EMPTY_LEDGER
      for await (const { head: after } of chained(file, EMPTY_LEDGER, 0)) {
        last = after
        if (kept !== undefined && kept.lines === last.lines && kept.hash !== last.hash)
          throw broken(file, last.lines, `is another than the one that was kept, ${kept.hash}`)
      }
      if (kept !== undefined && kept.lines > last.lines)
        throw broken(file, kept.lines, `is missing: the ledger ends after line ${last.lines}`)
      return last
    },
    async *records() {
      for await (const { record } of chained(file, EMPTY_LEDGER, 0)) yield record
    },
  }
}

/** The lines after a head, each checked against the one before it. */
async function* chained(
  file: string,
  from: LedgerHead,
  start: number,
): AsyncGenerator<{ readonly record: TrialRecord; readonly head: LedgerHead; readonly end: number }> {
  let head = from
  for await (const { text, end } of wholeLines(file, start)) {
    const read = readRecordLine(text, head)
    if (typeof read === 'string') throw broken(file, head.lines + 1, read)
    head = read.head
    yield { ...read, end }
  }
}

const broken = (file: string, line: number, reason: string): IntegrityError =>
  new IntegrityError(`Line ${line} of ${file} ${reason}.`, {
    facts: { file, line },
    hint: 'Restore the ledger from a copy. Without it no report can say how many trials there were.',
  })
