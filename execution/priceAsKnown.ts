import { DAY_MS, type MarketColumns, OTHER_ROW, type WithdrawalValue } from '../core/index.ts'

/** The price of one instrument, a market's or a NAV, as it came to be known. */
export type PriceAsKnown = {
  /** Takes in a row of the instrument; rows without a price change nothing, but for withdrawals. */
  take(columns: MarketColumns, row: number): void
  /** The newest price that was known at a time, in 10⁻⁸; null where there was none. */
  at(timeMs: number): bigint | null
}

type Step = {
  readonly knownMs: number
  readonly validMs: number
  readonly source: string
  readonly block: number
  readonly priceE8: bigint
}

/** A fill is at the open of the newest bar at the earliest, and no bar is longer than a month. */
const KEPT_MS = 32 * DAY_MS
/** Old prices are let go in batches of at least this many. */
const BATCH = 4_096

/** Follows the price of an instrument. */
export function followPrice(): PriceAsKnown {
  const steps: Step[] = []
  let full = BATCH

  function withdraw({ source, forkBlock, throughBlock }: WithdrawalValue): void {
    const isGone = (step: Step) =>
      step.source === source && step.block > forkBlock && step.block <= throughBlock
    const kept = steps.filter(step => !isGone(step))
    steps.splice(0, steps.length, ...kept)
  }

  function letGo(nowMs: number): void {
    let first = 0
    // The one before the first that is kept is the price at the beginning.
    while (first + 1 < steps.length && (steps[first + 1] as Step).knownMs <= nowMs - KEPT_MS) first++
    steps.splice(0, first)
    full = Math.max(BATCH, 2 * steps.length)
  }

  return {
    take(columns, row) {
      const event = columns.events[row]
      if (event?.value.type === 'withdrawal') {
        withdraw(event.value)
        return
      }
      const priceE8 =
        columns.kind[row] === OTHER_ROW
          ? event?.value.type === 'nav'
            ? event.value.navE8
            : null
          : middleOf(columns.bidCloseE8[row] as number, columns.askCloseE8[row] as number)
      if (priceE8 === null) return
      const validMs = columns.closeMs[row] as number
      // A late correction of an older price says nothing about the present.
      if (validMs < (steps.at(-1)?.validMs ?? Number.NEGATIVE_INFINITY)) return
      const knownMs = columns.knownAt[row] as number
      const source = columns.sources[columns.source[row] as number] ?? ''
      steps.push({ knownMs, validMs, source, block: columns.block[row] as number, priceE8 })
      if (steps.length >= full) letGo(knownMs)
    },
    at(timeMs) {
      let place = steps.length - 1
      // What is asked for is near the end.
      while (place >= 0 && (steps[place] as Step).knownMs > timeMs) place--
      return steps[place]?.priceE8 ?? null
    },
  }
}

// Their sum may not be exact in a double; their difference is.
const middleOf = (bid: number, ask: number): bigint => BigInt(bid + Math.floor((ask - bid) / 2))
