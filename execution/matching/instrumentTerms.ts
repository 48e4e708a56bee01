import { InvalidInputError, PPM, type Ppm, type Quantity } from '../../core/index.ts'

/** What a venue asks of those who trade an instrument. */
export type InstrumentTerms = {
  /** Decimal places of one smallest unit. */
  readonly decimals: number
  /** Sizes are multiples of this, in smallest units: one whole unit for whole shares, 1 for any fraction. */
  readonly sizeStep: Quantity
  /** Least size of an order, in smallest units. */
  readonly minimumSize: Quantity
  /** Equity that a position needs when it is opened, as a share of its value: all of it without leverage. */
  readonly initialMarginPpm: Ppm
  /** Equity under which positions are liquidated, as a share of their value; at least one millionth. */
  readonly maintenanceMarginPpm: Ppm
  /** Whether orders are taken at a time; always, where absent. */
  readonly isOpen?: (timeMs: number) => boolean
}

/**
 * Checks that terms can be traded on.
 *
 * @throws InvalidInputError naming the field.
 */
export function checkInstrumentTerms(terms: InstrumentTerms, index: number): void {
  const { decimals, sizeStep, minimumSize, initialMarginPpm, maintenanceMarginPpm } = terms
  const refuse = (field: string, value: bigint | number, hint: string): never => {
    throw new InvalidInputError(`Instrument ${index} has a ${field} of ${value}.`, {
      facts: { instrument: index, field, value },
      hint,
    })
  }
  if (!Number.isInteger(decimals) || decimals < 0 || decimals > 30)
    refuse('decimals', decimals, 'Pass a whole number from 0 to 30.')
  if (sizeStep <= 0n) refuse('sizeStep', sizeStep, 'Pass at least one smallest unit.')
  if (minimumSize < 0n) refuse('minimumSize', minimumSize, 'Pass zero or more smallest units.')
  if (!Number.isInteger(initialMarginPpm) || initialMarginPpm < 1 || initialMarginPpm > PPM)
    refuse('initialMarginPpm', initialMarginPpm, 'Pass 1 to 1,000,000 millionths.')
  if (
    !Number.isInteger(maintenanceMarginPpm) ||
    maintenanceMarginPpm < 1 ||
    maintenanceMarginPpm > initialMarginPpm
  )
    refuse('maintenanceMarginPpm', maintenanceMarginPpm, 'Pass 1 millionth to the initial margin.')
}
