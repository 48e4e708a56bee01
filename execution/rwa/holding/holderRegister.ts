import { type ComplianceTerms, checkCompliance } from '../../../agents/index.ts'
import {
  type Address,
  type MarketEvent,
  type Quantity,
  quantity,
  type TokenControlValue,
  type UnixMs,
  ZERO_ADDRESS,
} from '../../../core/index.ts'
import { createLockUps, type LockUps } from './lockUps.ts'

/** Why a permissioned token does not move (ERC-3643). */
export type TransferRefusal =
  | 'paused'
  | 'senderFrozen'
  | 'receiverFrozen'
  /** It would move what the issuer froze of the balance. */
  | 'amountFrozen'
  | 'insufficientBalance'
  | 'unverifiedReceiver'
  /** It would move what came too recently. */
  | 'lockedUp'
  | 'tooManyHolders'
  | 'aboveMaximumBalance'

export type TransferCheck =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: TransferRefusal; readonly limit: bigint | number | null }

/** Who may hold and move a permissioned token, as its events tell. */
export interface HolderRegister {
  /** Folds what the issuer did, and every transfer: events of the token alone. */
  onEvent(event: MarketEvent): void
  /**
   * Says whether a transfer would pass, in the order of checks of ERC-3643's token: paused, wallets frozen,
   * unfrozen balance, verified receiver, compliance. The zero address stands for the issuer, who needs no
   * verification: shares come from it at a subscription and go to it at a redemption.
   */
  canTransfer(from: Address, to: Address, amount: Quantity, atMs: UnixMs): TransferCheck
  /** Sets what a wallet holds where no transfer tells it, as of a simulated wallet; a rise starts a lock-up. */
  setBalance(wallet: Address, amount: Quantity, atMs: UnixMs): void
  balanceOf(wallet: Address): Quantity
  verify(wallet: Address): void
  revoke(wallet: Address): void
}

/**
 * Opens a register of one token.
 *
 * @throws InvalidInputError when the terms are out of range.
 */
export function createHolderRegister(terms: ComplianceTerms): HolderRegister {
  checkCompliance(terms)
  const { lockUpMs, maxHolders, maxBalance } = terms
  const verified = terms.verified === null ? null : new Set<Address>(terms.verified)
  const frozen = new Set<Address>()
  const frozenAmounts = new Map<Address, bigint>()
  const balances = new Map<Address, bigint>()
  const lockUps = new Map<Address, LockUps>()
  let paused = false

  const balanceOf = (wallet: Address): bigint => balances.get(wallet) ?? 0n

  function setBalance(wallet: Address, amount: bigint, atMs: UnixMs): void {
    if (wallet === ZERO_ADDRESS) return
    const change = amount - balanceOf(wallet)
    if (change === 0n) return
    if (amount === 0n) balances.delete(wallet)
    else balances.set(wallet, amount)
    if (lockUpMs === 0) return
    let lots = lockUps.get(wallet)
    if (lots === undefined) {
      lots = createLockUps(lockUpMs)
      lockUps.set(wallet, lots)
    }
    if (change > 0n) lots.receive(change, atMs)
    else lots.give(-change)
  }

  function control({ action, account, successor, amount }: TokenControlValue): void {
    switch (action) {
      case 'paused':
      case 'unpaused':
        paused = action === 'paused'
        return
      case 'walletFrozen':
        if (account !== null) frozen.add(account)
        return
      case 'walletUnfrozen':
        if (account !== null) frozen.delete(account)
        return
      case 'amountFrozen':
      case 'amountUnfrozen': {
        if (account === null || amount === null) return
        const left = (frozenAmounts.get(account) ?? 0n) + (action === 'amountFrozen' ? amount : -amount)
        if (left > 0n) frozenAmounts.set(account, left)
        else frozenAmounts.delete(account)
        return
      }
      case 'walletRecovered':
        // The balance itself moves by a transfer, and frozen amounts by events of their own.
        if (account !== null) verified?.delete(account)
        if (successor !== null) verified?.add(successor)
        return
      // Neither tells who is verified: what was known stays, and what is new comes as its own events.
      case 'identityRegistryChanged':
      case 'complianceChanged':
        return
    }
  }

  function refusal(from: Address, to: Address, amount: bigint, atMs: UnixMs): TransferRefusal | null {
    if (paused) return 'paused'
    if (frozen.has(from)) return 'senderFrozen'
    if (frozen.has(to)) return 'receiverFrozen'
    if (from !== ZERO_ADDRESS) {
      const held = balanceOf(from)
      if (amount > held) return 'insufficientBalance'
      if (amount > held - (frozenAmounts.get(from) ?? 0n)) return 'amountFrozen'
    }
    if (to !== ZERO_ADDRESS && verified !== null && !verified.has(to)) return 'unverifiedReceiver'
    if (amount > balanceOf(from) - (lockUps.get(from)?.lockedAt(atMs) ?? 0n) && from !== ZERO_ADDRESS)
      return 'lockedUp'
    if (to === ZERO_ADDRESS || from === to) return null
    const held = balanceOf(to)
    if (maxBalance !== null && held + amount > maxBalance) return 'aboveMaximumBalance'
    if (maxHolders !== null && held === 0n && amount > 0n) {
      const leaves = from !== ZERO_ADDRESS && balanceOf(from) === amount
      if (balances.size + 1 - (leaves ? 1 : 0) > maxHolders) return 'tooManyHolders'
    }
    return null
  }

  return {
    onEvent({ value, knownAt }) {
      if (value.type === 'tokenControl') return control(value)
      if (value.type === 'transfer') {
        const { from, to, amount } = value
        if (from === to) return
        // Of a wallet whose earlier transfers were not seen, less than nothing is nothing.
        if (from !== ZERO_ADDRESS) setBalance(from, atLeastZero(balanceOf(from) - amount), knownAt)
        setBalance(to, balanceOf(to) + amount, knownAt)
      }
      if (value.type === 'contractEvent' && verified !== null) {
        const wallet = value.args['investorAddress']
        if (typeof wallet !== 'string') return
        if (value.event.startsWith('IdentityRegistered')) verified.add(wallet as Address)
        if (value.event.startsWith('IdentityRemoved')) verified.delete(wallet as Address)
      }
    },
    canTransfer(from, to, amount, atMs) {
      const reason = refusal(from, to, amount, atMs)
      return reason === null ? PASSES : { ok: false, reason, limit: limitOf(reason, from) }
    },
    setBalance,
    balanceOf: wallet => quantity(balanceOf(wallet)),
    verify: wallet => void verified?.add(wallet),
    revoke: wallet => void verified?.delete(wallet),
  }

  function limitOf(reason: TransferRefusal, from: Address): bigint | number | null {
    switch (reason) {
      case 'insufficientBalance':
        return balanceOf(from)
      case 'amountFrozen':
        return atLeastZero(balanceOf(from) - (frozenAmounts.get(from) ?? 0n))
      case 'tooManyHolders':
        return maxHolders
      case 'aboveMaximumBalance':
        return maxBalance
      default:
        return null
    }
  }
}

const PASSES: TransferCheck = Object.freeze({ ok: true })

const atLeastZero = (value: bigint): bigint => (value > 0n ? value : 0n)
