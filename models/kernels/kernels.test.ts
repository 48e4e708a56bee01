import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')

test('the generated kernels are what their sources give', () => {
  const { status, stderr } = spawnSync('npm', ['run', '--silent', 'build:kernels', '--', '--check'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  expect(stderr.replace(/^npm warn.*\n/gm, '')).toBe('')
  expect(status).toBe(0)
})
