import {
  chainSource,
  type MarketEvent,
  type MarketValue,
  MINUTE_MS,
  type Random,
  unixMs,
  ZERO_HASH,
} from '../../core/index.ts'
import { randomStream } from './randomStream.conformance.ts'
import { GOLD } from './sampleEvents.conformance.ts'

const CHAIN = 7
const SOURCE = chainSource(CHAIN)

/** The same event as a log of a chain. */
export function onChain(event: MarketEvent, blockNumber: number, logIndex: number): MarketEvent {
  const lineage = {
    kind: 'chain' as const,
    chainId: CHAIN,
    address: `0x${'1'.repeat(40)}` as const,
    blockNumber,
    blockHash: ZERO_HASH,
    transactionHash: ZERO_HASH,
    logIndex,
    estimated: [],
  }
  return { ...event, lineage }
}

export function withdrawal(
  timeMs: number,
  forkBlock: number,
  instrument: MarketEvent['instrument'] = GOLD.id,
): MarketEvent {
  const at = unixMs(timeMs)
  return {
    instrument,
    validAt: at,
    knownAt: at,
    lineage: {
      kind: 'reorg',
      chainId: CHAIN,
      forkBlock,
      forkHash: null,
      ordinal: instrument === GOLD.id ? 0 : 1,
    },
    value: { type: 'withdrawal', source: SOURCE, forkBlock, throughBlock: forkBlock + 1, observations: 1 },
  }
}

/** True for a log of the traded instrument above a block. */
export const isWithdrawn = ({ instrument, lineage }: MarketEvent, forkBlock: number): boolean =>
  instrument === GOLD.id && lineage.kind === 'chain' && lineage.blockNumber > forkBlock

/**
 * A stream as agents get it, with reorgs: what is delivered, and per delivered event whether it was withdrawn
 * later. Half of the events are logs of a chain that goes back now and then; some describe a time long past.
 */
export function reorganisedStream(random: Random, length: number) {
  const base = randomStream(Math.floor(random() * 2 ** 31), length)
  const delivered: { event: MarketEvent; withdrawnBy: number | null }[] = []
  let block = 100
  let logIndex = 0
  let clock = 0
  for (const [index, given] of base.entries()) {
    const late = random() < 0.1 ? describingEarlier(given, MINUTE_MS * 600) : given
    clock = Math.max(clock + 1, given.knownAt)
    const event = { ...late, knownAt: unixMs(clock) }
    if (random() < 0.5) delivered.push({ event, withdrawnBy: null })
    else {
      if (random() < 0.6) block++
      logIndex++
      delivered.push({ event: onChain(event, block, logIndex), withdrawnBy: null })
    }
    if (random() > 0.03 || block < 110) continue
    const forkBlock = block - 1 - Math.floor(random() * 8)
    clock += 1
    for (const each of delivered) if (isWithdrawn(each.event, forkBlock)) each.withdrawnBy ??= index
    delivered.push({ event: withdrawal(clock, forkBlock), withdrawnBy: null })
    block = forkBlock
  }
  return delivered
}

/** The same event, of a time before. */
function describingEarlier(event: MarketEvent, byMs: number): MarketEvent {
  const value: MarketValue =
    event.value.type === 'bar' ? { ...event.value, closeMs: unixMs(event.value.closeMs - byMs) } : event.value
  return { ...event, validAt: unixMs(Math.max(0, event.validAt - byMs)), value }
}
