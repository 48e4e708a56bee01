import { formatInstant, type MarketEvent } from '../../core/index.ts'
import type { DataFault } from './dataFault.ts'
import { kindText } from './describeFindings.ts'
import type { LookAheadFinding } from './lookAheadFinding.ts'
import { namedDecision } from './namedObservation.ts'
import type { Reruns } from './reruns.ts'

/** Faults whose use is looked for in the agent's decisions: each costs two reruns. */
const MOST_FAULTS = 8

/**
 * Says of faults of the data which decision and features first rest on them, by poisoning the rows at fault and
 * running the agent again.
 */
export async function describeDataUse(
  faults: readonly DataFault[],
  reruns: Reruns,
  events: readonly MarketEvent[],
): Promise<LookAheadFinding[]> {
  const findings: LookAheadFinding[] = []
  for (const { finding, rows } of faults.slice(0, MOST_FAULTS)) {
    const alteration = { kind: 'rows', rows } as const
    const used = await reruns.decisions(alteration, events.length)
    const decision = used?.difference?.decision ?? null
    const rests =
      decision === null
        ? 'No decision rests on it.'
        : `The first decision that rests on it is ${decision.sequence} at ${formatInstant(decision.timeMs)}, ${kindText(decision)}.`
    const features = (await reruns.featuresAlone(alteration, events.length)).map(({ feature, index }) => {
      const event = events[index]
      return `"${feature}"${event === undefined ? '' : ` from ${formatInstant(event.knownAt)} on`}`
    })
    const through = features.length === 0 ? '' : ` It changes ${features.join(', ')}.`
    findings.push({
      ...finding,
      decision: decision === null ? null : namedDecision(decision),
      sentence: `${finding.sentence} ${rests}${through}`,
    })
  }
  return [...findings, ...faults.slice(MOST_FAULTS).map(({ finding }) => finding)]
}
