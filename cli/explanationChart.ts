import type { ExplainedDecision } from './explainDecision.ts'

type Bar = ExplainedDecision['features'][number]

/** The features by the size of what they contributed, the largest first. */
export function byContribution(features: readonly Bar[]): readonly Bar[] {
  return features.toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution) || 0)
}

/** Cells of a bar on either side of the middle. */
const HALF_WIDTH = 18

/** The contributions as bars of text: to the right what speaks for a rise, to the left what speaks against it. */
export function contributionBars(features: readonly Bar[]): string {
  const most = Math.max(...features.map(({ contribution }) => Math.abs(contribution)), Number.MIN_VALUE)
  const name = Math.max(...features.map(feature => feature.name.length))
  return byContribution(features)
    .map(({ name: feature, value, contribution, standardError }) => {
      const cells = '█'.repeat(Math.round((Math.abs(contribution) / most) * HALF_WIDTH))
      const left = (contribution < 0 ? cells : '').padStart(HALF_WIDTH)
      const right = (contribution > 0 ? cells : '').padEnd(HALF_WIDTH)
      const error = standardError === 0 ? '' : ` ± ${standardError.toFixed(4)}`
      const shown = value === null ? 'missing' : value.toPrecision(4)
      return `  ${feature.padEnd(name)} ${left}│${right} ${signed(contribution)}${error}  ${shown}`
    })
    .join('\n')
}

const ROW = 26
const LABEL = 230
const SIDE = 200
const NUMBER = 150

/** The contributions as a picture: one SVG file, light or dark as its reader's system is. */
export function contributionSvg({ features, text, record }: ExplainedDecision): string {
  const bars = byContribution(features)
  const most = Math.max(...bars.map(({ contribution }) => Math.abs(contribution)), Number.MIN_VALUE)
  const width = LABEL + 2 * SIDE + NUMBER
  const lines = wrapped(text, 96)
  const top = 24 + lines.length * 20 + 16
  const height = top + bars.length * ROW + 16
  const middle = LABEL + SIDE
  const rows = bars.map(({ name, contribution }, row) => {
    const length = (Math.abs(contribution) / most) * SIDE
    const x = contribution < 0 ? middle - length : middle
    const y = top + row * ROW
    const side = contribution < 0 ? 'down' : 'up'
    return `<text x="${LABEL - 10}" y="${y + 17}" text-anchor="end">${escaped(name)}</text><rect class="${side}" x="${x.toFixed(1)}" y="${y + 4}" width="${length.toFixed(1)}" height="${ROW - 8}" rx="2"/><text x="${width - NUMBER + 14}" y="${y + 17}" class="number">${signed(contribution)}</text>`
  })
  const title = `Decision ${record.sequence} of ${record.agent}`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">
<title>${escaped(title)}</title>
<style>
svg { background: #ffffff; font: 13px system-ui, sans-serif; } text { fill: #1c2330; } .number { font-variant-numeric: tabular-nums; }
.up { fill: #1f7a4d; } .down { fill: #b3401f; } .axis { stroke: #8a93a3; }
@media (prefers-color-scheme: dark) { svg { background: #12161d; } text { fill: #e6eaf0; } .up { fill: #4cc38a; } .down { fill: #f0855c; } }
</style>
${lines.map((line, row) => `<text x="16" y="${28 + row * 20}">${escaped(line)}</text>`).join('\n')}
<line class="axis" x1="${middle}" x2="${middle}" y1="${top}" y2="${top + bars.length * ROW}"/>
${rows.join('\n')}
</svg>
`
}

const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`

function wrapped(text: string, width: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? ''
    if (line !== '' && line.length + word.length + 1 > width) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`)
}
