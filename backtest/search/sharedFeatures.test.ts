import { expect, test } from 'vitest'
import { runSweep } from './index.ts'
import { runPair } from './sharedFeatures.fixture.ts'
import { configuration, space } from './sweepOptions.fixture.ts'

test('runs of several threads that share some of their features are those of a run alone', async () => {
  const { results } = await runSweep({
    space,
    method: 'random',
    seed: 3,
    trials: 40,
    objective: 'sharpe',
    workers: 2,
    evaluate: { module: new URL('./sharedFeatures.fixture.ts', import.meta.url), exportName: 'pairs' },
    configuration,
    // Of 1,500 rows each: ten columns of the thirty that the points ask for.
    featureBytes: 60_000,
  })
  expect(results.map(result => 'figures' in result && result.figures)).toEqual(
    results.map(({ point }) => runPair(point)),
  )
  expect(new Set(results.map(result => JSON.stringify(result))).size).toBe(40)
  const [first] = results
  expect(Number(first !== undefined && 'figures' in first && first.figures['fills'])).toBeGreaterThan(5)
})
