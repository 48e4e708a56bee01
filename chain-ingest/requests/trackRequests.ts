import { type Address, type MarketEvent, positionOf } from '../../core/index.ts'
import { createRequestTracker, type RequestTracker } from './requestTracker.ts'

/**
 * Folds events, in the order that agents get them, into the requests of one vault. What a reorg withdrew counts as
 * if it had never come. Events of other contracts are left out, so that a whole stream may be given.
 *
 * @param vault Address of the vault, in lower case.
 */
export function trackRequests(vault: Address, events: Iterable<MarketEvent>): RequestTracker {
  const tracker = createRequestTracker()
  for (const { value } of standingEvents([vault], events)) tracker.apply(value)
  return tracker
}

/** The events of contracts that no later withdrawal took back, in the order of the chain. */
export function standingEvents(contracts: readonly string[], events: Iterable<MarketEvent>): MarketEvent[] {
  let standing: MarketEvent[] = []
  for (const event of events) {
    const { lineage, value } = event
    if (value.type === 'withdrawal') {
      const { source, forkBlock } = value
      standing = standing.filter(earlier => {
        const place = positionOf(earlier)
        return place.source !== source || place.block <= forkBlock
      })
    } else if (lineage.kind === 'chain' && contracts.includes(lineage.address)) standing.push(event)
  }
  return standing
    .map(event => ({ event, place: positionOf(event) }))
    .sort(({ place: a }, { place: b }) => a.block - b.block || a.logIndex - b.logIndex)
    .map(({ event }) => event)
}
