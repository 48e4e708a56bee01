import { type DecisionOutput, formatDecimal, type Ppm, type RecordedDecision } from '../core/index.ts'
import { parseBody } from '../decision-log/index.ts'

const percent = (share: Ppm): string => `${(share / 10_000).toFixed(1)} %`
const price = (value: bigint): string => formatDecimal(value, 8, 2)

/** Says what a decision concluded, in a few words for people; never throws. */
export function describeDecision({ body }: RecordedDecision): string {
  try {
    return describeOutput(parseBody(body).output)
  } catch {
    return 'unreadable record'
  }
}

/** Says what an output means, in a few words. */
export function describeOutput(output: DecisionOutput): string {
  switch (output.kind) {
    case 'signal': {
      const { direction, strength, confidence } = output
      const view = direction > 0 ? '▲ long' : direction < 0 ? '▼ short' : '■ flat'
      return direction === 0 ? view : `${view} ${percent(strength)}, confidence ${percent(confidence)}`
    }
    case 'order':
      return `${output.side} near ${price(output.referencePriceE8)}`
    case 'fill':
      return output.outcome === 'expired'
        ? `order ${output.order} expired`
        : `${output.side === 'buy' ? 'bought' : 'sold'} at ${price(output.priceE8)} for order ${output.order}`
    case 'halt':
      return `halted: ${output.reason}`
    case 'modelChange':
      return `model ${output.from.slice(0, 10)}… to ${output.to.slice(0, 10)}…`
  }
}

/** An ISO instant for people: date and time to the second. */
export const readableTime = (iso: string): string => iso.replace('T', ' ').replace(/(\.\d+)?Z$/, '')
