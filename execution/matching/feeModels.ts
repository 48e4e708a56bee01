import { E8, InvalidInputError, PPM, type Ppm } from '../../core/index.ts'
import type { Execution, FeeModel, PlainFee } from './executionModels.ts'
import { ceilDivide } from './rounding.ts'

const MILLION = BigInt(PPM)

/** A share of the value of each fill, rounded up; the taker's rate also for makers unless they have their own. */
export function rateFee({ takerPpm, makerPpm = takerPpm }: { takerPpm: Ppm; makerPpm?: Ppm }): FeeModel {
  for (const rate of [takerPpm, makerPpm])
    if (!Number.isInteger(rate) || rate < 0 || rate >= PPM)
      throw new InvalidInputError(`A fee of ${rate} millionths is no rate.`, {
        facts: { rate },
        hint: 'Pass a whole number of millionths from 0 to 999,999.',
      })
  const taker = BigInt(takerPpm)
  const maker = BigInt(makerPpm)
  // The unit is one and the same at most fills: its product is kept.
  let unit = 0n
  let scale = 0n
  const fee = (execution: Execution): bigint => {
    const rate = execution.maker ? maker : taker
    if (rate === 0n) return 0n
    if (execution.unit !== unit) {
      unit = execution.unit
      scale = unit * MILLION
    }
    return ceilDivide(execution.quantity * execution.priceE8 * rate, scale)
  }
  return Object.assign(fee, {
    least: { takerPpm: taker, makerPpm: maker },
    plain: { takerPpm, makerPpm, fixedE8: 0n },
  })
}

/** The same amount for each fill, in 10⁻⁸ of the quote currency. */
export function fixedFee(feeE8: bigint): FeeModel {
  if (feeE8 < 0n)
    throw new InvalidInputError(`A fixed fee of ${feeE8} is none.`, {
      facts: { feeE8 },
      hint: 'Pass zero or more, in 10⁻⁸ of the quote currency.',
    })
  return Object.assign(() => feeE8, { plain: { takerPpm: 0, makerPpm: 0, fixedE8: feeE8 } })
}

/** A series of prices, each valid from its time until the next. */
export type PriceSteps = { readonly timesMs: Float64Array; readonly values: readonly bigint[] }

/** The price at a time, of a series that is not known in advance. */
export type PriceAt = (timeMs: number) => bigint

/**
 * Gas of one transaction: units times the gas price at the time, in the coin's smallest unit (wei, 10⁻¹⁸),
 * times the coin's price, rounded up. Before the first price of a series its first one is taken.
 */
export function gasFee(terms: {
  readonly gasUnits: bigint
  /** Wei for one unit of gas. */
  readonly gasPriceWei: PriceSteps | PriceAt
  /** Quote currency for one coin, in 10⁻⁸. */
  readonly coinPriceE8: PriceSteps | PriceAt
}): FeeModel {
  const { gasUnits } = terms
  const wei = priceAt('gasPriceWei', terms.gasPriceWei)
  const coin = priceAt('coinPriceE8', terms.coinPriceE8)
  return ({ timeMs }) => ceilDivide(gasUnits * wei(timeMs) * coin(timeMs), E8 * 10_000_000_000n)
}

/** The sum of several fees, each rounded for itself. */
export function sumOfFees(...models: readonly FeeModel[]): FeeModel {
  const fee = (execution: Execution): bigint => {
    let sum = 0n
    for (const model of models) sum += model(execution)
    return sum
  }
  let takerPpm = 0n
  let makerPpm = 0n
  for (const { least } of models) {
    takerPpm += least?.takerPpm ?? 0n
    makerPpm += least?.makerPpm ?? 0n
  }
  const plain = plainSum(models)
  return Object.assign(fee, { least: { takerPpm, makerPpm }, ...(plain === null ? {} : { plain }) })
}

/** The sum of plain fees, where no more than one is a share: each share is rounded for itself. */
function plainSum(models: readonly FeeModel[]): PlainFee | null {
  let sum: PlainFee = { takerPpm: 0, makerPpm: 0, fixedE8: 0n }
  for (const { plain } of models) {
    if (plain === undefined) return null
    const isShare = plain.takerPpm > 0 || plain.makerPpm > 0
    if (isShare && (sum.takerPpm > 0 || sum.makerPpm > 0)) return null
    sum = { ...(isShare ? plain : sum), fixedE8: sum.fixedE8 + plain.fixedE8 }
  }
  return sum
}

function priceAt(name: string, prices: PriceSteps | PriceAt): PriceAt {
  if (typeof prices === 'function') return prices
  checkSteps(name, prices)
  return timeMs => valueAt(prices, timeMs)
}

function checkSteps(name: string, { timesMs, values }: PriceSteps): void {
  const sorted = timesMs.every((time, index) => index === 0 || time > (timesMs[index - 1] ?? 0))
  if (timesMs.length === 0 || timesMs.length !== values.length || !sorted)
    throw new InvalidInputError(`The series ${name} is empty, unsorted, or has a time without a value.`, {
      facts: { name, times: timesMs.length, values: values.length },
      hint: 'Pass one value for each time, and the times in ascending order.',
    })
}

/** The last value whose time is not after the given one. */
function valueAt({ timesMs, values }: PriceSteps, timeMs: number): bigint {
  let low = 0
  let high = timesMs.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((timesMs[middle] ?? 0) <= timeMs) low = middle
    else high = middle - 1
  }
  return values[low] ?? 0n
}
