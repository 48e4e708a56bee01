import {
  cashE8,
  formatDecimal,
  PPM,
  type Ppm,
  type PriceE8,
  parseDecimal,
  priceE8,
  quantity,
  type UnixMs,
  unixMs,
} from '../../core/index.ts'
import {
  type Account,
  type AccountSink,
  type AccountTerms,
  type Bracket,
  createAccount,
  emptyBarColumns,
  type InstrumentTerms,
  type OrderTerms,
  type Submission,
} from './index.ts'

/** Open, high, low and close of a side, in whole units of the quote currency. */
export type Prices = readonly [open: number, high: number, low: number, close: number]

/** The first bar opens at 10:00 of the first day, and bars are a minute long. */
export const START_MS = 36_000_000
export const BAR_MS = 60_000

export const SHARES: InstrumentTerms = {
  decimals: 0,
  sizeStep: quantity(1n),
  minimumSize: quantity(0n),
  initialMarginPpm: PPM,
  maintenanceMarginPpm: 1 as Ppm,
}

/** Shares that half of their value buys, liquidated under a tenth. */
export const LEVERAGED: InstrumentTerms = {
  ...SHARES,
  initialMarginPpm: 500_000 as Ppm,
  maintenanceMarginPpm: 100_000 as Ppm,
}

export const price = (value: number): PriceE8 => priceE8(parseDecimal(String(value), 8) ?? 0n)
export const cash = (value: number) => cashE8(parseDecimal(String(value), 8) ?? 0n)
export const units = (count: number) => ({ units: quantity(BigInt(count)) })
export const ppm = (share: number) => share as Ppm
/** An amount in 10⁻⁸ as people write it. */
export const plain = (amount: bigint): string => formatDecimal(amount, 8).replace(/\.?0+$/, '')

/** A bracket of two prices. */
export const bracket = (stopLoss: number | null, takeProfit: number | null): { bracket: Bracket } => ({
  bracket: {
    ...(stopLoss === null ? {} : { stopLoss: { stopE8: price(stopLoss) } }),
    ...(takeProfit === null ? {} : { takeProfitE8: price(takeProfit) }),
  },
})

type WithoutInstrument<T> = T extends unknown ? Omit<T, 'instrument'> : never
/** An order of the first instrument, unless it names another. */
export type ScriptedOrder = WithoutInstrument<OrderTerms> & { readonly instrument?: number }

/** An account with a clock of minute bars and an ear: what it tells is kept as sentences. */
export type ScriptedAccount = {
  readonly account: Account
  nowMs: UnixMs
  /** Submits at the close of the last bar. */
  submit(order: ScriptedOrder): Submission
  /** Submits, and says why not; null when it was taken. */
  refusal(order: ScriptedOrder): string | null
  /** Gives the next bar, and returns what the account told. */
  bar(bid: Prices, options?: { ask?: Prices; instrument?: number; volume?: number }): string[]
  /** Gives a price a second later, and returns what the account told. */
  tick(bid: number, ask?: number): string[]
  /** What was told since the last look. */
  told(): string[]
  /** The lots of an instrument as `10 @ 100`. */
  held(instrument?: number): string[]
}

/** Opens an account of 10,000 in shares that has seen one bar at 100. */
export function scripted(
  terms: Partial<Omit<AccountTerms, 'sink'>> & { firstBid?: number; firstAsk?: number } = {},
): ScriptedAccount {
  let sentences: string[] = []
  const account = createAccount({
    instruments: [SHARES],
    cashE8: cash(10_000),
    mode: 'netting',
    ...terms,
    sink: sentenceSink(sentence => sentences.push(sentence)),
  })
  const look = () => {
    const seen = sentences
    sentences = []
    return seen
  }
  const script: ScriptedAccount = {
    account,
    nowMs: unixMs(START_MS),
    submit: order => account.submit({ instrument: 0, ...order } as OrderTerms, script.nowMs),
    refusal(order) {
      const submission = script.submit(order)
      return submission.accepted ? null : submission.reason
    },
    bar(bid, { ask = bid, instrument = 0, volume = 0 } = {}) {
      const openMs = instrument === 0 ? script.nowMs : script.nowMs - BAR_MS
      const bars = emptyBarColumns(1)
      const set = (column: Float64Array, value: number) => column.fill(value)
      set(bars.openMs, openMs)
      set(bars.closeMs, openMs + BAR_MS)
      const sides = [
        [bars.bidOpenE8, bars.bidHighE8, bars.bidLowE8, bars.bidCloseE8],
        [bars.askOpenE8, bars.askHighE8, bars.askLowE8, bars.askCloseE8],
      ] as const
      sides.forEach((columns, side) => {
        columns.forEach((column, index) => {
          set(column, Number(price((side === 0 ? bid : ask)[index] ?? 0)))
        })
      })
      set(bars.volumeE8 ?? new Float64Array(1), volume * 1e8)
      account.onBar(instrument, bars, 0)
      script.nowMs = unixMs(openMs + BAR_MS)
      return look()
    },
    tick(bid, ask = bid) {
      script.nowMs = unixMs(script.nowMs + 1_000)
      account.onPrice(0, script.nowMs, Number(price(bid)), Number(price(ask)))
      return look()
    },
    told: look,
    held: (instrument = 0) =>
      account.lots(instrument).map(lot => `${lot.quantity} @ ${plain(lot.entryPriceE8)}`),
  }
  const { firstBid = 100, firstAsk = firstBid } = terms
  script.bar([firstBid, firstBid, firstBid, firstBid], { ask: [firstAsk, firstAsk, firstAsk, firstAsk] })
  return script
}

function sentenceSink(say: (sentence: string) => void): AccountSink {
  return {
    filled({ side, quantity, priceE8, feeE8, cause }) {
      const fee = feeE8 === 0n ? '' : `, fee ${plain(feeE8)}`
      say(`${cause === 'order' ? '' : `${cause}: `}${side} ${quantity} @ ${plain(priceE8)}${fee}`)
    },
    lotClosed() {},
    cancelled: (order, _timeMs, reason) => say(`cancelled ${order}: ${reason}`),
    expired: order => say(`expired ${order}`),
    rejected(order, _timeMs, rejection) {
      const figures =
        rejection.reason === 'margin'
          ? ` ${plain(rejection.requiredE8)} of ${plain(rejection.availableE8)}`
          : ''
      say(`rejected ${order}: ${rejection.reason}${figures}`)
    },
    liquidated: (_instrument, _timeMs, priceE8) => say(`liquidated @ ${plain(priceE8)}`),
    accountClosed: (_timeMs, equityE8) => say(`account closed at ${plain(equityE8)}`),
  }
}
