import { formatReport } from '../formatReport.ts'
import { formatValue, minuteText } from '../report/reportNumbers.ts'
import type { HorizonScore } from './scoreSignals.ts'
import { shortSpan } from './shortSpan.ts'
import type { TrackRecord } from './trackRecord.ts'
import { sequencesOf, verdictOf } from './verdict.ts'

/** Faults that are listed; of more, the number. */
const MOST_FAULTS = 20

/** Writes a track record as plain text: what is proved, what is wrong, what came of it. */
export function formatTrackRecord(record: TrackRecord): string {
  const { lead, proved, unproved } = verdictOf(record)
  const lines = [`agent ${record.agent}`, lead, '']
  lines.push('Proved', ...proved.map(item), '', 'Not proved', ...unproved.map(item))
  if (record.faults.length > 0) {
    lines.push('', 'Faults')
    for (const fault of record.faults.slice(0, MOST_FAULTS))
      lines.push(item(`${fault.kind} at ${sequencesOf(fault)}: ${fault.detail}`))
    if (record.faults.length > MOST_FAULTS) lines.push(item(`and ${record.faults.length - MOST_FAULTS} more`))
  }
  lines.push(...eventLines(record))
  const { horizons, forecasts } = record.signals
  if (horizons.length > 0) lines.push('', 'Signals', ...horizons.map(horizonLine))
  if (forecasts !== null) lines.push(item(forecastLine(forecasts)))
  if (record.statistics !== null) lines.push('', formatReport(record.statistics, record.luck))
  return lines.join('\n')
}

const item = (text: string): string => `  - ${text}`

function eventLines({ halts, modelChanges, keys }: TrackRecord): string[] {
  const lines = [
    ...halts.map(({ sequence, timeMs, reason }) =>
      item(`${minuteText(timeMs)} halted: ${reason} (decision ${sequence})`),
    ),
    ...modelChanges.map(({ sequence, timeMs, cause, to }) =>
      item(`${minuteText(timeMs)} model ${to.slice(0, 10)}… ${cause} (decision ${sequence})`),
    ),
    ...keys
      .slice(1)
      .map(({ epoch, key, fromSequence }) =>
        item(`epoch ${epoch}: key ${key} from decision ${fromSequence} on`),
      ),
  ]
  return lines.length === 0 ? [] : ['', 'Halts, models and keys', ...lines]
}

function horizonLine({
  horizonMs,
  directed,
  hitRate,
  hitRateLow,
  hitRateHigh,
  meanReturn,
}: HorizonScore): string {
  const share = (value: number) => formatValue(value, 'share')
  return item(
    `over ${shortSpan(horizonMs)}: ${share(hitRate)} of ${directed} right (${share(hitRateLow)} to ${share(hitRateHigh)}), mean return ${(meanReturn * 10_000).toFixed(1)} bp before costs`,
  )
}

function forecastLine({ evaluation, evidence }: NonNullable<TrackRecord['signals']['forecasts']>): string {
  const { model, rows } = evaluation
  const interval = evidence.model.informationCoefficient
  const ic =
    interval === null
      ? 'too few to tell how sure that is'
      : `${interval.low.toFixed(3)} to ${interval.high.toFixed(3)}`
  return `${rows} forecasts: Brier ${model.brier.toFixed(4)}, log loss ${model.logLoss.toFixed(4)} (even odds 0.2500, 0.6931), information coefficient ${model.informationCoefficient?.toFixed(3) ?? 'n/a'} (${ic})`
}
