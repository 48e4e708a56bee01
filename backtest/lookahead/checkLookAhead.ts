import { observedInstruments } from '../../agents/index.ts'
import { InvalidInputError, type MarketEvent, type UnixMs } from '../../core/index.ts'
import type { FutureAlteration } from './alteredHistory.ts'
import { areOutOfOrder, type EventTimeOptions, eventTimeFaults } from './checkEventTimes.ts'
import type { CheckedAgent, RebuildAgent } from './checkedAgent.ts'
import { checkFills } from './checkFills.ts'
import { firstPrintFaults } from './checkFirstPrints.ts'
import { checkInstruments, type InstrumentLife } from './checkInstruments.ts'
import { chooseCuts } from './chooseCuts.ts'
import { describeDataUse } from './describeDataUse.ts'
import { findingOfFeature, findingOfRun, notRepeatable, trainedTooLate } from './describeFindings.ts'
import type { LookAheadFinding } from './lookAheadFinding.ts'
import type { LookAheadCut, LookAheadReport } from './lookAheadReport.ts'
import { createPoison, type PoisonEvent, poisonEvent } from './poisonEvent.ts'
import { createReruns, type FeatureSighting, type Reruns, type RunSighting } from './reruns.ts'
import { locateLookAhead } from './searchLookAhead.ts'

/** Cuts unless another number is given: a leak that shows at half of the decisions escapes one check in 256. */
export const DEFAULT_CUTS = 8

/** What `checkLookAhead` takes. */
export type LookAheadOptions = CheckedAgent &
  EventTimeOptions & {
    /** In the total order, as agents get them (`deliveredEvent`). */
    readonly events: readonly MarketEvent[]
    /** Events known up to this time only warm the agent up; cuts lie after it. */
    readonly activeFromMs: UnixMs
    /** Blocks that a reorg may take back; 0 unless given. */
    readonly retainBlocks?: number
    /**
     * Builds the agent from a history. Without it, what the agent's code has taken from data elsewhere stays the
     * same in every rerun, and does not show.
     */
    readonly rebuild?: RebuildAgent
    readonly cuts?: number
    /** Chooses cuts and poison; the same seed makes the same check. */
    readonly seed?: number
    /** Changes an event of the future; `poisonEvent` unless given. */
    readonly poison?: PoisonEvent
    /** The data as they were first published, to find what was restated. */
    readonly firstPrints?: readonly MarketEvent[]
    /** The instruments that the agent's were chosen from, to find survivorship. */
    readonly candidates?: readonly InstrumentLife[]
    /** Last time whose data or outcomes the model was trained on. */
    readonly trainedThroughMs?: UnixMs
  }

/**
 * Checks whether an agent uses anything before it was known: looks at the times of the data, the choice of
 * instruments and the fills, then runs the agent again on histories whose future is cut off or poisoned, and
 * compares every decision and feature value before the cut. Costs about one and a half runs for each cut, and
 * some tens of short ones to locate what it finds.
 *
 * @throws InvalidInputError on options out of range; what the agent throws on its own history.
 */
export async function checkLookAhead(options: LookAheadOptions): Promise<LookAheadReport> {
  const { definition, inference, venue, events, rebuild, activeFromMs } = options
  const { cuts: count = DEFAULT_CUTS, seed = 1, retainBlocks = 0, poison = poisonEvent } = options
  if (!Number.isSafeInteger(count) || count < 1)
    throw new InvalidInputError(`A check with ${count} cuts checks nothing.`, {
      facts: { cuts: count },
      hint: 'Pass a whole number of cuts, at least 1.',
    })
  const data = [
    ...eventTimeFaults(events, options),
    ...(options.firstPrints === undefined ? [] : firstPrintFaults(events, options.firstPrints)),
  ]
  const instruments = instrumentFindings(options)
  const report = (
    findings: readonly LookAheadFinding[],
    reruns: Reruns | null,
    cuts: LookAheadCut[] = [],
  ) => {
    const ordered = findings.toSorted(inOrder)
    return {
      agent: definition.name,
      passed: ordered.every(({ certainty }) => certainty !== 'proved'),
      findings: ordered,
      cuts,
      events: events.length,
      decisions: reruns?.run.decisions.length ?? 0,
      instants: reruns?.features.instants.length ?? 0,
      runs: reruns?.count() ?? 0,
      seed,
      notChecked: notChecked(options, reruns),
    }
  }
  // Out of order, the kernel would not run them.
  if (areOutOfOrder(data)) return report([...data.map(({ finding }) => finding), ...instruments], null)

  const agent = { definition, inference, ...(venue === undefined ? {} : { venue }) }
  const settings = { activeFromMs, retainBlocks }
  const reruns = createReruns({ agent, rebuild, events, settings, poison: createPoison(poison, seed) })
  const findings = [
    ...(await describeDataUse(data, reruns, events)),
    ...instruments,
    ...checkFills(definition.name, reruns.run, events),
    ...trainedTooLate(options.trainedThroughMs, agent, reruns.run),
  ]
  const whole = { kind: 'truncated', from: events.length } as const
  const repeated = await reruns.decisions(whole, events.length)
  if (repeated !== null) return report([...findings, notRepeatable(repeated, agent)], reruns)

  const cuts: LookAheadCut[] = []
  const sightings = { features: new Map<string, FeatureSighting>(), run: null as RunSighting | null }
  for (const [place, cut] of chooseCuts(reruns.moments, { count, seed, length: events.length }).entries()) {
    const direction = place % 2 === 0 ? 1 : -1
    const poisoned = { kind: 'poisoned', from: cut, to: events.length, direction } as const
    const samePoisoned = await isSame(reruns, poisoned, sightings)
    const sameTruncated = await isSame(reruns, { kind: 'truncated', from: cut }, sightings)
    const decisions = reruns.run.causes.filter(index => index < cut).length
    cuts.push({ index: cut, timeMs: timeOf(events, cut), decisions, sameTruncated, samePoisoned })
  }
  return report([...findings, ...(await locate(reruns, sightings, events))], reruns, cuts)
}

