import { describe, expect, test } from 'vitest'
import { createGroupCommit } from './groupCommit.ts'
import type { SweepResult } from './sweepFigures.ts'
import { createSweepMeter } from './sweepProgress.ts'

const good: SweepResult = { trial: 0, point: {}, figures: {} }
const bad: SweepResult = { trial: 1, point: {}, error: 'no' }

describe('the progress of a sweep', () => {
  test('has no speed before the first result, and no time left after the last', () => {
    const meter = createSweepMeter(2, 1_000)
    expect(meter.progress(1_500, null)).toEqual({
      done: 0,
      failed: 0,
      kept: 0,
      total: 2,
      pointsPerSecond: 0,
      etaMs: null,
      best: null,
    })
    meter.add(good, false)
    meter.add(bad, false)
    expect(meter.progress(2_000, 3)).toMatchObject({
      done: 2,
      failed: 1,
      pointsPerSecond: 2,
      etaMs: 0,
      best: 3,
    })
  })

  test('takes its speed from what is evaluated, not from what was kept', () => {
    const meter = createSweepMeter(200, 0)
    for (let kept = 0; kept < 100; kept++) meter.add(good, true)
    for (let point = 0; point < 10; point++) meter.add(good, false)
    // Ten in a second, 90 to go.
    expect(meter.progress(1_000, null)).toMatchObject({
      done: 110,
      kept: 100,
      pointsPerSecond: 10,
      etaMs: 9_000,
    })
  })

  test('forgets the speed of more than ten seconds ago', () => {
    const meter = createSweepMeter(100_000, 0)
    let progress = meter.progress(0, null)
    for (let second = 1; second <= 40; second++) {
      for (let point = 0; point < (second <= 20 ? 1_000 : 10); point++) meter.add(good, false)
      progress = meter.progress(second * 1_000, null)
    }
    expect(progress.pointsPerSecond).toBeCloseTo(10, 6)
  })
})

describe('a group commit', () => {
  test('writes what waits in one go, in order, one write at a time', async () => {
    const writes: number[][] = []
    let writing = 0
    const commit = createGroupCommit<number>(
      async items => {
        expect(++writing).toBe(1)
        writes.push([...items])
        await new Promise(resolve => setTimeout(resolve, 5))
        writing--
      },
      () => undefined,
    )
    for (let item = 0; item < 10; item++) commit.push([item])
    await commit.settled()
    commit.push([10])
    await commit.settled()
    expect(writes).toEqual([[0], [1, 2, 3, 4, 5, 6, 7, 8, 9], [10]])
  })

  test('tells its first failure at once and to who waits, and writes nothing after it', async () => {
    const failures: unknown[] = []
    let writes = 0
    const commit = createGroupCommit<number>(
      async () => {
        writes++
        throw new Error('full')
      },
      error => failures.push(error),
    )
    commit.push([1])
    commit.push([2])
    await expect(commit.settled()).rejects.toThrow('full')
    commit.push([3])
    await expect(commit.settled()).rejects.toThrow('full')
    expect(failures).toHaveLength(1)
    expect(writes).toBe(1)
  })
})
