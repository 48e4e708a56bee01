import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unixMs } from '../../core/index.ts'
import { pageElements } from './pageElements.fixture.ts'
import { renderReport } from './renderReport.ts'
import { REPORT_CASES } from './reportCases.fixture.ts'
import type { ReportInput } from './reportInput.ts'

const HOSTILE = [
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><style>*{display:none}',
  '<!-- ',
  ']]>&lt;b&gt;&#60;',
  '\u0000\u001b[31m\u2028\u202e',
  '`+alert(1)+`',
]

/** A run whose every name comes from who would like to write on the page. */
function hostileReport(name: string): ReportInput {
  const input = REPORT_CASES.vaults()
  const figure = (text: string) => ({
    name: text,
    label: text,
    value: 1,
    unit: 'ratio' as const,
    convention: text,
  })
  return {
    ...input,
    agent: name,
    currency: name,
    software: name,
    markets: input.markets.map(market => ({ ...market, instrument: name })),
    benchmark: input.benchmark === null ? null : { ...input.benchmark, label: name },
    rwaRequests: (input.rwaRequests ?? []).map(request => ({ ...request, instrument: name, refusal: name })),
    statistics: [...input.statistics, figure(name)],
    luck: [...input.luck, figure(name)],
    sweep: {
      xLabel: name,
      yLabel: name,
      valueLabel: name,
      valueUnit: 'ratio',
      points: [
        { x: name, y: name, value: 1 },
        { x: 'a', y: 2, value: -1 },
      ],
      chosen: { x: name, y: name },
    },
    trials: [{ configurationHash: name, timeMs: unixMs(0), sharpe: 1 }],
    assumptions: [{ topic: 'costs', label: name, value: name }],
    hashes: { model: name, strategy: name, data: name, configuration: name },
  }
}

test.each(HOSTILE)('the name %j stays a name', name => {
  const page = renderReport(hostileReport(name))
  const kinds = (text: string) =>
    pageElements(text).map(element => `${element.name} ${element.attributes.replaceAll(/="[^"]*"/g, '')}`)
  // The very elements that the same run has under a plain name.
  expect(kinds(page)).toEqual(kinds(renderReport(hostileReport('plain'))))
  expect(page.match(/<\/script>/g)).toEqual(renderReport(hostileReport('plain')).match(/<\/script>/g))
})

test('no name whatever adds an element', () => {
  const plain = pageElements(renderReport(hostileReport('plain'))).length
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 24 }), name => {
      // A name that is one of the sweep's own values makes one column fewer.
      fc.pre(name !== 'a' && name !== '2')
      expect(pageElements(renderReport(hostileReport(name)))).toHaveLength(plain)
    }),
    { numRuns: 15 },
  )
})
