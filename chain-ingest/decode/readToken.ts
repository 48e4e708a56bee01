import { type Address, type Hash, type Quantity, quantity, type TokenControlValue } from '../../core/index.ts'
import { eventDecoders } from './eventDecoders.ts'
import type { LogReader, LogReading } from './logReading.ts'
import type { PlacedLog } from './placeLog.ts'

/** Reads an ERC-20 transfer. */
export function readTransfer(log: PlacedLog): LogReading | null {
  const transfer = eventDecoders.transfer.decode(log)
  if (transfer === null) return null
  return {
    value: {
      type: 'transfer',
      from: transfer.from,
      to: transfer.to,
      amount: quantity(transfer.value),
    },
  }
}

/** Reads an event of an ERC-3643 token: a transfer, or what its issuer did to it or to a wallet. */
export function readPermissionedToken(topic0: Hash, log: PlacedLog): LogReading | null {
  return topic0 === eventDecoders.transfer.topic0
    ? readTransfer(log)
    : (CONTROL_READERS.get(topic0)?.(log) ?? null)
}

/** Reads a payment of yield to the holders of a token (Plume Arc). */
export function readDistribution(log: PlacedLog): LogReading | null {
  const paid = eventDecoders.yieldDistributed.decode(log)
  return paid && { value: { type: 'distribution', token: paid.token, amount: paid.amount } }
}

const { addressFrozen, tokensFrozen, tokensUnfrozen, paused, unpaused } = eventDecoders
const { recoverySuccess, identityRegistryAdded, complianceAdded } = eventDecoders

const CONTROL_READERS: ReadonlyMap<Hash, LogReader> = new Map<Hash, LogReader>([
  [
    addressFrozen.topic0,
    log => {
      const event = addressFrozen.decode(log)
      return event && control(event.isFrozen ? 'walletFrozen' : 'walletUnfrozen', event.userAddress)
    },
  ],
  [
    tokensFrozen.topic0,
    log => {
      const event = tokensFrozen.decode(log)
      return event && control('amountFrozen', event.userAddress, { amount: quantity(event.amount) })
    },
  ],
  [
    tokensUnfrozen.topic0,
    log => {
      const event = tokensUnfrozen.decode(log)
      return event && control('amountUnfrozen', event.userAddress, { amount: quantity(event.amount) })
    },
  ],
  // Who paused it is an agent of the issuer, not a wallet concerned.
  [paused.topic0, log => paused.decode(log) && control('paused', null)],
  [unpaused.topic0, log => unpaused.decode(log) && control('unpaused', null)],
  [
    recoverySuccess.topic0,
    log => {
      const event = recoverySuccess.decode(log)
      return event && control('walletRecovered', event.lostWallet, { successor: event.newWallet })
    },
  ],
  [
    identityRegistryAdded.topic0,
    log => {
      const event = identityRegistryAdded.decode(log)
      return event && control('identityRegistryChanged', event.identityRegistry)
    },
  ],
  [
    complianceAdded.topic0,
    log => {
      const event = complianceAdded.decode(log)
      return event && control('complianceChanged', event.compliance)
    },
  ],
])

function control(
  action: TokenControlValue['action'],
  account: Address | null,
  { successor = null, amount = null }: { successor?: Address | null; amount?: Quantity | null } = {},
): LogReading {
  return { value: { type: 'tokenControl', action, account, successor, amount } }
}
