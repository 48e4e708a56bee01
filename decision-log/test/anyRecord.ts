import fc from 'fast-check'
import type { DecisionRecord } from '../../core/index.ts'
import { bytes, hash, instrument, name, position, timeMs, whole } from './anyField.ts'
import { anyOutput } from './anyOutput.ts'

/** Any record that can be recorded. */
export const anyRecord: fc.Arbitrary<DecisionRecord> = fc.record(
  {
    agent: bytes(20),
    sequence: whole,
    instrument,
    timeMs,
    observed: position,
    featureSet: hash,
    features: fc.integer({ min: 0, max: 6 }).chain(count => bytes(count * 4)),
    model: hash,
    strategy: hash,
    output: anyOutput,
    attributions: fc.array(
      fc.record(
        { feature: name, effect: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) },
        { noNullPrototype: true },
      ),
      { maxLength: 4 },
    ),
    dataRoot: hash,
    revealAtMs: timeMs,
    salt: hash,
  },
  { noNullPrototype: true },
)
