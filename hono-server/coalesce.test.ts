import { expect, test } from 'vitest'
import { coalesce } from './coalesce.ts'

test('runs once for all calls that wait, and every call sees a run that began after it', async () => {
  let version = 0
  const seen: number[] = []
  const run = coalesce(async () => {
    const at = version
    await new Promise(resolve => setTimeout(resolve, 5))
    seen.push(at)
  })
  const first = run()
  await Promise.resolve()
  version = 1
  const later = [run(), run(), run()]
  version = 2
  await Promise.all([first, ...later])
  expect(seen).toEqual([0, 2])
})

test('goes on after a failure', async () => {
  let fails = true
  const run = coalesce(async () => {
    if (fails) throw new Error('once')
  })
  await expect(run()).rejects.toThrow('once')
  fails = false
  await expect(run()).resolves.toBeUndefined()
})
