import type { AgentId } from './decision.ts'
import { sha256 } from './digest.ts'
import type { Hash } from './hex.ts'
import { type InstrumentId, instrumentId } from './instrument.ts'

// Names that no other test of this run has: a store may keep what other tests wrote.
let used = 0
/** A number that no other test of this run has. */
export function fresh(): number {
  used += 1
  return used
}

/** A feed of this test alone. */
export const freshFeed = (): string => `feed${fresh()}:ROWS`
/** A chain id of this test alone. */
export const freshChain = (): number => 1_000_000 + fresh()
/** An instrument of this test alone. */
export const freshInstrument = (): InstrumentId => instrumentId(`test:I${fresh()}`)
/** An agent of this test alone. */
export const freshAgent = (): AgentId => `0x${'ab'.repeat(16)}${fresh().toString(16).padStart(8, '0')}`
/** A hash that stands for a number. */
export const hashOf = (value: number): Hash => sha256(String(value))
