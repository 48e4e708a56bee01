import {
  type EncoderSettings,
  InvalidInputError,
  type ObservationEncoder,
  positionOf,
  type RowPlace,
  type SourcePosition,
} from '../../core/index.ts'
import { createCopyWriter } from './binaryCopy.ts'
import { assertPlace, placeText } from './observationRow.ts'

/** Writes observations as `COPY` takes them; see `ObservationDoor`. */
export function createEncoder({ source, instruments }: EncoderSettings): ObservationEncoder {
  const numbers = new Map(instruments)
  let writer = createCopyWriter()
  let rows = 0
  let first: RowPlace | null = null
  let last: RowPlace | null = null
  return {
    add(observation) {
      const { event } = observation
      const place = positionOf(event)
      assertPlace(place)
      const instrument = numbers.get(event.instrument)
      if (place.source !== source || instrument === undefined || (last !== null && !follows(place, last)))
        throw misplaced(place, source)
      writer.add({ observation, place, instrument, visibleAtMs: event.knownAt })
      last = { block: place.block, logIndex: place.logIndex }
      first ??= last
      rows++
    },
    take() {
      const encoded = { rows, first, last, pieces: writer.end() }
      writer = createCopyWriter()
      rows = 0
      first = last = null
      return encoded
    },
  }
}

const follows = (place: RowPlace, last: RowPlace): boolean =>
  place.block > last.block || (place.block === last.block && place.logIndex > last.logIndex)

function misplaced(place: SourcePosition, source: string): InvalidInputError {
  return new InvalidInputError(
    `The observation at ${placeText(place)} is not the next of ${source} with a known instrument.`,
    {
      facts: { source, block: place.block, logIndex: place.logIndex },
      hint: 'Give the observations of one source in its order, and name their instruments before.',
    },
  )
}
