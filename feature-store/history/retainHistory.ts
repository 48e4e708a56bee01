import { DAY_MS, type InstrumentId, InvalidInputError, type MarketEventType } from '../../core/index.ts'
import { type ChangeOptions, changeHistory, startOfDay } from './changeHistory.ts'
import type { HistoryFile } from './historyManifest.ts'

export type RetainOptions = ChangeOptions & {
  /** Days that stay, the present one among them. */
  readonly keepDays: number
  /** Datasets concerned; all of them by default. */
  readonly datasets?: readonly MarketEventType[]
  /** Instruments that deployed agents observe. An agent that starts again reads all of their past. */
  readonly needed: readonly InstrumentId[]
  /** Drops what is needed as well. */
  readonly force?: boolean
  /** Only says what would be dropped. */
  readonly dryRun?: boolean
}

/** What retention dropped, or would drop. */
export type RetainSummary = {
  readonly days: number
  readonly files: number
  readonly rows: number
  readonly bytes: number
}

/**
 * Drops whole days that are older than the last `keepDays` from the history.
 *
 * @throws InvalidInputError when a deployed agent needs one of them, unless forced; nothing is dropped then.
 */
export async function retainHistory(options: RetainOptions): Promise<RetainSummary> {
  const { history, keepDays, datasets, needed, nowMs, force = false, dryRun = false } = options
  if (!Number.isSafeInteger(keepDays) || keepDays < 1)
    throw new InvalidInputError(`${keepDays} is no number of days to keep.`, {
      facts: { keepDays },
      hint: 'Keep a whole number of days, at least 1.',
    })
  const firstKept = (Math.floor(nowMs / DAY_MS) - keepDays + 1) * DAY_MS
  const isOld = ({ dataset, day }: HistoryFile) =>
    (datasets === undefined || datasets.includes(dataset)) && startOfDay(day) < firstKept
  const check = (old: readonly HistoryFile[]): RetainSummary => {
    if (!force) assertNotNeeded(old, new Set(needed))
    return {
      days: new Set(old.map(({ day }) => day)).size,
      files: old.length,
      rows: old.reduce((sum, { rows }) => sum + rows, 0),
      bytes: old.reduce((sum, { bytes }) => sum + bytes, 0),
    }
  }
  if (dryRun) return check((await history.manifest()).files.filter(isOld))
  return changeHistory(options, async writer => {
    const { files, retired, dropped } = writer.manifest
    const old = files.filter(isOld)
    const summary = check(old)
    if (old.length > 0)
      await writer.commit({
        files: files.filter(file => !isOld(file)),
        retired: [...retired, ...old.map(({ path }) => ({ path, atMs: nowMs }))],
        dropped: [...dropped, ...old.map(({ dataset, day, rows }) => ({ dataset, day, rows, atMs: nowMs }))],
      })
    return summary
  })
}

function assertNotNeeded(old: readonly HistoryFile[], needed: ReadonlySet<InstrumentId>): void {
  for (const { dataset, day, instruments } of old)
    for (const instrument of Object.keys(instruments) as InstrumentId[])
      if (needed.has(instrument))
        throw new InvalidInputError(
          `The ${dataset} observations of ${day} cannot be dropped: a deployed agent observes ${instrument}.`,
          {
            facts: { dataset, day, instrument },
            hint: 'Keep more days or name other datasets; with --force the agent can neither start again nor be audited.',
          },
        )
}
