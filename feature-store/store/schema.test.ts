import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { migrationsFolder } from './migrations.ts'

test('the migrations build the schema: generating again gives nothing new', () => {
  const root = join(import.meta.dirname, '..', '..')
  const out = mkdtempSync(join(tmpdir(), 'touchstone-migrations-'))
  try {
    cpSync(migrationsFolder(), out, { recursive: true })
    const before = readdirSync(out)
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules', 'drizzle-kit', 'bin.cjs'),
        'generate',
        '--dialect=postgresql',
        '--schema=./feature-store/store/schema.ts',
        // drizzle-kit takes it as relative to the working directory, whatever it says.
        `--out=${relative(root, out)}`,
      ],
      { cwd: root, encoding: 'utf8' },
    )
    expect(`${stdout}${stderr}`).toContain('No schema changes')
    expect(status).toBe(0)
    expect(readdirSync(out)).toEqual(before)
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
})
