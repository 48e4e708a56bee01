import type { Figure } from '../statisticsFigure.ts'
import { html, type Markup } from './markup.ts'
import { figureText } from './reportNumbers.ts'

const GROUPS: readonly (readonly [title: string, first: string])[] = [
  ['Return', 'startMs'],
  ['Risk and ratios', 'annualisedVolatility'],
  ['Drawdown', 'maxDrawdown'],
  ['Position and benchmark', 'exposure'],
  ['Trades', 'trades'],
  ['Sample', 'periods'],
]

/** A table of every figure with its convention, in groups; the figures of luck come last. */
export function figuresSection(statistics: readonly Figure[], luck: readonly Figure[]): Markup {
  const groups: { title: string; figures: Figure[] }[] = []
  for (const figure of statistics) {
    const title = GROUPS.find(([, first]) => first === figure.name)?.[0]
    if (title !== undefined || groups.length === 0) groups.push({ title: title ?? 'Figures', figures: [] })
    groups.at(-1)?.figures.push(figure)
  }
  if (luck.length > 0) groups.push({ title: 'Luck', figures: [...luck] })
  return html`<div class="groups">${groups.map(
    ({
      title,
      figures,
    }) => html`<table class="figures"><caption>${title}</caption><colgroup><col class="name"><col class="value"><col></colgroup>
<thead><tr><th scope="col">Figure</th><th scope="col">Value</th><th scope="col">Convention</th></tr></thead>
<tbody>${figures.map(row)}</tbody></table>`,
  )}</div>`
}

const row = (figure: Figure): Markup =>
  html`<tr data-figure="${figure.name}"><th scope="row">${figure.label}</th><td class="num">${figureText(figure)}</td><td class="convention">${figure.convention}</td></tr>`
