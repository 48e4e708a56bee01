import { type Hex, type Logged, ZERO_HASH } from '../core/index.ts'
import type { Placement } from './decisionBuffer.ts'

const ZERO_SIGNATURE: Hex = `0x${'0'.repeat(130)}`

/** Takes an order of a backtest or an audit for recorded: its kernel keeps it, and nothing is signed. */
export function acceptUnsigned({
  agent,
  sequence,
  instrument,
  timeMs,
  output,
}: Placement): Logged<Placement> {
  // Here and not in the decision log, which would load signing and encoding into every thread of a sweep. The brand has no
  // value: only a log, and this for what no log keeps, may make it. Field by field, since a spread takes long.
  const receipt = { agent, sequence, leaf: ZERO_HASH, signature: ZERO_SIGNATURE }
  return { agent, sequence, instrument, timeMs, output, receipt } as unknown as Logged<Placement>
}
