import { type ExchangeSpec, openExchange } from '../../chain-ingest/index.ts'
import { type Instrument, InvalidInputError, instrumentId, parseInstant } from '../../core/index.ts'
import type { Project, SourceConfig } from '../projectSchema.ts'
import type { ExchangeEntry } from './touchstoneConfig.ts'

/** Makes a source of a market that a configuration names, and asks the exchange whether it has it. */
export async function resolveExchange(
  name: string,
  entry: ExchangeEntry,
  previous: Project,
): Promise<SourceConfig> {
  const { exchange, symbol, streams = ['bars'], timeframe = '1m', url = null } = entry
  const instrument = instrumentFor(entry)
  const spec: ExchangeSpec = { exchange, symbol, instrument, timeframe, url }
  const source: SourceConfig = {
    kind: 'exchange',
    name,
    exchange,
    symbol,
    streams,
    timeframe,
    sinceMs: parseInstant(entry.since),
    url,
    instrument,
  }
  const known = previous.sources.some(other => JSON.stringify(other) === JSON.stringify(source))
  if (!known) await (await openExchange({ spec })).close()
  return source
}

function instrumentFor({ exchange, symbol, instrument = {} }: ExchangeEntry): Instrument {
  const [pair = symbol] = symbol.split(':')
  const [base = symbol, quote] = pair.split('/')
  if (quote === undefined && instrument.quote === undefined)
    throw new InvalidInputError(`symbol: "${symbol}" is no symbol of a market.`, {
      facts: { symbol },
      hint: 'Write it as ccxt does: base/quote, such as PAXG/USDT.',
    })
  return {
    // A derivative's symbol goes on with `:` and its settlement currency, which an id has no place for.
    id: instrumentId(instrument.id ?? `${exchange}:${symbol.replaceAll(':', '-')}`),
    kind: instrument.kind ?? 'spot',
    symbol: instrument.symbol ?? base,
    decimals: instrument.decimals ?? 8,
    quote: instrument.quote ?? quote ?? '',
  }
}
