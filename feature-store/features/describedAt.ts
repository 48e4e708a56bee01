import type { MarketEvent, UnixMs } from '../../core/index.ts'

/** The latest time that an event tells about: `validAt`, but of a bar its close. Ages count from it. */
export function describedAt(event: MarketEvent): UnixMs {
  return event.value.type === 'bar' ? event.value.closeMs : event.validAt
}
