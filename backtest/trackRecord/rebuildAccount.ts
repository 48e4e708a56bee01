import {
  type CashE8,
  cashE8,
  DAY_MS,
  type DecisionRecord,
  type Fill,
  floorDivide,
  formatDecimal,
  formatInstant,
  HOUR_MS,
  type InstrumentId,
  type UnixMs,
  unixMs,
  type Valuation,
} from '../../core/index.ts'
import type { BacktestFill } from '../roundTrips.ts'
import { joinedFaults, type RecordFault } from './recordFault.ts'

/** An agent's account as its records alone say. */
export type RebuiltAccount = {
  /** Traded instruments by first appearance, and the decimals of their quantities as the valuations name them. */
  readonly instruments: readonly InstrumentId[]
  readonly decimals: readonly number[]
  /** Cash at the first decision: that of the first valuation less what was moved before it. Null without one. */
  readonly capitalE8: CashE8 | null
  /** The capital at the first decision, then a point for each valuation. */
  readonly equity: { readonly timeMs: readonly UnixMs[]; readonly equityE8: readonly CashE8[] }
  /** What filled, at the time of the decision that told it. */
  readonly fills: readonly BacktestFill[]
  readonly valuations: number
  /** Valuations that were compared with the fills before them; of the others a gap leaves the fills unknown. */
  readonly compared: number
  readonly faults: readonly RecordFault[]
}

/**
 * Keeps an agent's cash and positions again from its fills and adjustments, and compares each valuation with them: to the
 * last unit, but for what issuers round (a smallest share of each request). After a gap the next valuation is taken as it
 * stands, and later ones are compared with it.
 *
 * @param records Proven ones, ascending by sequence.
 */
export function rebuildAccount(records: readonly DecisionRecord[]): RebuiltAccount {
  const faults: RecordFault[] = []
  const fault = (sequence: number, detail: string) =>
    faults.push({ kind: 'valuation', first: sequence, last: sequence, detail })
  const decimals = decimalsIn(records, fault)
  const requests = requestsIn(records)
  const instruments = [...decimals.keys()]
  const fills: BacktestFill[] = []
  const timeMs: UnixMs[] = []
  const equityE8: CashE8[] = []
  let capitalE8: CashE8 | null = null
  let [valuations, compared] = [0, 0]
  /** Null after a gap, until the next valuation. */
  let book: Book | null = records[0]?.sequence === 0 ? emptyBook() : null
  let next = 0

  for (const record of records) {
    const { sequence, output, instrument } = record
    if (sequence !== next) book = null
    next = sequence + 1
    if (output.kind === 'fill' && output.outcome === 'filled') {
      fills.push(toFill(record, output, instruments.indexOf(instrument)))
      const isRequest = output.order !== null && requests.has(output.order)
      if (book !== null) book = addFill(book, instrument, output, decimals.get(instrument), isRequest)
    } else if (output.kind === 'adjustment' && book !== null) {
      book.cashE8 += output.cashE8
      move(book, instrument, output.quantity)
    } else if (output.kind === 'valuation') {
      valuations++
      const stated = worthOf(output)
      if (stated !== output.equityE8)
        fault(
          sequence,
          `It says ${usd(output.equityE8)}, and its cash and positions add up to ${usd(stated)}.`,
        )
      const isFirst = equityE8.length === 0
      if (isFirst && book !== null && capitalE8 === null) {
        capitalE8 = cashE8(output.cashE8 - book.cashE8)
        book.cashE8 = output.cashE8
      }
      if (book === null) book = bookAs(output)
      else {
        compared++
        for (const detail of differences(book, output)) fault(sequence, detail)
      }
      const startMs = records[0]?.timeMs ?? output.asOfMs
      if (isFirst && startMs < output.asOfMs) {
        timeMs.push(startMs)
        equityE8.push(capitalE8 ?? cashE8(stated))
      }
      timeMs.push(output.asOfMs)
      equityE8.push(cashE8(rebuiltWorth(book, output)))
    }
  }
  faults.push(...untimely(records), ...leftOut(records))
  return {
    instruments,
    decimals: [...decimals.values()],
    capitalE8,
    equity: { timeMs, equityE8 },
    fills: fills.filter(({ market }) => market >= 0),
    valuations,
    compared,
    faults: joinedFaults(faults),
  }
}

type Book = {
  cashE8: bigint
  /** By how much the cash may differ for what issuers rounded. */
  slackE8: bigint
  readonly held: Map<InstrumentId, bigint>
}

const emptyBook = (): Book => ({ cashE8: 0n, slackE8: 0n, held: new Map() })

const bookAs = ({ cashE8: cash, positions }: Valuation): Book => ({
  cashE8: cash,
  slackE8: 0n,
  held: new Map(positions.map(({ instrument, quantity }) => [instrument, quantity])),
})

function move(book: Book, instrument: InstrumentId, change: bigint): void {
  book.held.set(instrument, (book.held.get(instrument) ?? 0n) + change)
}

