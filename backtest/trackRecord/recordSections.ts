import { EMPTY, html, type Markup } from '../report/markup.ts'
import { countText, formatValue, minuteText, shortHash, signedShare } from '../report/reportNumbers.ts'
import { timeCell } from '../report/timeCell.ts'
import { calibrationChart } from './calibrationChart.ts'
import type { FaultKind } from './recordFault.ts'
import { shortSpan } from './shortSpan.ts'
import type { TrackRecord } from './trackRecord.ts'
import { sequencesOf } from './verdict.ts'

const FAULT_NAMES: Readonly<Record<FaultKind, string>> = {
  gap: 'Gap',
  body: 'Changed body',
  signature: 'Signature',
  twice: 'Two bodies',
  reveal: 'Reveal',
  valuation: 'Valuation',
  outcome: 'Outcome',
  price: 'Price',
}

/** Faults that are listed; of more, the number. */
const MOST_FAULTS = 200

/** Lists what is wrong with a record. */
export function faultsSection({ faults }: TrackRecord): Markup {
  if (faults.length === 0)
    return html`<p class="empty">No gap, no changed body, no wrong signature, no valuation that the fills contradict, no signal without its outcome.</p>`
  const shown = faults.slice(0, MOST_FAULTS)
  return html`<table class="list"><thead><tr><th scope="col">Decision</th><th scope="col">Fault</th><th scope="col">What is wrong</th></tr></thead>
<tbody>${shown.map(
    fault =>
      html`<tr><td class="whole">${sequencesOf(fault)}</td><td class="whole loss">${FAULT_NAMES[fault.kind]}</td><td>${fault.detail}</td></tr>`,
  )}</tbody></table>${shown.length === faults.length ? EMPTY : html`<p class="note">And ${countText(faults.length - shown.length)} more.</p>`}`
}

/** Tells what came of the signals: by horizon, and of the models' probabilities. */
export function signalsSection({ signals }: TrackRecord): Markup {
  const { settled, open, horizons, forecasts } = signals
  if (settled === 0)
    return html`<p class="empty">No signal has been settled${open === 0 ? '' : html`; ${countText(open)} wait for their horizon`}.</p>`
  const table =
    horizons.length === 0
      ? html`<p class="empty">No settled signal had a direction.</p>`
      : html`<table class="list signals"><caption>Directions, by how far ahead they looked</caption>
<thead><tr><th scope="col">Horizon</th><th scope="col" class="num">Signals</th><th scope="col" class="num">Right</th><th scope="col" class="num">95 % interval</th><th scope="col" class="num">Mean return</th></tr></thead>
<tbody>${horizons.map(
          ({ horizonMs, directed, hitRate, hitRateLow, hitRateHigh, meanReturn }) =>
            html`<tr><td>${shortSpan(horizonMs)}</td><td class="num">${countText(directed)}</td><td class="num">${formatValue(hitRate, 'share')}</td><td class="num">${formatValue(hitRateLow, 'share')} to ${formatValue(hitRateHigh, 'share')}</td><td class="num">${signedShare(meanReturn)}</td></tr>`,
        )}</tbody></table>
<p class="note">Right: the price moved the signal’s way between the last price known when it was made and the last known when its horizon ended. Mean return: of following each signal, before any cost. The interval takes signals as independent; those that overlap are not, so it is too narrow.</p>`
  return html`${table}${forecasts === null ? EMPTY : forecastsPart(forecasts)}`
}

