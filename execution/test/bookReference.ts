import type { AgentDefinition } from '../../agents/index.ts'
import { type DecisionOutput, floorDivide, type InstrumentId } from '../../core/index.ts'
import { GOLD } from './syntheticMarket.ts'

/** Cash and positions as the fills of an agent on one market say, kept by plain sums. */
export function bookReference({ capitalE8 }: AgentDefinition) {
  const unit = 10n ** BigInt(GOLD.decimals)
  const held = new Map<InstrumentId, bigint>()
  const book = {
    cashE8: capitalE8 as bigint,
    add(output: DecisionOutput, instrument: InstrumentId): void {
      if (output.kind !== 'fill' || output.outcome === 'ended') return
      const sign = output.side === 'buy' ? 1n : -1n
      // What is paid is rounded up, what is received down: the cash moves by the floor of its change.
      book.cashE8 += floorDivide(-sign * output.quantity * output.priceE8, unit) - output.feeE8
      held.set(instrument, (held.get(instrument) ?? 0n) + sign * output.quantity)
    },
    positions: () => [...held],
  }
  return book
}
