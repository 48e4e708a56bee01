import { expect, test } from 'vitest'
import { createProgressMeter } from './progressMeter.ts'

test('tells the speed and the time left', () => {
  const measure = createProgressMeter(1_000, 0)
  expect(measure({ fromBlock: 501, toBlock: 600, logs: 3_000 }, 1_000)).toEqual({
    logsPerSecond: 3_000,
    etaMs: 4_000,
  })
  expect(measure({ fromBlock: 601, toBlock: 1_000, logs: 1_000 }, 2_000)).toEqual({
    logsPerSecond: 2_000,
    etaMs: 0,
  })
})

test('follows a chain that grows denser: only the last ten seconds count', () => {
  const measure = createProgressMeter(1_000_000, 0)
  for (let second = 1; second <= 60; second++)
    measure({ fromBlock: (second - 1) * 1_000, toBlock: second * 1_000 - 1, logs: 10 }, second * 1_000)
  let rate = { logsPerSecond: 0, etaMs: null as number | null }
  for (let second = 61; second <= 75; second++)
    rate = measure(
      { fromBlock: 60_000 + (second - 61) * 10, toBlock: 60_009 + (second - 61) * 10, logs: 500 },
      second * 1_000,
    )
  expect(rate.logsPerSecond).toBe(500)
  expect(rate.etaMs).toBe(((1_000_000 - 60_149) / 10) * 1_000)
})

test('claims no speed before time has passed', () => {
  expect(createProgressMeter(10, 5)({ fromBlock: 0, toBlock: 1, logs: 9 }, 5)).toEqual({
    logsPerSecond: 0,
    etaMs: null,
  })
})