/** Books a fill; null where no valuation names the decimals, so that its cash is unknown. */
function addFill(
  book: Book,
  instrument: InstrumentId,
  { side, quantity, priceE8, feeE8 }: Fill,
  decimals: number | undefined,
  isRequest: boolean,
): Book | null {
  if (decimals === undefined) return null
  const unit = 10n ** BigInt(decimals)
  const sign = side === 'buy' ? 1n : -1n
  // What is paid is rounded up, what is received down.
  book.cashE8 += floorDivide(-sign * quantity * priceE8, unit) - feeE8
  if (isRequest) book.slackE8 += priceE8 / unit + 2n
  move(book, instrument, sign * quantity)
  return book
}

/** Cash and positions of a valuation at its own prices, each rounded down. */
function worthOf({ cashE8: cash, positions }: Valuation): bigint {
  return positions.reduce(
    (sum, { quantity, priceE8, decimals }) => sum + floorDivide(quantity * priceE8, 10n ** BigInt(decimals)),
    cash as bigint,
  )
}

/** The same with the cash and quantities of the fills; what issuers round is taken as it was stated. */
function rebuiltWorth(book: Book, valuation: Valuation): bigint {
  const cash = isWithin(book, valuation) ? valuation.cashE8 : book.cashE8
  return worthOf({
    ...valuation,
    cashE8: cashE8(cash),
    positions: valuation.positions.map(position => ({
      ...position,
      quantity: (book.held.get(position.instrument) ?? 0n) as typeof position.quantity,
    })),
  })
}

function isWithin({ cashE8: cash, slackE8 }: Book, valuation: Valuation): boolean {
  const difference = valuation.cashE8 - cash
  return (difference < 0n ? -difference : difference) <= slackE8
}

function differences(book: Book, valuation: Valuation): string[] {
  const found: string[] = []
  if (!isWithin(book, valuation))
    found.push(`It says cash of ${usd(valuation.cashE8)}, and the fills leave ${usd(book.cashE8)}.`)
  const told = new Map(
    valuation.positions.map(({ instrument, quantity }) => [instrument, quantity as bigint]),
  )
  for (const instrument of new Set([...told.keys(), ...book.held.keys()])) {
    const [stated, held] = [told.get(instrument) ?? 0n, book.held.get(instrument) ?? 0n]
    if (stated !== held)
      found.push(`It says ${stated} smallest units of ${instrument}, and the fills leave ${held}.`)
  }
  return found
}

const usd = (amount: bigint): string => formatDecimal(amount, 8)

function toFill({ timeMs }: DecisionRecord, fill: Fill, market: number): BacktestFill {
  const { order, side, quantity, priceE8, feeE8 } = fill
  return { order, market, timeMs, side, quantity, priceE8, feeE8 }
}

/** Decimals by instrument, as the valuations name them; the first counts. */
function decimalsIn(
  records: readonly DecisionRecord[],
  fault: (sequence: number, detail: string) => void,
): Map<InstrumentId, number> {
  const decimals = new Map<InstrumentId, number>()
  for (const { sequence, output } of records)
    if (output.kind === 'valuation')
      for (const position of output.positions) {
        const known = decimals.get(position.instrument)
        if (known === undefined) decimals.set(position.instrument, position.decimals)
        else if (known !== position.decimals)
          fault(sequence, `It counts ${position.instrument} in ${position.decimals} decimals, not ${known}.`)
      }
  return decimals
}

/** Sequences of the orders that an issuer served. */
function requestsIn(records: readonly DecisionRecord[]): ReadonlySet<number> {
  const requests = new Set<number>()
  for (const { sequence, output } of records)
    if (output.kind === 'order' && (output.terms.kind === 'subscribe' || output.terms.kind === 'redeem'))
      requests.add(sequence)
  return requests
}

/** Valuations of a time that later decisions came before. */
function untimely(records: readonly DecisionRecord[]): RecordFault[] {
  const faults: RecordFault[] = []
  let [before, at] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { sequence, timeMs, output } of records) {
    if (timeMs > at) [before, at] = [at, timeMs]
    if (
      output.kind === 'valuation' &&
      (output.asOfMs % HOUR_MS !== 0 || output.asOfMs >= timeMs || output.asOfMs < before)
    )
      faults.push({
        kind: 'valuation',
        first: sequence,
        last: sequence,
        detail: `It is as of ${formatInstant(output.asOfMs)}, which is not the last hour or midnight that had passed.`,
      })
  }
  return faults
}

/** Days on which something was decided, and that no valuation ends although the record goes on. */
function leftOut(records: readonly DecisionRecord[]): RecordFault[] {
  const valued = new Set(
    records.flatMap(({ output }) => (output.kind === 'valuation' ? [output.asOfMs] : [])),
  )
  if (valued.size === 0) return []
  const lastMs = records.at(-1)?.timeMs ?? 0
  const faults: RecordFault[] = []
  let told = -1
  records.forEach(({ sequence, timeMs }, place) => {
    const endMs = Math.ceil(timeMs / DAY_MS) * DAY_MS
    if (endMs === told || endMs >= lastMs || valued.has(unixMs(endMs))) return
    // Across a gap it may be the valuation that is missing, which is told already.
    const after = records.slice(place).findIndex(each => each.timeMs > endMs)
    const isWhole = records[place + after]?.sequence === sequence + after
    told = endMs
    if (isWhole)
      faults.push({
        kind: 'valuation',
        first: sequence,
        last: sequence,
        detail: `The day that ended at ${formatInstant(unixMs(endMs))} has no valuation.`,
      })
  })
  return faults
}
