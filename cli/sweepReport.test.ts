import { expect, test } from 'vitest'
import type { SweepResult } from '../backtest/index.ts'
import { reportSweep, sweepAxes } from './sweepReport.ts'

const result = (trial: number, point: SweepResult['point'], sharpe: number | null): SweepResult => ({
  trial,
  point,
  figures: { sharpe },
})
const results: readonly SweepResult[] = [
  result(0, { fast: 5, side: 'both', slow: 20 }, 1),
  result(1, { fast: 5, side: 'long', slow: 20 }, null),
  { trial: 2, point: { fast: 5, side: 'long', slow: 40 }, error: 'failed' },
]
const names = ['fast', 'side', 'slow']
const GOAL = { objective: 'sharpe', goal: 'maximise' } as const
const [best] = results as [SweepResult]

test('the map of a sweep is over the first two parameters, those that vary before others, or those that are named', () => {
  expect(sweepAxes(undefined, names, results)).toEqual(['side', 'slow'])
  expect(sweepAxes('slow, fast', names, results)).toEqual(['slow', 'fast'])
  expect(sweepAxes(undefined, names, results.slice(0, 2))).toEqual(['side', 'fast'])
  for (const text of ['slow', 'slow,slow', 'slow,other', 'fast,side,slow', ''])
    expect(() => sweepAxes(text, names, results)).toThrow(`"${text}" does not name two parameters.`)
})

test('points without the figure, and those that failed, have no value', () => {
  expect(reportSweep(results, best, GOAL, ['side', 'slow'])).toEqual({
    xLabel: 'side',
    yLabel: 'slow',
    valueLabel: 'Sharpe',
    valueUnit: 'ratio',
    least: false,
    points: [
      { x: 'both', y: 20, value: 1 },
      { x: 'long', y: 20, value: null },
      { x: 'long', y: 40, value: null },
    ],
    chosen: { x: 'both', y: 20 },
  })
})

test('of one parameter, the other side of the map is all points', () => {
  const { xLabel, yLabel, points, chosen } = reportSweep(results, best, GOAL, ['side'])
  expect([xLabel, yLabel]).toEqual(['side', 'all'])
  expect(reportSweep(results, best, { ...GOAL, goal: 'minimise' }, ['side']).least).toBe(true)
  expect(points.map(({ y }) => y)).toEqual(['points', 'points', 'points'])
  expect(chosen).toEqual({ x: 'both', y: 'points' })
})
