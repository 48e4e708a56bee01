import { formatDecimal, formatInstant } from '../../core/index.ts'
import { marketTrades } from './marketTrades.ts'
import type { ReportMarket } from './reportInput.ts'

const HEADER = 'instrument,direction,entry_utc,exit_utc,quantity,entry_price,exit_price,pnl,fees'

/** Every closed trade as CSV (RFC 4180, lines end with LF), by exit; amounts in full, after fees. */
export function tradesCsv(markets: readonly ReportMarket[]): string {
  const lines = marketTrades(markets).map(({ market, trade }) =>
    [
      field(market.instrument),
      trade.direction,
      formatInstant(trade.entryMs),
      formatInstant(trade.exitMs),
      formatDecimal(trade.quantity, market.decimals),
      formatDecimal(trade.entryPriceE8, 8),
      formatDecimal(trade.exitPriceE8, 8),
      formatDecimal(trade.pnlE8, 8),
      formatDecimal(trade.feesE8, 8),
    ].join(','),
  )
  return `${[HEADER, ...lines].join('\n')}\n`
}

/** A name as a field: quoted where it must be, and never a formula for the spreadsheet that opens it. */
function field(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
