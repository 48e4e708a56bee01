import { type CashE8, cashE8 } from '../../core/index.ts'
import type { AccountState } from './accountState.ts'
import { big } from './whole.ts'

/**
 * What an account says of itself. Getters of a class, and not of an object literal: one that has some is read as slowly as
 * a map.
 */
export class AccountFacts {
  readonly #account: AccountState

  constructor(account: AccountState) {
    this.#account = account
  }

  get cashE8(): CashE8 {
    return cashE8(big(this.#account.cashE8))
  }

  get isClosed(): boolean {
    return this.#account.closed
  }

  get cashNumber(): number {
    return this.#account.cashNumber
  }
}