type Sightings = { readonly features: Map<string, FeatureSighting>; run: RunSighting | null }

/** Compares the past of one rerun, and notes what differs. */
async function isSame(reruns: Reruns, alteration: FutureAlteration, sightings: Sightings): Promise<boolean> {
  const cut = alteration.from
  const differing = await reruns.decisions(alteration, cut)
  // A halted agent decides nothing more, but its features would go on.
  const halted = (reruns.run.haltedAt ?? cut) < cut
  const features = differing !== null || halted ? await reruns.featuresAlone(alteration, cut) : []
  for (const sighting of features)
    if (!sightings.features.has(sighting.feature)) sightings.features.set(sighting.feature, sighting)
  // A feature at fault explains why a run differs there, or fails.
  const explained = features.length > 0 && (differing?.part === 'feature' || differing?.error != null)
  if (!explained) sightings.run ??= differing
  return differing === null && features.length === 0
}

/** Finds when each part at fault first looked ahead, and at what. */
async function locate(
  reruns: Reruns,
  { features, run }: Sightings,
  events: readonly MarketEvent[],
): Promise<LookAheadFinding[]> {
  const { moments } = reruns
  const length = events.length
  const findings: LookAheadFinding[] = []
  for (const [name, found] of features) {
    const located = await locateLookAhead<FeatureSighting>(
      async (alteration, until) => (await reruns.featuresAlone(alteration, until, name))[0] ?? null,
      { moments, found, length },
    )
    findings.push(findingOfFeature(located, reruns, events))
  }
  if (run === null) return findings
  const located = await locateLookAhead<RunSighting>(
    async (alteration, until) => {
      const sighting = await reruns.decisions(alteration, until, true)
      return sighting?.part === run.part ? sighting : null
    },
    { moments, found: run, length },
  )
  return [...findings, findingOfRun(located, reruns, events)]
}

function instrumentFindings({ definition, candidates, events, activeFromMs }: LookAheadOptions) {
  const [first, last] = [events.find(({ knownAt }) => knownAt > activeFromMs), events.at(-1)]
  if (candidates === undefined || first === undefined || last === undefined) return []
  const observed = observedInstruments(definition)
  return checkInstruments(observed, candidates, { fromMs: first.knownAt, toMs: last.knownAt })
}

function notChecked(
  { rebuild, firstPrints, candidates, inference, ...options }: LookAheadOptions,
  reruns: Reruns | null,
) {
  const texts: string[] = []
  if (reruns === null) texts.push('the agent did not run, for its events are out of order.')
  else if (reruns.moments.length === 0)
    texts.push('the agent decided nothing, so there is nothing to compare.')
  if (rebuild === undefined)
    texts.push('data that the agent’s code read by itself: give `rebuild` to build it from each history.')
  if (firstPrints === undefined) texts.push('restated data: give `firstPrints`.')
  if (candidates === undefined) texts.push('survivorship: give `candidates`.')
  if (inference !== null && rebuild === undefined && options.trainedThroughMs === undefined)
    texts.push('what the model was trained on: give `trainedThroughMs`.')
  return texts
}

function inOrder(a: LookAheadFinding, b: LookAheadFinding): number {
  if (a.certainty !== b.certainty) return a.certainty === 'proved' ? -1 : 1
  return (a.timeMs ?? 0) - (b.timeMs ?? 0)
}

const timeOf = (events: readonly MarketEvent[], index: number): UnixMs =>
  (events[index] ?? events.at(-1))?.knownAt ?? (0 as UnixMs)
