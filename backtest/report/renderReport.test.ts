import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { cashE8, DAY_MS, formatInstant, HOUR_MS, priceE8, quantity, unixMs } from '../../core/index.ts'
import { formatFigure } from '../statisticsFigure.ts'
import { headline } from './headline.ts'
import { escapeText } from './markup.ts'
import { attributeOf, pageElements, visibleText } from './pageElements.fixture.ts'
import { renderReport } from './renderReport.ts'
import { REPORT_CASES } from './reportCases.fixture.ts'
import type { ReportInput } from './reportInput.ts'
import { seededReport } from './reportRun.fixture.ts'

describe.each(Object.entries(REPORT_CASES))('the report of the run "%s"', (_, make) => {
  const input = make()
  const page = renderReport(input)
  const elements = pageElements(page)

  test('is well formed, with ids that are used once and links that lead somewhere', () => {
    const ids = elements.flatMap(element => attributeOf(element, 'id') ?? [])
    expect(new Set(ids).size).toBe(ids.length)
    const targets = elements.flatMap(
      ({ attributes }) => /\s(?:href|aria-labelledby)="(#?[\w-]+)"/.exec(attributes)?.[1] ?? [],
    )
    expect(targets.length).toBeGreaterThan(10)
    for (const target of targets) expect(ids).toContain(target.replace('#', ''))
  })

  test('asks for nothing from elsewhere', () => {
    for (const element of elements) {
      const { name, attributes } = element
      expect(['link', 'img', 'iframe', 'object', 'embed', 'base', 'form', 'image']).not.toContain(name)
      expect(attributes).not.toMatch(/\s(src|srcset|action|on\w+)=/)
      const href = attributeOf(element, 'href')
      if (href !== undefined) expect(href).toMatch(/^(#[\w-]+$|data:text\/csv;)/)
    }
    expect(page).not.toMatch(/@import|url\(|https?:/)
  })

  test('runs one script, which its policy names', () => {
    const scripts = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)]
    expect(scripts).toHaveLength(1)
    const hash = createHash('sha256')
      .update(scripts[0]?.[1] ?? '')
      .digest('base64')
    expect(page).toContain(`script-src &#39;sha256-${hash}&#39;`)
    for (const [, block = ''] of page.matchAll(/<script type="application\/json">([\s\S]*?)<\/script>/g))
      expect(() => JSON.parse(block)).not.toThrow()
  })

  test('shows no number that is none', () => {
    expect(visibleText(page)).not.toMatch(/\bNaN\b|Infinity|\bundefined\b|\bnull\b|\[object/)
    for (const { attributes } of elements) expect(attributes).not.toMatch(/NaN|Infinity|undefined|null/)
    for (const [, block = ''] of page.matchAll(/<script type="application\/json">([\s\S]*?)<\/script>/g))
      expect(block).not.toMatch(/NaN|Infinity|undefined|null/)
  })

  test('has one first heading, and none that skips a level', () => {
    const levels = elements.flatMap(({ name }) => (/^h[1-6]$/.test(name) ? [Number(name[1])] : []))
    expect(levels.filter(level => level === 1)).toHaveLength(1)
    expect(levels[0]).toBe(1)
    for (const [k, level] of levels.entries())
      if (k > 0) expect(level - (levels[k - 1] ?? 0)).toBeLessThanOrEqual(1)
  })

  test('names every drawing, and gives every table a caption and heads with a scope', () => {
    const drawings = elements.filter(element => attributeOf(element, 'role') === 'img')
    expect(drawings.length).toBeGreaterThan(1)
    for (const drawing of drawings) expect(attributeOf(drawing, 'aria-label')).toMatch(/\w{3}/)
    const count = (name: string) => elements.filter(element => element.name === name).length
    expect(count('title')).toBe(drawings.length + 1)
    expect(count('caption')).toBe(count('table'))
    for (const element of elements)
      if (element.name === 'th') expect(attributeOf(element, 'scope')).toMatch(/^(col|row)$/)
  })

  test('shows every figure with its convention, every assumption and every hash', () => {
    for (const { name, label, convention } of [...input.statistics, ...input.luck]) {
      const row = new RegExp(`<tr data-figure="${name}">.*?</tr>`).exec(page)?.[0]
      expect(row, name).toContain(escapeText(label))
      expect(row, name).toContain(escapeText(convention))
    }
    for (const { label, value } of input.assumptions)
      expect(page).toContain(`<dt>${escapeText(label)}</dt><dd>${escapeText(value)}</dd>`)
    for (const hash of Object.values(input.hashes)) if (hash !== null) expect(page).toContain(hash)
  })

  test('is the same file for the same run', () => {
    expect(renderReport(make())).toBe(page)
  })
})

test('what stands in place of records is named in the headline, and luck is judged within it', () => {
  const input = REPORT_CASES.plausible()
  const value = 'the market around the recorded NAVs is simulated'
  const assumption = { topic: 'data', label: 'Assumed', value } as const
  const shown = (assumptions: ReportInput['assumptions']) => {
    const { details, luck } = headline({ ...input, assumptions: [...input.assumptions, ...assumptions] })
    return [...details, ...luck].join(' ')
  }
  const ofNoRealMarket = /(unlikely explanation|not ruled out|as well as skill does) in the assumed market/
  expect(shown([{ ...assumption, replacesRecords: true }])).toMatch(`Not all of it was recorded: ${value}.`)
  expect(shown([{ ...assumption, replacesRecords: true }])).toMatch(ofNoRealMarket)
  expect(shown([assumption])).not.toMatch(/Not all of it was recorded|assumed market/)
})

test('figures are those of the text report; only thousands and instants are written for a page', () => {
  const input = REPORT_CASES.plausible()
  const page = renderReport(input)
  for (const figure of [...input.statistics, ...input.luck]) {
    const shown =
      new RegExp(`data-figure="${figure.name}">.*?<td class="num">(.*?)</td>`).exec(page)?.[1] ?? ''
    if (figure.unit === 'instantMs')
      expect(shown).toBe(
        formatInstant(unixMs(Number(figure.value)))
          .slice(0, 16)
          .replace('T', ' '),
      )
    else expect(shown.replaceAll(',', '')).toBe(formatFigure(figure).replaceAll(',', ''))
  }
})

test('the curve of the equity starts and ends where the equity does, and its read-out says so', () => {
  const input = REPORT_CASES.plausible()
  const { timeMs, equityE8 } = input.equity
  const block = /<script type="application\/json">([\s\S]*?)<\/script>/.exec(renderReport(input))?.[1] ?? ''
  const { t, v } = JSON.parse(block) as { t: number[]; v: string[][] }
  expect(t[0]).toBe((timeMs[0] ?? 0) / 1000)
  expect(t.at(-1)).toBe((timeMs[timeMs.length - 1] ?? 0) / 1000)
  expect(Number(v[0]?.at(-1)?.replaceAll(',', ''))).toBe(
    Math.trunc(Number(equityE8[equityE8.length - 1]) / 1e6) / 100,
  )
  for (const values of v) expect(values).toHaveLength(t.length)
})

test('a trade table of thousands shows the first and the last 200, and says how many are left out', () => {
  const page = renderReport(REPORT_CASES.twentyYears())
  const table = /<table class="trades">[\s\S]*?<\/table>/.exec(page)?.[0] ?? ''
  expect(table.match(/<tr>/g)).toHaveLength(1 + 400 + 1)
  const total = Number(/last 200 of ([\d,]+) closed/.exec(table)?.[1]?.replaceAll(',', ''))
  const left = Number(/>([\d,]+) between are left out/.exec(table)?.[1]?.replaceAll(',', ''))
  expect(left).toBe(total - 400)
  const csv = Buffer.from(/base64,([^"]+)"/.exec(page)?.[1] ?? '', 'base64').toString()
  expect(csv.trimEnd().split('\n')).toHaveLength(1 + total)
})

test('a run over one instant is a report too', () => {
  const input = seededReport({
    seed: 4,
    bars: 1,
    barMs: DAY_MS,
    drift: 0,
    volatility: 0.1,
    every: 0,
    skill: 0,
    trials: 0,
  })
  const page = renderReport({ ...input, sweep: null })
  pageElements(page)
  expect(visibleText(page)).not.toMatch(/\bNaN\b|Infinity/)
})

test('an account that was wiped out is a report too', () => {
  const input = REPORT_CASES.plausible()
  const equityE8 = Float64Array.from({ length: 40 }, (_, i) => Math.max(-5e8, 1e13 - i * 4e11))
  const timeMs = Float64Array.from({ length: 40 }, (_, i) => i * HOUR_MS)
  const page = renderReport({ ...input, equity: { timeMs, equityE8 } })
  pageElements(page)
  expect(visibleText(page)).not.toMatch(/\bNaN\b|Infinity/)
})

test.each<[string, (input: ReportInput) => ReportInput, RegExp]>([
  ['no equity', input => ({ ...input, equity: { timeMs: [], equityE8: [] } }), /"gold-trend" has no equity/],
  [
    'equity that goes back in time',
    input => ({ ...input, equity: { timeMs: [2, 1], equityE8: [1e8, 1e8] } }),
    /equity/,
  ],
  [
    'equity that is no number',
    input => ({ ...input, equity: { timeMs: [1, 2], equityE8: [1e8, Number.NaN] } }),
    /equity/,
  ],
])('%s is refused', (_, change, message) => {
  expect(() => renderReport(change(REPORT_CASES.plausible()))).toThrow(message)
})

test('subscriptions and redemptions have a table of their own, and their fees are counted', () => {
  const asked = unixMs(Date.UTC(2024, 0, 5, 15))
  const request = {
    instrument: 'OUSG',
    decimals: 6,
    kind: 'subscribe',
    askedMs: asked,
    pricedMs: unixMs(asked + DAY_MS),
    settledMs: unixMs(asked + 3 * DAY_MS),
    cashE8: cashE8(1_000_000_000_000n),
    shares: quantity(95_238_095n),
    navE8: priceE8(10_500_000_000n),
    feeE8: cashE8(1_250_000_000n),
  } as const
  const idle = REPORT_CASES.idle()
  const page = renderReport({
    ...idle,
    rwaRequests: [
      request,
      { ...request, settledMs: null },
      { ...request, kind: 'redeem', pricedMs: null, settledMs: null, navE8: null, feeE8: null },
      { ...request, pricedMs: null, settledMs: null, feeE8: null, refusal: 'staleNav' },
    ],
  })
  const rows = [...page.matchAll(/<tr><th scope="row">OUSG<\/th>(.*?)<\/tr>/g)].map(([, row = '']) =>
    row
      .replaceAll(/<span class="clock">|<\/span>/g, '')
      .split(/<td[^>]*>|<\/td>/)
      .filter(text => text !== ''),
  )
  const priced = ['10,000.00', '95.238095', '105.000', '12.50']
  expect(rows).toEqual([
    ['▲ subscribe', '2024-01-05 15:00', '2024-01-06 15:00', '2024-01-08 15:00', ...priced],
    ['▲ subscribe', '2024-01-05 15:00', '2024-01-06 15:00', 'waits to settle', ...priced],
    ['▼ redeem', '2024-01-05 15:00', '–', 'waits for its price', '10,000.00', '95.238095', 'n/a', 'n/a'],
    ['▲ subscribe', '2024-01-05 15:00', '–', 'ended: staleNav', '10,000.00', '95.238095', '105.000', 'n/a'],
  ])
  expect(page).toContain('Fees of 25.00 USD are deducted.')
  expect(page).not.toContain('did not trade')
  // The exposure comes from the fills, which do not know of it.
  expect(page).toContain('shares that were subscribed or redeemed are not in it')
})
