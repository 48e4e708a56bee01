import { type CashE8, cashE8, type Quantity, quantity } from '../core/index.ts'
import type { IssuerDesks } from './issuerDesks.ts'
import type { Account } from './matching/index.ts'
import type { Holdings } from './venue.ts'

/** Holdings of an account, with what is under way at issuers. A class, so that those of every venue have one shape. */
export class PaperHoldings implements Holdings {
  private readonly account: Account
  private readonly issuers: IssuerDesks

  constructor(account: Account, issuers: IssuerDesks) {
    this.account = account
    this.issuers = issuers
  }

  get cashE8(): CashE8 {
    // To add nothing makes an object all the same, and this is asked for on every day.
    if (this.issuers.cashNumber === 0) return this.account.cashE8
    return cashE8(this.account.cashE8 + this.issuers.cashE8)
  }

  get cashNumber(): number {
    return this.account.cashNumber + this.issuers.cashNumber
  }

  get freeE8(): CashE8 {
    return cashE8(this.account.equityE8() - this.account.marginUsedE8())
  }

  quantity(market: number): Quantity {
    const held = this.account.netQuantity(market)
    // Most agents have no issuer: these ask for their position at every bar.
    if (!this.issuers.has(market)) return held
    return quantity(held + this.issuers.shares(market))
  }

  units(market: number): number {
    return this.account.netUnits(market) + this.issuers.units(market)
  }

  costE8(market: number): CashE8 {
    let cost: bigint = this.issuers.costE8(market)
    for (const lot of this.account.lots(market)) cost += lot.costE8
    return cashE8(cost)
  }
}
