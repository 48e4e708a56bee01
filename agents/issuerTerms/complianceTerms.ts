import { type Address, InvalidInputError, type Quantity } from '../../core/index.ts'

/** What a token's issuer asks of its holders, as plain data. */
export type ComplianceTerms = {
  /** Wallets whose identity is verified at the start; null when every wallet may receive. */
  readonly verified: readonly Address[] | null
  /** How long received shares may not move on; 0 for none. */
  readonly lockUpMs: number
  /** The most wallets that may hold shares; null for any number. */
  readonly maxHolders: number | null
  /** The most that one wallet may hold; null for any amount. */
  readonly maxBalance: Quantity | null
}

/** A token that anybody may hold. */
export const UNRESTRICTED: ComplianceTerms = {
  verified: null,
  lockUpMs: 0,
  maxHolders: null,
  maxBalance: null,
}

/**
 * Checks the terms of compliance.
 *
 * @throws InvalidInputError naming the field.
 */
export function checkCompliance({ lockUpMs, maxHolders, maxBalance }: ComplianceTerms): void {
  const problem =
    !Number.isSafeInteger(lockUpMs) || lockUpMs < 0
      ? `lockUpMs is ${lockUpMs}`
      : maxHolders !== null && (!Number.isSafeInteger(maxHolders) || maxHolders < 1)
        ? `maxHolders is ${maxHolders}`
        : maxBalance !== null && maxBalance <= 0n
          ? `maxBalance is ${maxBalance}`
          : null
  if (problem === null) return
  throw new InvalidInputError(`The compliance terms cannot be kept: ${problem}.`, {
    facts: { problem },
    hint: 'Give whole milliseconds from 0, and limits above 0 or null.',
  })
}
