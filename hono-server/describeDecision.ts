import {
  type Adjustment,
  type AdjustmentReason,
  type DecisionOutput,
  formatInstant,
  type ModelChange,
  type Outcome,
  type RecordedDecision,
  type Settlement,
} from '../core/index.ts'
import { parseBody } from '../decision-log/index.ts'
import { describeFill } from './describeFill.ts'
import { describeOrder } from './describeOrder.ts'
import {
  readableCash,
  readableChange,
  readablePrice,
  readableShare,
  readableShares,
} from './readableAmount.ts'
import type { DecimalsOf } from './readPorts.ts'

/** Says what a decision concluded, in a few words for people; never throws. */
export function describeDecision({ body, instrument }: RecordedDecision, decimalsOf: DecimalsOf): string {
  try {
    return describeOutput(parseBody(body).output, decimalsOf(instrument))
  } catch {
    return 'unreadable record'
  }
}

/** Says what an output means, in a few words; `decimals` are the instrument's, null where nobody knows them. */
export function describeOutput(output: DecisionOutput, decimals: number | null): string {
  switch (output.kind) {
    case 'signal': {
      const { direction, strength, confidence } = output
      const view = direction > 0 ? '▲ long' : direction < 0 ? '▼ short' : '■ flat'
      return direction === 0
        ? view
        : `${view} ${readableShare(strength)}, confidence ${readableShare(confidence)}`
    }
    case 'order':
      return describeOrder(output.terms, decimals)
    case 'fill':
      return describeFill(output, decimals)
    case 'halt':
      return `halted: ${output.reason}`
    case 'modelChange':
      return describeModelChange(output)
    case 'cancel':
      return `cancelled order ${output.order}`
    case 'settlement':
      return describeSettlement(output, decimals)
    case 'adjustment':
      return describeAdjustment(output, decimals)
    case 'outcome':
      return describeOutcome(output)
    case 'valuation':
      return `worth ${readableCash(output.equityE8)} at ${formatInstant(output.asOfMs)}, ${readableCash(output.cashE8)} of it cash`
  }
}

function describeOutcome({ signal, entryPriceE8, exitPriceE8 }: Outcome): string {
  const change = Number(exitPriceE8) / Number(entryPriceE8) - 1
  const share = `${change < 0 ? '' : '+'}${(change * 100).toFixed(2)} %`
  return `signal ${signal} ended: ${readablePrice(entryPriceE8)} to ${readablePrice(exitPriceE8)}, ${share}`
}

function describeModelChange({ cause, from, to }: ModelChange): string {
  const [before, after] = [from, to].map(hash => `${hash.slice(0, 10)}…`)
  switch (cause) {
    case 'deployed':
      return `model ${after} deployed`
    case 'scheduled':
      return `model ${after} after ${before}, as scheduled`
    case 'admitted':
      return `model ${after} admitted beside the serving one`
    case 'promoted':
      return `model ${after} promoted over ${before}`
    case 'rolledBack':
      return `model ${before} rolled back to ${after}`
  }
}

function describeSettlement({ order, quantity, cashE8 }: Settlement, decimals: number | null): string {
  const parts = [
    ...(quantity === 0n ? [] : [readableShares(quantity, decimals)]),
    ...(cashE8 === 0n ? [] : [readableCash(cashE8)]),
  ]
  return `received ${parts.join(' and ') || 'nothing'} of order ${order}`
}

const ADJUSTMENT: Readonly<Record<AdjustmentReason, string>> = {
  distribution: 'yield',
  rebase: 'rebase',
  forcedTransfer: 'forced transfer',
  recovery: 'recovery',
  reconciliation: 'reconciled',
}

function describeAdjustment({ reason, quantity, cashE8 }: Adjustment, decimals: number | null): string {
  const parts = [
    ...(quantity === 0n ? [] : [`${quantity < 0n ? '' : '+'}${readableShares(quantity, decimals)}`]),
    ...(cashE8 === 0n ? [] : [readableChange(cashE8)]),
  ]
  return `${ADJUSTMENT[reason]} ${parts.join(' and ') || '±0'}`
}
