import { firstAndLast } from './firstAndLast.ts'
import { html, type Markup } from './markup.ts'
import { cashText, NOT_AVAILABLE, priceText, quantityText } from './reportNumbers.ts'
import type { ReportRwaRequest } from './rwaRequest.ts'
import { timeCell } from './timeCell.ts'

/** A table of subscriptions and redemptions: when each was asked for, priced and settled, and at which value. */
export function rwaRequestsSection(requests: readonly ReportRwaRequest[], currency: string): Markup {
  if (requests.length === 0) return html`<p class="empty">Nothing was subscribed or redeemed.</p>`
  const what = requests.length === 1 ? 'request' : 'requests'
  const { rows, shown } = firstAndLast(requests, row, { columns: 9, what })
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Subscriptions and redemptions"><table class="trades requests">
<caption><span>${shown}, in the order of asking. Times are UTC; cash is in ${currency}, before the fee; NAV is the net asset value of a share.</span></caption>
<thead><tr><th scope="col">Instrument</th><th scope="col">Request</th><th scope="col">Asked</th><th scope="col">Priced</th><th scope="col">Settled</th><th scope="col" class="num">Cash</th><th scope="col" class="num">Shares</th><th scope="col" class="num">NAV</th><th scope="col" class="num">Fee</th></tr></thead>
<tbody>${rows}</tbody>
</table></div>`
}

function row(request: ReportRwaRequest): Markup {
  const { instrument, decimals, kind, askedMs, pricedMs, settledMs, cashE8, shares, navE8, feeE8 } = request
  const amount = (value: bigint | null, write: (value: bigint) => string) =>
    html`<td class="num">${value === null ? NOT_AVAILABLE : write(value)}</td>`
  return html`<tr><th scope="row">${instrument}</th><td>${kind === 'subscribe' ? '▲ subscribe' : '▼ redeem'}</td>${timeCell(askedMs)}${pricedMs === null ? html`<td class="none">–</td>` : timeCell(pricedMs)}${settledMs === null ? html`<td class="none">${stateOf(request)}</td>` : timeCell(settledMs)}${amount(cashE8, cashText)}${amount(shares, value => quantityText(value, decimals))}${amount(navE8, priceText)}${amount(feeE8, cashText)}</tr>`
}

/** How far a request came that is not settled. */
function stateOf({ refusal, pricedMs }: ReportRwaRequest): string {
  if (refusal !== undefined) return `ended: ${refusal}`
  return pricedMs === null ? 'waits for its price' : 'waits to settle'
}
