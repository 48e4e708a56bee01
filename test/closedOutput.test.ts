import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const MAIN = join(import.meta.dirname, '..', 'dist', 'cli', 'main.js')

test('a reader that closes its end early ends a command without a word', () => {
  // The reader is gone before the first word.
  const { status, stderr } = spawnSync(
    'bash',
    ['-c', `"${process.execPath}" "${MAIN}" backtest --help > >(exit)`],
    {
      encoding: 'utf8',
    },
  )
  expect(status).toBe(0)
  expect(stderr).toBe('')
})
