import type { ReportRwaRequest } from '../backtest/index.ts'
import {
  cashE8,
  type Decision,
  type Instrument,
  type RedeemTerms,
  type SubscribeTerms,
  type UnixMs,
  valueE8,
} from '../core/index.ts'

type Asked = {
  readonly instrument: Instrument
  readonly terms: SubscribeTerms | RedeemTerms
  readonly askedMs: UnixMs
  readonly parts: Mutable<ReportRwaRequest>[]
}
type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Subscriptions and redemptions among decisions, as a report shows them: a line for each part that was priced. */
export function reportRequests(
  decisions: readonly Decision[],
  instruments: readonly Instrument[],
): ReportRwaRequest[] {
  const byOrder = new Map<number, Asked>()
  for (const { output, sequence, timeMs, instrument: id } of decisions) {
    if (output.kind === 'order') {
      const { terms } = output
      const instrument = instruments.find(traded => traded.id === id)
      if ((terms.kind === 'subscribe' || terms.kind === 'redeem') && instrument !== undefined)
        byOrder.set(sequence, { instrument, terms, askedMs: timeMs, parts: [] })
      continue
    }
    if (output.kind !== 'fill' && output.kind !== 'settlement') continue
    const asked = output.order === null ? undefined : byOrder.get(output.order)
    if (asked === undefined) continue
    if (output.kind === 'settlement') {
      const owed = asked.parts.find(part => part.pricedMs !== null && part.settledMs === null)
      if (owed !== undefined) owed.settledMs = timeMs
    } else if (output.outcome === 'ended')
      asked.parts.push({ ...unpriced(asked), refusal: output.reason ?? 'ended' })
    else {
      const { quantity, priceE8, feeE8 } = output
      const worth = valueE8(quantity, priceE8, asked.instrument.decimals)
      asked.parts.push({
        ...unpriced(asked),
        pricedMs: timeMs,
        shares: quantity,
        navE8: priceE8,
        feeE8,
        cashE8: asked.terms.kind === 'subscribe' ? cashE8(worth + feeE8) : worth,
      })
    }
  }
  for (const { terms, parts } of byOrder.values()) {
    const [whole] = parts
    // Priced at once, a subscription paid all that it offered: its shares are worth a little less, being rounded down.
    if (terms.kind === 'subscribe' && whole !== undefined && parts.length === 1 && whole.pricedMs !== null)
      whole.cashE8 = terms.amountE8
  }
  return [...byOrder.values()].flatMap(asked => (asked.parts.length === 0 ? [unpriced(asked)] : asked.parts))
}

const unpriced = ({ instrument, terms, askedMs }: Asked): ReportRwaRequest => ({
  instrument: instrument.symbol,
  decimals: instrument.decimals,
  kind: terms.kind,
  askedMs,
  pricedMs: null,
  settledMs: null,
  cashE8: terms.kind === 'subscribe' ? terms.amountE8 : null,
  shares: terms.kind === 'redeem' ? terms.shares : null,
  navE8: null,
  feeE8: null,
})
