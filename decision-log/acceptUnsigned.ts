import { type Hex, type Logged, ZERO_HASH } from '../core/index.ts'
import { mintPlaced, type Placed } from './mintLogged.ts'

const ZERO_SIGNATURE: Hex = `0x${'0'.repeat(130)}`

/** Takes an order of a backtest for recorded: its kernel keeps it, and nothing is signed. */
export function acceptUnsigned(decision: Placed): Logged<Placed> {
  const { agent, sequence } = decision
  return mintPlaced(decision, { agent, sequence, leaf: ZERO_HASH, signature: ZERO_SIGNATURE })
}
