import type { Address, MarketValue } from '../../core/index.ts'

export type RequestDirection = 'deposit' | 'redeem'

/** How far requests have come: in the asset's smallest units of deposits, in the share's of redemptions. */
export type RequestAmounts = {
  /** All that was ever requested: always the sum of `pending`, `claimable` and `claimed`. */
  readonly requested: bigint
  readonly pending: bigint
  readonly claimable: bigint
  readonly claimed: bigint
  /**
   * Moved without a request that was seen: one from before the first event, or a deposit that needed none. Not
   * among `claimed`.
   */
  readonly unmatched: bigint
}

/** Requests of one direction that are not all claimed. */
export type OpenRequests = {
  readonly controller: Address
  readonly direction: RequestDirection
  /** Ids since the controller last had nothing open, in ascending order. */
  readonly requestIds: readonly bigint[]
  readonly pending: bigint
  readonly claimable: bigint
}

/** Follows the requests of one asynchronous vault, event by event in the order of the chain. */
export type RequestTracker = {
  /** Takes in a value of the vault; other types than requests and flows change nothing. */
  apply(value: MarketValue): void
  /** Amounts of a controller; all zero for one that never asked. */
  amounts(controller: Address, direction: RequestDirection): RequestAmounts
  /** Everybody who asked or claimed, in ascending order. */
  controllers(): Address[]
  /** What is open, by controller, deposits first: the same order for the same events. */
  open(): OpenRequests[]
}

type Account = { -readonly [Field in keyof RequestAmounts]: bigint } & { readonly ids: Set<bigint> }

/**
 * Starts without requests. A request waits (`pending`), is fulfilled (`claimable`), and is claimed.
 *
 * A claim takes what is known to be claimable first, then what is pending, since only a fulfilment that no event
 * told can have made that claimable. A fulfilment of more than is pending shows a request from before the first
 * event, and counts it. A redemption at once (`redeemedInstantly`) was never requested and changes nothing.
 */
export function createRequestTracker(): RequestTracker {
  const accounts = new Map<string, Account>()

  function accountOf(controller: Address, direction: RequestDirection): Account {
    const key = `${controller}/${direction}`
    let account = accounts.get(key)
    if (account === undefined) {
      account = { requested: 0n, pending: 0n, claimable: 0n, claimed: 0n, unmatched: 0n, ids: new Set() }
      accounts.set(key, account)
    }
    return account
  }

  function request(account: Account, amount: bigint, id: bigint | null): void {
    account.requested += amount
    account.pending += amount
    if (id !== null) account.ids.add(id)
  }

  function fulfil(account: Account, amount: bigint, id: bigint | null): void {
    if (amount > account.pending) request(account, amount - account.pending, id)
    account.pending -= amount
    account.claimable += amount
  }

  function claim(account: Account, amount: bigint): void {
    const fromClaimable = amount < account.claimable ? amount : account.claimable
    account.claimable -= fromClaimable
    const rest = amount - fromClaimable
    const fromPending = rest < account.pending ? rest : account.pending
    account.pending -= fromPending
    account.claimed += fromClaimable + fromPending
    account.unmatched += rest - fromPending
    if (account.pending === 0n && account.claimable === 0n) account.ids.clear()
  }

  return {
    apply(value) {
      if (value.type === 'vaultFlow') {
        const { controller, direction, assets, shares } = value
        if (controller === undefined) return
        if (direction === 'deposit') claim(accountOf(controller, 'deposit'), assets)
        else claim(accountOf(controller, 'redeem'), shares)
        return
      }
      if (value.type !== 'vaultRequest') return
      const { stage, controller, requestId, assets, shares } = value
      switch (stage) {
        case 'depositRequested':
          return request(accountOf(controller, 'deposit'), assets ?? 0n, requestId)
        case 'depositClaimable':
          return fulfil(accountOf(controller, 'deposit'), assets ?? 0n, requestId)
        case 'redeemRequested':
          return request(accountOf(controller, 'redeem'), shares ?? 0n, requestId)
        case 'redeemClaimable':
        case 'redeemFulfilled':
          return fulfil(accountOf(controller, 'redeem'), shares ?? 0n, requestId)
        case 'redeemedInstantly':
          return
      }
    },
    amounts(controller, direction) {
      const account = accounts.get(`${controller}/${direction}`)
      const { requested = 0n, pending = 0n, claimable = 0n, claimed = 0n, unmatched = 0n } = account ?? {}
      return { requested, pending, claimable, claimed, unmatched }
    },
    controllers: () => [...new Set([...accounts.keys()].map(controllerOf))].sort(),
    open() {
      return [...accounts]
        .filter(([, { pending, claimable }]) => pending > 0n || claimable > 0n)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, { ids, pending, claimable }]) => ({
          controller: controllerOf(key),
          direction: key.endsWith('deposit') ? 'deposit' : 'redeem',
          requestIds: [...ids].sort((a, b) => (a < b ? -1 : 1)),
          pending,
          claimable,
        }))
    },
  }
}

const controllerOf = (key: string) => key.slice(0, key.indexOf('/')) as Address
