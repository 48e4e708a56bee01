import { chainSource, type MarketEvent, type WithdrawalValue } from '../../core/index.ts'

/** True for an event that withdraws others. */
export function isWithdrawal(event: MarketEvent): event is MarketEvent<WithdrawalValue> {
  return event.value.type === 'withdrawal'
}

/** True for an event, earlier in the order, that a withdrawal takes back. */
export function isWithdrawnBy(
  { instrument, lineage }: MarketEvent,
  withdrawal: MarketEvent<WithdrawalValue>,
): boolean {
  const { source, forkBlock } = withdrawal.value
  return (
    instrument === withdrawal.instrument &&
    lineage.kind === 'chain' &&
    lineage.blockNumber > forkBlock &&
    chainSource(lineage.chainId) === source
  )
}
