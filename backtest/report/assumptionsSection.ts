import { html, type Markup } from './markup.ts'
import type { AssumptionTopic, ReportInput } from './reportInput.ts'
import { minuteText } from './reportNumbers.ts'

const TOPICS: readonly (readonly [AssumptionTopic, string])[] = [
  ['costs', 'Costs'],
  ['fills', 'Fills'],
  ['venue', 'Venue'],
  ['sizing', 'Sizing'],
  ['data', 'Data'],
  ['statistics', 'Statistics'],
]

/** Lists every assumption by what it is about. */
export function assumptionsSection({ assumptions }: Pick<ReportInput, 'assumptions'>): Markup {
  if (assumptions.length === 0) return html`<p class="empty">No assumption was stated.</p>`
  return html`<div class="topics">${TOPICS.flatMap(([topic, title]) => {
    const stated = assumptions.filter(assumption => assumption.topic === topic)
    if (stated.length === 0) return []
    return [
      html`<section><h3>${title}</h3><dl>${stated.map(({ label, value }) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl></section>`,
    ]
  })}</div>`
}

/** Names what was run by its hashes, so that it can be run again. */
export function provenanceSection({ hashes, createdAtMs, software }: ReportInput): Markup {
  const rows: readonly (readonly [string, string])[] = [
    ['Configuration', hashes.configuration],
    ['Strategy', hashes.strategy],
    ['Model', hashes.model ?? 'none'],
    ['Data', hashes.data],
    ['Program', software],
    ...(createdAtMs === null ? [] : [['Written', `${minuteText(createdAtMs)} UTC`] as const]),
  ]
  return html`<dl class="hashes">${rows.map(([label, value]) => html`<div><dt>${label}</dt><dd><code>${value}</code></dd></div>`)}</dl>`
}
