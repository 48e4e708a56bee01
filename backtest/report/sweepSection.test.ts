import { expect, test } from 'vitest'
import type { ReportSweep } from './reportInput.ts'
import { sweepGrid } from './sweepGrid.ts'
import { sweepSection } from './sweepSection.ts'

const sweepOf = (change: Partial<ReportSweep>): ReportSweep => ({
  xLabel: 'days',
  yLabel: 'target',
  valueLabel: 'max drawdown',
  valueUnit: 'share',
  points: [0.3, 0.1, 0.19, 0.14].map((value, x) => ({ x, y: 0.5, value })),
  ...change,
})
const shadesOf = (page: string) =>
  [...page.matchAll(/<td class="(up\d)[^"]*">([\d.]+) %/g)].map(([, ...cell]) => cell)

test('where the least is sought, it leads the best points and is the darkest', () => {
  const most = sweepSection(sweepOf({})).text
  const least = sweepSection(sweepOf({ least: true })).text
  const first = (page: string) => /<td class="num">([^<]+)<\/td>/.exec(page)?.[1]
  expect([first(most), first(least)]).toEqual(['30.00 %', '10.00 %'])
  const cells = ['30.00', '10.00', '19.00', '14.00']
  expect(shadesOf(most)).toEqual(cells.map((value, at) => [['up4', 'up1', 'up2', 'up1'][at], value]))
  expect(shadesOf(least)).toEqual(cells.map((value, at) => [['up1', 'up4', 'up3', 'up4'][at], value]))
})

test('ranges of whole numbers are told by the first and the last that they hold', () => {
  const points = Array.from({ length: 90 }, (_, index) => ({ x: 1 + index, y: 0, value: index }))
  const { xs, cells } = sweepGrid(sweepOf({ points }))
  expect(xs).toHaveLength(24)
  expect(xs.slice(0, 3)).toEqual(['1–4', '5–8', '9–12'])
  expect(xs.at(-1)).toMatch(/–90$/)
  // Each range holds the numbers between, and no other.
  let next = 1
  for (const [at, label] of xs.entries()) {
    const [low, high] = label.split('–').map(Number)
    expect(low).toBe(next)
    expect(cells[0]?.[at]?.count).toBe((high ?? low ?? 0) - (low ?? 0) + 1)
    next = (high ?? low ?? 0) + 1
  }
})
