import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { templateCache } from './templateImage.ts'

let base: string
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'touchstone-template-'))
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

const onlyFile = (): string => {
  const [folder = ''] = readdirSync(base)
  const [file = ''] = readdirSync(join(base, folder))
  return join(base, folder, file)
}

test('gives back what was written, under its key alone', async () => {
  const cache = templateCache('one', base)
  expect(await cache.read()).toBeNull()
  await cache.write(new Blob(['image']))
  expect(await (await cache.read())?.text()).toBe('image')
  expect(await templateCache('two', base).read()).toBeNull()
  await cache.discard()
  expect(await cache.read()).toBeNull()
})

test('an image that was cut off or changed is not trusted', async () => {
  const cache = templateCache('one', base)
  await cache.write(new Blob(['image']))
  const whole = readFileSync(onlyFile())
  writeFileSync(onlyFile(), whole.subarray(0, -1))
  expect(await cache.read()).toBeNull()
  writeFileSync(onlyFile(), '')
  expect(await cache.read()).toBeNull()
})

test('an image in a folder that others may write to is not trusted', async () => {
  const cache = templateCache('one', base)
  await cache.write(new Blob(['image']))
  chmodSync(join(onlyFile(), '..'), 0o777)
  expect(await cache.read()).toBeNull()
})

test('writers at the same moment leave one whole image', async () => {
  const images = Array.from({ length: 8 }, (_, index) => String(index).repeat(100_000))
  await Promise.all(images.map(image => templateCache('one', base).write(new Blob([image]))))
  expect(images).toContain(await (await templateCache('one', base).read())?.text())
  expect(readdirSync(join(onlyFile(), '..'))).toHaveLength(1)
})

test('a cache that cannot be written does no harm', async () => {
  const cache = templateCache('one', join(base, 'file', 'beneath'))
  writeFileSync(join(base, 'file'), '')
  await cache.write(new Blob(['image']))
  expect(await cache.read()).toBeNull()
})
