import { InvalidInputError, type StoredObservation, toStoredObservation } from '../../core/index.ts'
import { readLines } from '../readLines.ts'
import { parseFeedRow, toFeedEvent } from './feedRow.ts'
import type { FeedSpec } from './feedSpec.ts'

const ROW_HINT = 'Correct the line; rows before it were read.'

/**
 * Reads the rows of a CSV file as a feed's observations, numbered without a gap from 0, a chunk at a time.
 * Times must rise.
 *
 * @param header What the first line must be; null where it was read before.
 * @throws InvalidInputError naming file and line when a row is malformed or out of order.
 */
export async function* readFeedFile(
  file: string,
  spec: FeedSpec,
  header: RegExp | null,
  { belongs = (_row: string): boolean => true, hint = ROW_HINT } = {},
): AsyncGenerator<StoredObservation> {
  let sequence = 0
  let last: number | null = null
  let headed = false
  for await (const lines of readLines(file))
    for (const { text, number } of lines) {
      if (!headed) {
        if (header !== null && !header.test(text))
          throw malformedRow(file, number, `it is not the expected header (${header.source})`)
        headed = true
        continue
      }
      if (!belongs(text)) continue
      const reading = parseFeedRow(text, spec)
      if (typeof reading === 'string') throw malformedRow(file, number, reading, hint)
      if (last !== null && reading.validAt <= last)
        throw malformedRow(file, number, 'its time is not after that of the row before')
      last = reading.validAt
      yield toStoredObservation(toFeedEvent(reading, spec, sequence++), text)
    }
  if (sequence === 0)
    throw new InvalidInputError(`${file} has no row${spec.kind === 'nav' ? ` of ${spec.symbol}` : ''}.`, {
      facts: { file },
      hint: 'Check that the file is complete and of this form.',
    })
}

/** Names the file, the line and what is wrong with it. */
export function malformedRow(
  file: string,
  line: number,
  problem: string,
  hint = ROW_HINT,
): InvalidInputError {
  return new InvalidInputError(`${file} line ${line} is malformed: ${problem}.`, {
    facts: { file, line, problem },
    hint,
  })
}
