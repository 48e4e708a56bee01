import { readNavHistory } from 'touchstone/chain-ingest'
import {
  compareEvents,
  HOUR_MS,
  type Instrument,
  InvalidInputError,
  instrumentId,
  type MarketEvent,
  seededRandom,
  type UnixMs,
  unixMs,
} from 'touchstone/core'
import { type PremiumTerms, premiumPrices } from 'touchstone/execution'

/** Wrapped OUSD, whose share prices were recorded about daily from 2022 to 2025. */
export const WOUSD: Instrument = {
  id: instrumentId('eip155:1/erc20:0xd2af830e8cbdfed6cc11bab697bb25496ed6fa62'),
  kind: 'vaultShare',
  symbol: 'WOUSD',
  decimals: 18,
  quote: 'USD',
}

/** An assumption, since no market of the share was recorded: 0.5 % either side of the NAV, half gone in five days. */
export const ASSUMED_PREMIUM: PremiumTerms = {
  meanPpm: 0,
  deviationPpm: 5_000,
  halfLifeMs: 120 * HOUR_MS,
  halfSpreadPpm: 1_000,
}

/** What `recordedVaultMarket` takes. */
export type VaultMarketOptions = {
  /** CSV of share prices: `erc4626/share-prices.csv` of the recordings. */
  readonly file: string
  readonly instrument?: Instrument
  readonly premium?: PremiumTerms
  /** Of the simulated premium. */
  readonly seed?: number
  readonly quoteEveryMs?: number
}

/**
 * The recorded share prices of a vault as NAVs, with quotes of a *simulated* market around them: no market price was
 * recorded. Each quote is around the NAV that was known then. In the total order.
 *
 * @throws InvalidInputError when a row is malformed, or the file has none of the vault.
 */
export async function recordedVaultMarket(options: VaultMarketOptions): Promise<readonly MarketEvent[]> {
  const { file, instrument = WOUSD, premium = ASSUMED_PREMIUM, seed = 1, quoteEveryMs = HOUR_MS } = options
  const navs: MarketEvent[] = []
  for await (const { event } of readNavHistory({ file, symbol: instrument.symbol, instrument }))
    navs.push(event)
  const known = navs.map(({ knownAt, value }) => ({ timeMs: knownAt, navE8: navOf(value) }))
  const [first, last] = [known[0], known.at(-1)]
  if (first === undefined || last === undefined)
    throw new InvalidInputError(`The file ${file} has no share price of ${instrument.symbol}.`, {
      facts: { file, symbol: instrument.symbol },
      hint: 'Name a vault that the file has.',
    })
  const times: { timeMs: UnixMs; navE8: typeof first.navE8 }[] = []
  let at = 0
  for (let timeMs = first.timeMs + quoteEveryMs; timeMs <= last.timeMs; timeMs += quoteEveryMs) {
    while ((known[at + 1]?.timeMs ?? Number.POSITIVE_INFINITY) <= timeMs) at++
    times.push({ timeMs: unixMs(timeMs), navE8: known[at]?.navE8 ?? first.navE8 })
  }
  const feed = `simulated-market:${instrument.symbol}`
  const quotes = premiumPrices(times, premium, seededRandom(seed)).map(
    ({ timeMs, bidE8, askE8 }, sequence): MarketEvent => ({
      instrument: instrument.id,
      validAt: timeMs,
      knownAt: timeMs,
      lineage: { kind: 'feed', feed, sequence },
      value: { type: 'quote', bidE8, askE8, bidSizeE8: 0n, askSizeE8: 0n },
    }),
  )
  return [...navs, ...quotes].sort(compareEvents)
}

function navOf(value: MarketEvent['value']) {
  if (value.type !== 'nav') throw new RangeError(`A history of NAVs has a ${value.type}.`)
  return value.navE8
}
