import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { build, type Metafile, type Plugin } from 'esbuild'

// Bundles the command line in `dist`: a command that loads 1,600 files of its own and of viem's takes a second to begin,
// and less than half of that from a few. The library in `dist` stays as the compiler wrote it.

const ROOT = join(import.meta.dirname, '..', '..')
const DIST = join(ROOT, 'dist')
/** What lies in `dist/bundled`, by the path of its source: entries, and chunks that they share. */
const BUNDLED = 'bundled'
/** ES modules of many files. All others stay where npm puts them: native, optional, of one file, or with files of their own. */
const BUNDLED_PACKAGES = /^(viem|ox|abitype|zod|hono|drizzle-orm|@(noble|scure|hono|hpke)\/[^/]+)(\/|$)/
/** Modules that are started or loaded by their URL, beside the threads. */
const LOADED_BY_URL = ['cli/sweepEvaluator.ts', 'feature-store/store/observationEncoder.ts']

/** The sources of what the package exports, by the name that a module imports. */
function ownExports(): Record<string, string> {
  const { exports }: { exports: Record<string, string | { default: string }> } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  )
  return Object.fromEntries(
    Object.entries(exports).flatMap(([path, target]) =>
      typeof target === 'string'
        ? []
        : [[`touchstone${path.slice(1)}`, target.default.replace(/^\.\/dist\/(.*)\.js$/, '$1.ts')]],
    ),
  )
}

const exported = ownExports()

const own: Plugin = {
  name: 'own',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^touchstone\// }, ({ path }) => ({ path: join(ROOT, exported[path] ?? path) }))
    onResolve({ filter: /^[^./]/ }, ({ path }) =>
      path.startsWith('touchstone/') || BUNDLED_PACKAGES.test(path) ? undefined : { path, external: true },
    )
    // A module looks for what lies beside it from its own place, not from that of the chunk which it became a part of.
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      const place = join(BUNDLED, relative(ROOT, path)).replace(/\.ts$/, '.js')
      const url = `(import.meta.url.slice(0, import.meta.url.lastIndexOf('/dist/') + 6) + ${JSON.stringify(place)})`
      return { contents: text.replaceAll('import.meta.url', url), loader: 'ts' }
    })
  },
}

/** The licences of what the bundles hold: each asks to be given along. */
function licences({ inputs }: Metafile): string {
  const packages = new Set(
    Object.keys(inputs).flatMap(path => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  )
  return [...packages]
    .sort()
    .map(folder => {
      const { name, version, license } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'))
      const texts = readdirSync(join(ROOT, folder)).filter(file => /^licen[cs]e/i.test(file))
      return [
        `${name} ${version} (${license})`,
        ...texts.map(file => readFileSync(join(ROOT, folder, file))),
      ].join('\n\n')
    })
    .join('\n\n----\n\n')
}

/** What runs on a thread of its own, in the stages that export something. */
function threads(): string[] {
  const stages = new Set(Object.values(exported).map(path => path.slice(0, path.indexOf('/'))))
  return [...stages].flatMap(stage =>
    readdirSync(join(ROOT, stage), { recursive: true, encoding: 'utf8' })
      .filter(path => path.endsWith('Thread.ts'))
      .map(path => join(stage, path))
      .filter(path => /\b(parentPort|workerData)\b/.test(readFileSync(join(ROOT, path), 'utf8'))),
  )
}

const entries = [...new Set(Object.values(exported)), ...threads(), ...LOADED_BY_URL]
rmSync(join(DIST, BUNDLED), { recursive: true, force: true })
const { metafile } = await build({
  absWorkingDir: ROOT,
  entryPoints: [
    { in: 'cli/main.ts', out: 'cli/main' },
    ...entries.map(path => ({ in: path, out: join(BUNDLED, path.replace(/\.ts$/, '')) })),
  ],
  outdir: DIST,
  chunkNames: `${BUNDLED}/chunks/[hash]`,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  legalComments: 'none',
  plugins: [own],
  metafile: true,
  logLevel: 'warning',
})
writeFileSync(join(DIST, BUNDLED, 'LICENSES.txt'), licences(metafile))
