import {
  type Address,
  type AgentId,
  type DecisionRecord,
  type HaltReason,
  type Hash,
  type ModelChangeCause,
  seededRandom,
  type UnixMs,
  ZERO_HASH,
} from '../../core/index.ts'
import type { AgentKeys } from '../../decision-log/index.ts'
import { type LuckEvidence, luckFigures, type TrialCount } from '../luck/luckFigures.ts'
import { roundTrips } from '../roundTrips.ts'
import { type BacktestStatistics, computeStatistics } from '../statistics.ts'
import type { Figure } from '../statisticsFigure.ts'
import { type EmbargoRecord, embargoOf, type ObservedReveal, revealFaults } from './embargoOf.ts'
import type { ProvenRecord, ProvenRecords } from './proveRecords.ts'
import { type RebuiltAccount, rebuildAccount } from './rebuildAccount.ts'
import { joinedFaults, type RecordFault } from './recordFault.ts'
import { type SignalScores, scoreSignals } from './scoreSignals.ts'
import { settledSignals } from './settledSignals.ts'

/** How much later than its decision an anchor may be before it counts as late. */
export const DEFAULT_LATE_AFTER_MS = 600_000

/** What `trackRecordOf` takes. */
export type TrackRecordOptions = {
  readonly agent: AgentId
  readonly proven: ProvenRecords
  readonly keys: AgentKeys
  /** Of what was sealed; without them nothing is said of when it was revealed. */
  readonly reveals?: readonly ObservedReveal[]
  /** Of prices, against observations that the reader has; none unless given. */
  readonly priceFaults?: readonly RecordFault[]
  /** `DEFAULT_LATE_AFTER_MS` unless given. */
  readonly lateAfterMs?: number
  /** Performance from this time on, and up to this one; what is proved is about all decisions. */
  readonly sinceMs?: UnixMs
  readonly untilMs?: UnixMs
}

/** An agent's record, rebuilt from the chain and the published decisions alone. */
export type TrackRecord = {
  readonly agent: AgentId
  readonly fromMs: UnixMs | null
  readonly toMs: UnixMs | null
  /** Decisions on the chain, and those of them that are proved. */
  readonly decisions: { readonly anchored: number; readonly proved: number; readonly batches: number }
  /** Published, and not on the chain yet. */
  readonly unanchored: number
  readonly kinds: Readonly<Partial<Record<DecisionRecord['output']['kind'], number>>>
  /** What is wrong; none in a sound record. */
  readonly faults: readonly RecordFault[]
  /** Of decisions that it kept back. */
  readonly embargo: EmbargoRecord
  readonly anchoring: AnchorDelays
  readonly halts: readonly {
    readonly sequence: number
    readonly timeMs: UnixMs
    readonly reason: HaltReason
  }[]
  readonly modelChanges: readonly {
    readonly sequence: number
    readonly timeMs: UnixMs
    readonly cause: ModelChangeCause
    readonly to: Hash
  }[]
  /** Distinct models that served or ran beside: a lower bound of what was tried. */
  readonly models: number
  /** The agent's keys, by the sequence that each acts from. */
  readonly keys: readonly KeyPeriod[]
  readonly signals: SignalScores & { readonly signals: number; readonly open: number }
  readonly account: Omit<RebuiltAccount, 'faults'>
  /** Of the daily valuations; null with fewer than two points. */
  readonly statistics: BacktestStatistics | null
  /** How much luck may explain, by the number of models that the record shows. */
  readonly luck: readonly Figure[]
}

/** From which sequence on a key acts for an agent. */
export type KeyPeriod = { readonly epoch: number; readonly key: Address; readonly fromSequence: number }

/** How long after its time a decision was anchored. */
export type AnchorDelays = {
  readonly lateAfterMs: number
  /** Decisions that were anchored later than that. */
  readonly late: number
  readonly medianMs: number | null
  readonly longestMs: number | null
}

