import { type Address, type InstrumentId, InvalidInputError, type PriceE8 } from '../../core/index.ts'
import { type ComplianceTerms, checkCompliance } from './complianceTerms.ts'
import type { MarketHoursTerms } from './marketHoursTerms.ts'
import { checkNavTerms, type NavTerms } from './navTerms.ts'
import { checkQueueTerms, type QueueTerms } from './queueTerms.ts'
import { checkYield, type YieldTerms } from './yieldTerms.ts'

/** How a fund's shares are dealt in: in windows at NAV, or through the queue of an asynchronous vault. */
export type DealtIn =
  | { readonly kind: 'nav'; readonly terms: NavTerms }
  | { readonly kind: 'queue'; readonly terms: QueueTerms }

/** How an issuer subscribes and redeems one of an agent's instruments, as plain data. */
export type IssuerTerms = DealtIn & {
  readonly instrument: InstrumentId
  /** How its yield reaches the holder; it accrues in the NAV unless given. */
  readonly yields?: YieldTerms
  /** Who may hold it; anybody unless given. */
  readonly compliance?: ComplianceTerms
  /** When requests are taken; always unless given. */
  readonly hours?: MarketHoursTerms
  /** The agent's wallet, which transfers and freezes are watched of; `PAPER_WALLET` unless given. */
  readonly wallet?: Address
}

/** The wallet of an agent that has none: the bytes of "touchstone-paper-001", an address without a known key. */
export const PAPER_WALLET: Address = '0x746f75636873746f6e652d70617065722d303031'

/**
 * Checks the issuers of an agent's instruments; zones, calendars and times are checked where they are read.
 *
 * @throws InvalidInputError naming what cannot be kept.
 */
export function checkIssuers(
  agent: string,
  issuers: readonly IssuerTerms[],
  traded: readonly InstrumentId[],
): void {
  const seen = new Set<InstrumentId>()
  for (const { instrument, kind, terms, yields, compliance } of issuers) {
    if (!traded.includes(instrument) || seen.has(instrument))
      throw new InvalidInputError(
        `Agent "${agent}" has ${seen.has(instrument) ? 'two issuers' : 'an issuer'} of "${instrument}"${seen.has(instrument) ? '' : ', which it does not trade'}.`,
        { facts: { agent, instrument }, hint: 'Name one issuer for an instrument that the agent trades.' },
      )
    seen.add(instrument)
    if (kind === 'nav') checkNavTerms(terms)
    else checkQueueTerms(terms)
    if (yields !== undefined) checkYield(yields)
    if (compliance !== undefined) checkCompliance(compliance)
  }
}

/** What a share costs at a NAV event: the NAV, but of a rebasing token, whose NAV is an index, its constant price. */
export function sharePriceE8({ yields }: Pick<IssuerTerms, 'yields'>, navE8: PriceE8): PriceE8 {
  return yields?.kind === 'rebases' ? yields.priceE8 : navE8
}
