import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

test('the module for browsers needs nothing of Node and is under 40 kB gzipped, viem aside', async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [`${import.meta.dirname}/index.ts`],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    external: ['viem'],
    metafile: true,
    write: false,
  })
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path))
  expect([...new Set(imported)]).toEqual(['viem'])
  const bytes = gzipSync(outputFiles[0]!.contents, { level: 9 }).length
  console.log(`touchstone/verify: ${(bytes / 1_000).toFixed(1)} kB gzipped, viem aside`)
  expect(bytes).toBeLessThan(40_000)
})
