import { type Address, type TransferValue, ZERO_ADDRESS } from '../../../core/index.ts'

/** What a transfer did to the balances that are known. */
export type BalanceChange = {
  /** The receiver was not known to hold any before. */
  readonly entered: boolean
  /** The sender was known to hold some, and is not any more. */
  readonly left: boolean
}

/**
 * Token balances as far as the transfers seen tell them. A history that starts midway leaves out what nobody
 * has moved since: an address that sends more than it is known to hold is taken to have held just that. So
 * the balances are lower bounds, complete when the history starts at the token's first mint. Holds one entry
 * for each address with a positive balance; the zero address holds none.
 */
export class HolderBalances {
  private readonly balances = new Map<Address, bigint>()
  private total = 0n
  private sumOfSquares = 0n

  /** Sum of the known balances. */
  get supply(): bigint {
    return this.total
  }

  get holders(): number {
    return this.balances.size
  }

  balanceOf(holder: Address): bigint {
    return this.balances.get(holder) ?? 0n
  }

  /** Herfindahl index of the known balances: Σ (balance / supply)², from 1/holders to 1; null without any. */
  get concentration(): number | null {
    if (this.total === 0n) return null
    const supply = Number(this.total)
    return Number(this.sumOfSquares) / supply / supply
  }

  apply({ from, to, amount }: TransferValue): BalanceChange {
    if (amount <= 0n) return { entered: false, left: false }
    const sent = this.balanceOf(from)
    const entered = to !== ZERO_ADDRESS && this.balanceOf(to) === 0n
    if (from !== ZERO_ADDRESS) this.set(from, sent > amount ? sent - amount : 0n)
    if (to !== ZERO_ADDRESS) this.set(to, this.balanceOf(to) + amount)
    return { entered, left: from !== to && sent > 0n && sent <= amount }
  }

  private set(holder: Address, balance: bigint): void {
    const before = this.balanceOf(holder)
    this.total += balance - before
    this.sumOfSquares += balance * balance - before * before
    if (balance === 0n) this.balances.delete(holder)
    else this.balances.set(holder, balance)
  }
}
