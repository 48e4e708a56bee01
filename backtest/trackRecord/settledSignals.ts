import {
  type DecisionRecord,
  exactLog,
  formatInstant,
  type InstrumentId,
  type Outcome,
  type Signal,
  type SourcePosition,
  type UnixMs,
  unixMs,
} from '../../core/index.ts'
import type { ProvenRecord } from './proveRecords.ts'
import { joinedFaults, type RecordFault } from './recordFault.ts'

/** A signal and what came of it. */
export type SettledSignal = {
  readonly sequence: number
  readonly instrument: InstrumentId
  readonly timeMs: UnixMs
  readonly endMs: UnixMs
  /** Time of the block that holds it. */
  readonly anchoredAtMs: UnixMs
  readonly signal: Signal
  /** ln(exit price / entry price). */
  readonly logReturn: number
}

/** The signals of a record, as far as their outcomes are known. */
export type SettledSignals = {
  /** By the time of the signal. */
  readonly settled: readonly SettledSignal[]
  /** Signals that say something: a direction, or a prediction. */
  readonly signals: number
  /** Those whose horizon had not ended at the last decision. */
  readonly open: number
  readonly faults: readonly RecordFault[]
}

/**
 * Joins each outcome to its signal, and tells what does not fit: an outcome of no signal, too early or told twice, a
 * signal whose horizon ended without one, and two prices of one observation.
 *
 * @param proven ascending by sequence.
 */
export function settledSignals(proven: readonly ProvenRecord[]): SettledSignals {
  const faults: RecordFault[] = []
  const fault = (sequence: number, detail: string) =>
    faults.push({ kind: 'outcome', first: sequence, last: sequence, detail })
  const bySequence = new Map(proven.map(each => [each.record.sequence, each]))
  const told = new Set<number>()
  const settled: SettledSignal[] = []
  for (const { record } of proven) {
    const { output, sequence } = record
    if (output.kind !== 'outcome') continue
    const of = bySequence.get(output.signal)
    // A signal that is missing is told as such.
    if (of === undefined && output.signal < sequence) continue
    const wrong = misfit(record, output, of?.record)
    if (wrong !== null) fault(sequence, wrong)
    else if (told.has(output.signal)) fault(sequence, `Signal ${output.signal} has another outcome already.`)
    else if (of !== undefined && of.record.output.kind === 'signal') {
      told.add(output.signal)
      const { timeMs, instrument } = of.record
      const signal = of.record.output
      settled.push({
        sequence: output.signal,
        instrument,
        timeMs,
        endMs: unixMs(timeMs + signal.horizonMs),
        anchoredAtMs: of.anchoredAtMs,
        signal,
        logReturn: exactLog(Number(output.exitPriceE8) / Number(output.entryPriceE8)),
      })
    }
  }
  const lastMs = proven.at(-1)?.record.timeMs ?? 0
  let [signals, open] = [0, 0]
  const hasOutcomes = proven.some(({ record }) => record.output.kind === 'outcome')
  for (const { record } of proven) {
    const { output, sequence, timeMs } = record
    if (output.kind !== 'signal' || (output.direction === 0 && output.prediction === null)) continue
    signals++
    const endMs = timeMs + output.horizonMs
    if (endMs >= lastMs) open++
    else if (hasOutcomes && !told.has(sequence) && isToldWhole(sequence, endMs))
      fault(sequence, 'Its horizon ended, and what came of it was not recorded.')
  }
  faults.push(...twoPrices(proven.map(({ record }) => record)))
  return { settled: settled.sort((a, b) => a.timeMs - b.timeMs), signals, open, faults: joinedFaults(faults) }

  /** Whether nothing is missing between a signal and the first decision after its horizon. */
  function isToldWhole(sequence: number, endMs: number): boolean {
    for (let next = sequence + 1; ; next++) {
      const found = bySequence.get(next)
      if (found === undefined) return false
      if (found.record.timeMs > endMs) return true
    }
  }
}

function misfit(
  { sequence, timeMs, instrument }: DecisionRecord,
  outcome: Outcome,
  signal: DecisionRecord | undefined,
): string | null {
  if (signal === undefined || signal.sequence >= sequence || signal.output.kind !== 'signal')
    return `Decision ${outcome.signal}, whose outcome it tells, is no earlier signal.`
  if (signal.instrument !== instrument)
    return `It is of ${instrument}, and its signal of ${signal.instrument}.`
  const endMs = unixMs(signal.timeMs + signal.output.horizonMs)
  if (timeMs <= endMs)
    return `It was told before the horizon of its signal ended, at ${formatInstant(endMs)}.`
  if (outcome.entryPriceE8 <= 0n || outcome.exitPriceE8 <= 0n) return 'Its prices are not above zero.'
  return null
}

/** A price that a record names, with the observation that it says gave it. */
export type NamedPrice = {
  readonly sequence: number
  readonly instrument: InstrumentId
  readonly priceE8: bigint
  readonly pricedBy: SourcePosition
}

/** Prices of outcomes and valuations; those of fills are after spread and slippage. */
export function namedPrices(records: readonly DecisionRecord[]): NamedPrice[] {
  return records.flatMap(({ sequence, instrument, output }): NamedPrice[] => {
    if (output.kind === 'outcome')
      return [
        { sequence, instrument, priceE8: output.entryPriceE8, pricedBy: output.entryPricedBy },
        { sequence, instrument, priceE8: output.exitPriceE8, pricedBy: output.exitPricedBy },
      ]
    if (output.kind === 'valuation') return output.positions.map(position => ({ ...position, sequence }))
    return []
  })
}

/** Names an observation of an instrument. */
export const observationName = (
  instrument: InstrumentId,
  { source, block, logIndex }: SourcePosition,
): string => `${instrument} ${source} ${block} ${logIndex}`

function twoPrices(records: readonly DecisionRecord[]): RecordFault[] {
  const prices = new Map<string, bigint>()
  const faults: RecordFault[] = []
  for (const { sequence, instrument, priceE8, pricedBy } of namedPrices(records)) {
    const name = observationName(instrument, pricedBy)
    const before = prices.get(name)
    if (before === undefined) prices.set(name, priceE8)
    else if (before !== priceE8)
      faults.push({
        kind: 'price',
        first: sequence,
        last: sequence,
        detail: `It takes a price of ${priceE8} from ${name}, which gave another record ${before}.`,
      })
  }
  return faults
}
