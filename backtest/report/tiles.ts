import type { Figure } from '../statisticsFigure.ts'
import { html, type Markup } from './markup.ts'
import { figureText } from './reportNumbers.ts'

type Tile = { readonly figure: string; note(text: (name: string) => string): string }

const TILES: readonly Tile[] = [
  { figure: 'totalReturn', note: text => `to ${text('finalEquityE8')}` },
  { figure: 'annualisedReturn', note: text => `volatility ${text('annualisedVolatility')}` },
  { figure: 'sharpe', note: text => `Sortino ${text('sortino')}` },
  { figure: 'maxDrawdown', note: text => `below a peak ${text('timeUnderWater')} of the time` },
  { figure: 'winRate', note: text => `of ${text('trades')} closed trades` },
]
const DEFLATED: Tile = { figure: 'deflatedSharpe', note: text => `trials: ${text('trials')}` }
const PROBABILISTIC: Tile = { figure: 'probabilisticSharpe', note: () => 'as if the only trial' }

/** The figures that most readers look for first. */
export function tiles(statistics: readonly Figure[], luck: readonly Figure[]): Markup {
  const figures = new Map([...statistics, ...luck].map(figure => [figure.name, figure]))
  const text = (name: string) => {
    const figure = figures.get(name)
    return figure === undefined ? 'n/a' : figureText(figure)
  }
  const shown = [...TILES, figures.has(DEFLATED.figure) ? DEFLATED : PROBABILISTIC]
  return html`<dl class="tiles">${shown.flatMap(tile => {
    const figure = figures.get(tile.figure)
    return figure === undefined
      ? []
      : [
          html`<div><dt>${figure.label}</dt><dd class="value">${figureText(figure)}</dd><dd class="aside">${tile.note(text)}</dd></div>`,
        ]
  })}</dl>`
}