function forecastsPart({ evaluation, evidence }: NonNullable<TrackRecord['signals']['forecasts']>): Markup {
  const { model, rows } = evaluation
  const baseline = Object.values(evaluation.baselines)[0] ?? model
  const interval = (
    name: 'brier' | 'logLoss' | 'informationCoefficient' | 'accuracy',
    digits: number,
  ): string => {
    const found = evidence.model[name]
    return found === null
      ? 'too few to tell'
      : `${found.low.toFixed(digits)} to ${found.high.toFixed(digits)}`
  }
  const row = (label: string, value: string, range: string, even: string): Markup =>
    html`<tr><td>${label}</td><td class="num">${value}</td><td class="num">${range}</td><td class="num">${even}</td></tr>`
  return html`<h3>The models’ probabilities of a rise</h3><div class="two"><div><table class="list"><caption>${countText(rows)} forecasts, beside even odds</caption>
<thead><tr><th scope="col">Score</th><th scope="col" class="num">Value</th><th scope="col" class="num">95 % interval</th><th scope="col" class="num">Even odds</th></tr></thead>
<tbody>${row('Brier score', model.brier.toFixed(4), interval('brier', 4), baseline.brier.toFixed(4))}${row('Log loss', model.logLoss.toFixed(4), interval('logLoss', 4), baseline.logLoss.toFixed(4))}${row('Accuracy', formatValue(model.accuracy, 'share'), evidence.model.accuracy === null ? 'too few to tell' : `${formatValue(evidence.model.accuracy.low, 'share')} to ${formatValue(evidence.model.accuracy.high, 'share')}`, '–')}${row('Information coefficient', model.informationCoefficient === null ? 'n/a' : model.informationCoefficient.toFixed(3), interval('informationCoefficient', 3), '0')}</tbody></table>
<p class="note">Of Brier score and log loss the lower is the better. Intervals by a block bootstrap, which takes account of signals that overlap.</p></div><div>${calibrationChart(model.calibrationCurve, rows)}</div></div>`
}

/** Tells when decisions came on the chain. */
export function anchoringSection({ anchoring, decisions, signals }: TrackRecord): Markup {
  const { late, lateAfterMs, medianMs, longestMs } = anchoring
  const rows: readonly (readonly [string, string])[] = [
    ['Decisions on the chain', `${countText(decisions.anchored)} in ${countText(decisions.batches)} batches`],
    ['Median time to the chain', medianMs === null ? 'n/a' : delayText(medianMs)],
    ['Longest time to the chain', longestMs === null ? 'n/a' : delayText(longestMs)],
    [`Later than ${shortSpan(lateAfterMs)}`, countText(late)],
    [
      'Settled signals on the chain before their horizon ended',
      `${countText(signals.foretold)} of ${countText(signals.settled)}`,
    ],
  ]
  return html`<dl class="hashes wide">${rows.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
<p class="note">From the time of a decision, the moment at which its last observation was known, to the time of the block that holds it.</p>`
}

const delayText = (delayMs: number): string =>
  delayMs < 0 ? 'before its time' : delayMs < 60_000 ? `${Math.round(delayMs / 1_000)} s` : shortSpan(delayMs)

/** Lists halts, model changes and changes of key in the order of decisions. */
export function eventsSection({ halts, modelChanges, keys }: TrackRecord): Markup {
  const events = [
    ...halts.map(({ sequence, timeMs, reason }) => ({ sequence, timeMs, text: html`Halted: ${reason}` })),
    ...modelChanges.map(({ sequence, timeMs, cause, to }) => ({
      sequence,
      timeMs,
      text: html`Model <code title="${to}">${shortHash(to)}</code> ${CAUSES[cause]}`,
    })),
  ].sort((a, b) => a.sequence - b.sequence)
  const periods = html`<table class="list keys"><caption>Keys</caption><thead><tr><th scope="col">From decision</th><th scope="col">Epoch</th><th scope="col">Key</th></tr></thead>
<tbody>${keys.map(({ epoch, key, fromSequence }) => html`<tr><td>${countText(fromSequence)}</td><td>${countText(epoch)}</td><td><code>${key}</code></td></tr>`)}</tbody></table>`
  if (events.length === 0) return html`<p class="empty">No halt, and no change of model.</p>${periods}`
  return html`<table class="list"><caption>Halts and models</caption><thead><tr><th scope="col">Time (UTC)</th><th scope="col">Decision</th><th scope="col">What happened</th></tr></thead>
<tbody>${events.map(({ sequence, timeMs, text }) => html`<tr>${timeCell(timeMs)}<td>${countText(sequence)}</td><td>${text}</td></tr>`)}</tbody></table>${periods}`
}

const CAUSES: Readonly<Record<TrackRecord['modelChanges'][number]['cause'], string>> = {
  deployed: 'deployed',
  scheduled: 'took over, as scheduled',
  admitted: 'admitted beside the serving one',
  promoted: 'promoted',
  rolledBack: 'brought back',
}

/** Says when the record begins and ends, to the minute. */
export const periodText = ({ fromMs, toMs }: TrackRecord): string =>
  fromMs === null || toMs === null ? 'no decision' : `${minuteText(fromMs)} to ${minuteText(toMs)} UTC`
