import { firstAndLast } from './firstAndLast.ts'
import { type MarketTrade, marketTrades, tradeReturn } from './marketTrades.ts'
import { EMPTY, html, type Markup, trusted } from './markup.ts'
import type { ReportMarket } from './reportInput.ts'
import {
  cashText,
  countText,
  formatValue,
  priceText,
  quantityText,
  signed,
  signedShare,
} from './reportNumbers.ts'
import { timeCell } from './timeCell.ts'
import { tradesCsv } from './tradesCsv.ts'

/** Trades that the page carries as a file; of more, the file would outweigh the page. */
const CARRIED = 4_000

/** A table of the first and the last trades, with all of them to download. */
export function tradesSection(markets: readonly ReportMarket[], currency: string): Markup {
  const all = marketTrades(markets)
  if (all.length === 0) return html`<p class="empty">No trade was closed.</p>`
  const several = markets.length > 1
  const { rows, shown } = firstAndLast(all, trade => row(trade, several), {
    columns: several ? 9 : 8,
    what: all.length === 1 ? 'closed trade' : 'closed trades',
  })
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Trades"><table class="trades">
<caption><span>${shown}, by exit. Times are UTC; profit is in ${currency}, after fees.</span></caption>
<thead><tr>${several ? html`<th scope="col">Instrument</th>` : EMPTY}<th scope="col">Side</th><th scope="col">Entry</th><th scope="col">Exit</th><th scope="col" class="num">Profit</th><th scope="col" class="num">Return</th><th scope="col" class="num">Quantity</th><th scope="col" class="num">Entry price</th><th scope="col" class="num">Exit price</th></tr></thead>
<tbody>${rows}</tbody>
</table></div>${download(markets, all.length)}`
}

function row(entry: MarketTrade, several: boolean): Markup {
  const { market, trade } = entry
  const look = trade.pnlE8 > 0n ? 'gain' : trade.pnlE8 < 0n ? 'loss' : 'even'
  return html`<tr>${several ? html`<th scope="row">${market.instrument}</th>` : EMPTY}<td>${trade.direction === 'long' ? '▲ long' : '▼ short'}</td>${timeCell(trade.entryMs)}${timeCell(trade.exitMs)}<td class="num ${look}">${signed(cashText(trade.pnlE8))}</td><td class="num ${look}">${returnText(entry)}</td><td class="num">${quantityText(trade.quantity, market.decimals)}</td><td class="num">${priceText(trade.entryPriceE8)}</td><td class="num">${priceText(trade.exitPriceE8)}</td></tr>`
}

const returnText = (entry: MarketTrade): string => {
  const value = tradeReturn(entry)
  return value === null ? formatValue(null, 'share') : signedShare(value)
}

function download(markets: readonly ReportMarket[], count: number): Markup {
  if (count > CARRIED)
    return html`<p class="note">All ${countText(count)} trades are too many for this page; <code>touchstone backtest --trades</code> writes them as CSV.</p>`
  const file = Buffer.from(tradesCsv(markets)).toString('base64')
  const all = count === 1 ? 'the trade' : `all ${countText(count)} trades`
  return html`<p class="note"><a download="trades.csv" href="data:text/csv;charset=utf-8;base64,${trusted(file)}">Download ${all} as CSV</a></p>`
}
