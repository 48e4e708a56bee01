import { InvalidInputError, PPM, type Ppm } from '../../core/index.ts'
import type { Execution, SlippageModel } from './executionModels.ts'
import { ceilDivide } from './rounding.ts'

const BILLION = 1_000_000_000n
const MILLION = BigInt(PPM)

/** Half of a spread, in millionths of the price, paid by every taker. */
export function halfSpread(halfSpreadPpm: Ppm): SlippageModel {
  checkPpm(halfSpreadPpm)
  const share = BigInt(halfSpreadPpm)
  return execution => worsened(execution, share, MILLION)
}

/** A spread in millionths of the price that is paid once, by fills that open; closing is at the price itself. */
export function entrySpread(spreadPpm: Ppm): SlippageModel {
  checkPpm(spreadPpm)
  const share = BigInt(spreadPpm)
  return execution => (execution.entry ? worsened(execution, share, MILLION) : execution.priceE8)
}

/**
 * Square-root impact: the price moves by a coefficient times the square root of the fill's share of the bar's
 * volume (Almgren, Thum, Hauptmann and Li 2005; Tóth et al. 2011), in 10⁻⁹ of the price, rounded up. A bar
 * without volume takes nothing.
 *
 * @param coefficientPpm Move, in millionths of the price, for a fill as large as the bar's whole volume.
 */
export function squareRootImpact(coefficientPpm: Ppm): SlippageModel {
  checkPpm(coefficientPpm)
  return execution => {
    const { quantity, unit, volumeE8 } = execution
    if (!(volumeE8 > 0)) return null
    const share = Number((quantity * 100_000_000n) / unit) / volumeE8
    // Division, root and product are correctly rounded on every machine.
    return worsened(execution, BigInt(Math.ceil(coefficientPpm * Math.sqrt(share) * 1_000)), BILLION)
  }
}

/** Several models, each of which worsens the price that the one before it gave. */
export function slippageInTurn(...models: readonly SlippageModel[]): SlippageModel {
  return execution => {
    let priceE8 = execution.priceE8
    for (const model of models) {
      const next = model({ ...execution, priceE8 })
      if (next === null) return null
      priceE8 = next
    }
    return priceE8
  }
}

function worsened({ buy, priceE8 }: Execution, share: bigint, whole: bigint): bigint | null {
  if (buy) return ceilDivide(priceE8 * (whole + share), whole)
  const price = (priceE8 * (whole - share)) / whole
  return share >= whole || price <= 0n ? null : price
}

function checkPpm(share: Ppm): void {
  if (!Number.isInteger(share) || share < 0)
    throw new InvalidInputError(`A slippage of ${share} millionths is none.`, {
      facts: { share },
      hint: 'Pass a whole number of millionths, zero or more.',
    })
}
