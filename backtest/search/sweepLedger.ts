import { type Canonical, digestOf, type Hash, InvalidInputError, type UnixMs } from '../../core/index.ts'
import type { Point } from './parameters.ts'
import type { SweepFigures, SweepResult } from './sweepFigures.ts'
import type { TrialLedger } from './trialLedger.ts'
import type { TrialEntry } from './trialRecord.ts'

/** How the results of a sweep go into a trial ledger. */
export type SweepLedger = {
  readonly ledger: TrialLedger
  readonly agent: string
  /** The period of the runs. */
  readonly fromMs: UnixMs
  readonly toMs: UnixMs
  /** Hash of the data; that of the sweep's unless given. */
  readonly data?: Hash
  /** Time of a run. */
  readonly now: () => UnixMs
  /** Names of the figures that hold the annualised Sharpe ratio, total return and number of trades. */
  readonly figures?: {
    readonly sharpe?: string
    readonly totalReturn?: string
    readonly trades?: string
    /**
     * The hash of what was run. With it, a point and a backtest of the same configuration are one trial; without it,
     * the hash is made of the sweep's configuration and the point.
     */
    readonly configuration?: string
  }
}

/** The configuration hash of a point, as a sweep writes it into the ledger. */
export function configurationHash(configuration: Canonical, point: Point): Hash {
  return digestOf({ configuration, point })
}

/** A result to store; one that was kept from before is in the sweep's file already. */
export type StoredResult = { readonly result: SweepResult; readonly isKept: boolean }

/** A figure that is a number; null of anything else. */
export const numberOf = (figure: unknown): number | null => (typeof figure === 'number' ? figure : null)

/** Creates what appends results to a ledger, those that it lacks among the kept ones included. */
export function ledgerWriter(
  { ledger, agent, fromMs, toMs, now, ...rest }: SweepLedger,
  configuration: Canonical,
  columns: Hash,
): (stored: readonly StoredResult[]) => Promise<void> {
  const { sharpe = 'sharpe', totalReturn = 'totalReturn', trades = 'trades' } = rest.figures ?? {}
  const data = rest.data ?? columns
  return async stored => {
    const entries: TrialEntry[] = []
    for (const { result, isKept } of stored) {
      // What has no result was never a candidate to be chosen.
      if ('error' in result) continue
      const { figures, point } = result
      const hash =
        rest.figures?.configuration === undefined
          ? configurationHash(configuration, point)
          : hashOf(figures, rest.figures.configuration)
      const key = { agent, configuration: hash, data, fromMs, toMs }
      if (isKept && (await ledger.has(key))) continue
      entries.push({
        ...key,
        atMs: now(),
        kind: 'sweep',
        sharpe: numberOf(figures[sharpe]),
        totalReturn: numberOf(figures[totalReturn]),
        trades: numberOf(figures[trades]),
      })
    }
    await ledger.append(entries)
  }
}

function hashOf(figures: SweepFigures, name: string): Hash {
  const hash = figures[name]
  if (typeof hash === 'string' && /^0x[0-9a-f]{64}$/.test(hash)) return hash as Hash
  throw new InvalidInputError(`Figure "${name}" is no hash of a configuration.`, {
    facts: { figure: name, value: String(hash) },
    hint: 'Let the evaluator return 0x and 64 hexadecimal digits, or leave the name of the figure out.',
  })
}