/** Rebuilds an agent's performance from what is proved of its decisions. Nothing else goes into it. */
export function trackRecordOf(options: TrackRecordOptions): TrackRecord {
  const { agent, proven, keys, reveals, priceFaults = [], lateAfterMs = DEFAULT_LATE_AFTER_MS } = options
  const records = proven.records.map(({ record }) => record)
  const account = rebuildAccount(records)
  const outcomes = settledSignals(proven.records)
  const isShown = (timeMs: number) =>
    timeMs >= (options.sinceMs ?? Number.NEGATIVE_INFINITY) &&
    timeMs <= (options.untilMs ?? Number.POSITIVE_INFINITY)
  const shown = withinPeriod(account, isShown)
  const statistics = statisticsOf(shown)
  const settled = outcomes.settled.filter(({ timeMs }) => isShown(timeMs))
  return {
    agent,
    fromMs: records[0]?.timeMs ?? null,
    toMs: records.at(-1)?.timeMs ?? null,
    decisions: { anchored: proven.anchored, proved: records.length, batches: proven.batches },
    unanchored: proven.unanchored,
    kinds: countKinds(records),
    faults: [
      ...proven.faults,
      ...joinedFaults(revealFaults(reveals ?? [])),
      ...account.faults,
      ...outcomes.faults,
      ...priceFaults,
    ],
    embargo: embargoOf(proven, reveals),
    anchoring: anchorDelays(proven.records, lateAfterMs),
    halts: records.flatMap(({ sequence, timeMs, output }) =>
      output.kind === 'halt' ? [{ sequence, timeMs, reason: output.reason }] : [],
    ),
    modelChanges: records.flatMap(({ sequence, timeMs, output }) =>
      output.kind === 'modelChange' ? [{ sequence, timeMs, cause: output.cause, to: output.to }] : [],
    ),
    models: modelsIn(records),
    keys: keyPeriods(keys),
    signals: {
      ...scoreSignals(settled, seededRandom(1)),
      signals: outcomes.signals,
      open: outcomes.open,
    },
    account: shown,
    statistics,
    luck: statistics === null ? [] : luckFigures(statistics, luckEvidence(modelsIn(records), statistics)),
  }
}

function keyPeriods({ agent, epochs }: AgentKeys): KeyPeriod[] {
  const later = epochs.map(({ epoch, key, firstSequence }) => ({ epoch, key, fromSequence: firstSequence }))
  return [{ epoch: 0, key: agent, fromSequence: 0 }, ...later]
}

function modelsIn(records: readonly DecisionRecord[]): number {
  const models = records.flatMap(({ output }) =>
    output.kind === 'modelChange' ? [output.from, output.to].filter(hash => hash !== ZERO_HASH) : [],
  )
  return new Set(models).size
}

/**
 * As trials count the models that the record shows. Their own Sharpe ratios are not recorded: as their variance stands that
 * of ratios without skill over as many returns, 1 / (n − 1) a period.
 */
function luckEvidence(models: number, { periods, periodsPerYear }: BacktestStatistics): LuckEvidence {
  if (periods < 2) return {}
  const ledger: TrialCount = { trials: Math.max(1, models), sharpeVariance: periodsPerYear / (periods - 1) }
  return { ledger }
}

function withinPeriod(
  { faults: _, ...account }: RebuiltAccount,
  isShown: (timeMs: number) => boolean,
): Omit<RebuiltAccount, 'faults'> {
  const places = account.equity.timeMs.flatMap((timeMs, place) => (isShown(timeMs) ? [place] : []))
  return {
    ...account,
    equity: {
      timeMs: places.map(place => account.equity.timeMs[place] as UnixMs),
      equityE8: places.map(
        place => account.equity.equityE8[place] as (typeof account.equity.equityE8)[number],
      ),
    },
    fills: account.fills.filter(({ timeMs }) => isShown(timeMs)),
  }
}

function statisticsOf({
  equity,
  fills,
  decimals,
}: Omit<RebuiltAccount, 'faults'>): BacktestStatistics | null {
  const finalEquityE8 = equity.equityE8.at(-1)
  if (finalEquityE8 === undefined || equity.timeMs.length < 2) return null
  const trades = roundTrips(fills, decimals)
  return computeStatistics({ equity, finalEquityE8, fills, trades }, { decimals })
}

function countKinds(records: readonly DecisionRecord[]): TrackRecord['kinds'] {
  const counts: Partial<Record<DecisionRecord['output']['kind'], number>> = {}
  for (const { output } of records) counts[output.kind] = (counts[output.kind] ?? 0) + 1
  return counts
}

function anchorDelays(records: readonly ProvenRecord[], lateAfterMs: number): AnchorDelays {
  const delays = records.map(({ record, anchoredAtMs }) => anchoredAtMs - record.timeMs).sort((a, b) => a - b)
  return {
    lateAfterMs,
    late: delays.filter(delay => delay > lateAfterMs).length,
    medianMs: delays[(delays.length - 1) >> 1] ?? null,
    longestMs: delays.at(-1) ?? null,
  }
}
