import { formatInstant, type InstrumentId, type UnixMs } from '../../core/index.ts'
import type { LookAheadFinding } from './lookAheadFinding.ts'

/** From when to when an instrument could be observed. */
export type InstrumentLife = {
  readonly instrument: InstrumentId
  readonly firstMs: UnixMs
  readonly lastMs: UnixMs
}

/**
 * Checks that an agent's instruments could have been chosen when its run begins: none that did not exist
 * then, and, among those it was chosen from, not only the ones that lasted to the end.
 *
 * @param observed The agent's instruments.
 * @param candidates Those that it could have had, its own among them.
 * @param fromMs Begin of the run; `toMs` its end.
 */
export function checkInstruments(
  observed: readonly InstrumentId[],
  candidates: readonly InstrumentLife[],
  { fromMs, toMs }: { readonly fromMs: UnixMs; readonly toMs: UnixMs },
): LookAheadFinding[] {
  const own = new Set<string>(observed)
  const unborn = candidates.filter(({ instrument, firstMs }) => own.has(instrument) && firstMs > fromMs)
  const findings = unborn.map(({ instrument, firstMs }) =>
    finding(
      instrument,
      'proved',
      `The agent observes ${instrument}, which was first observed at ${formatInstant(firstMs)}: when the run begins, at ${formatInstant(fromMs)}, nobody could have chosen it.`,
    ),
  )
  const existed = candidates.filter(({ firstMs }) => firstMs <= fromMs)
  const ended = existed.filter(({ lastMs }) => lastMs < toMs)
  const left = ended.filter(({ instrument }) => !own.has(instrument))
  // One that ended and was chosen nevertheless shows that the end did not choose.
  const first = left[0]
  if (
    first === undefined ||
    left.length < ended.length ||
    !existed.some(({ instrument }) => own.has(instrument))
  )
    return findings
  const more = left.length === 1 ? '' : ` The same is true of ${left.length - 1} more.`
  return [
    ...findings,
    finding(
      first.instrument,
      'suspected',
      `All instruments that the agent observes lasted to the end, and ${first.instrument}, which existed at the begin and ended at ${formatInstant(first.lastMs)}, is not among them.${more}`,
    ),
  ]
}

function finding(name: string, certainty: LookAheadFinding['certainty'], sentence: string): LookAheadFinding {
  return {
    culprit: 'instruments',
    name,
    certainty,
    timeMs: null,
    decision: null,
    observation: null,
    lastObservation: null,
    sentence,
  }
}
