import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')

/** Which stages a stage may import, through their index.ts only. The order is the order that data flows in. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  'chain-ingest': ['core'],
  'feature-store': ['core'],
  models: ['core', 'feature-store'],
  strategies: ['core'],
  agents: ['core', 'feature-store', 'models', 'strategies'],
  'decision-log': ['core', 'contracts/abi'],
  execution: ['core', 'agents', 'decision-log', 'contracts/abi'],
  backtest: ['core', 'feature-store', 'models', 'agents', 'decision-log', 'execution'],
  'hono-server': ['core', 'feature-store', 'decision-log', 'backtest'],
}
// contracts/abi is generated and imports nothing; the composition root may import everything.
const STAGES = [...Object.keys(MAY_IMPORT), 'contracts/abi', 'examples', 'cli']
const FORBIDDEN_FOLDERS = ['utils', 'helpers', 'common', 'shared']

type Source = { readonly path: string; readonly text: string }

const stageOf = (path: string) => STAGES.find(stage => path.startsWith(`${stage}/`)) ?? null

const isShipped = (path: string) =>
  path.endsWith('.ts') &&
  !/\.(test|test-d|bench|conformance|fixture)\.ts$/.test(path) &&
  // What tests share in a stage; the build leaves these folders out too.
  !/\/(test|testing)\//.test(path)

function importsOf({ text }: Source): string[] {
  const pattern =
    /(?:^|\n)\s*(?:import|export)\b[^'"\n]*?(?:\{[^}]*\}[^'"\n]*?)?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g
  return [...text.matchAll(pattern)].map(match => match[1] ?? match[2] ?? match[3] ?? '')
}

/** The imports of these files that the table does not allow, each as a sentence. */
function offences(sources: readonly Source[]): string[] {
  if (sources.length === 0) return ['no file was scanned']
  return sources.flatMap(source => {
    const from = stageOf(source.path)
    const allowed = from === null ? undefined : MAY_IMPORT[from]
    return importsOf(source).flatMap(specifier => {
      const target = specifier.startsWith('.')
        ? relative(ROOT, resolve(ROOT, dirname(source.path), specifier))
        : specifier.startsWith('touchstone/')
          ? `${specifier.slice('touchstone/'.length)}/index.ts`
          : null
      const to = target === null ? null : stageOf(target)
      if (target === null || to === null || to === from) return []
      if (allowed !== undefined && !allowed.includes(to)) return [`${source.path} may not import ${to}`]
      if (to !== 'examples' && to !== 'cli' && target !== `${to}/index.ts`)
        return [`${source.path} reaches into ${target} past ${to}/index.ts`]
      return []
    })
  })
}

function shippedSources(): Source[] {
  return STAGES.flatMap(stage =>
    readdirSync(join(ROOT, stage), { recursive: true, encoding: 'utf8' })
      .map(file => `${stage}/${file}`)
      .filter(isShipped)
      .map(path => ({ path, text: readFileSync(join(ROOT, path), 'utf8') })),
  )
}

test('every import follows the table', () => {
  const sources = shippedSources()
  expect(sources.length).toBeGreaterThan(100)
  for (const stage of STAGES)
    expect(
      sources.some(({ path }) => stageOf(path) === stage),
      stage,
    ).toBe(true)
  expect(offences(sources)).toEqual([])
})

test.each<[string, Source, string]>([
  [
    'an import against the flow',
    { path: 'strategies/planted.ts', text: "import { createInference } from '../models/index.ts'\n" },
    'strategies/planted.ts may not import models',
  ],
  [
    'an import past the index',
    { path: 'models/planted.ts', text: "import type {\n  UnixMs,\n} from '../core/time.ts'\n" },
    'models/planted.ts reaches into core/time.ts past core/index.ts',
  ],
  [
    'a re-export against the flow',
    { path: 'core/planted.ts', text: "export * from '../agents/index.ts'\n" },
    'core/planted.ts may not import agents',
  ],
  [
    'a dynamic import against the flow',
    { path: 'feature-store/store/planted.ts', text: "const cli = await import('../../cli/index.ts')\n" },
    'feature-store/store/planted.ts may not import cli',
  ],
  [
    'an import by package name against the flow',
    { path: 'chain-ingest/planted.ts', text: "import { step } from 'touchstone/execution'\n" },
    'chain-ingest/planted.ts may not import execution',
  ],
])('%s is an offence', (_name, planted, sentence) => {
  expect(offences([planted])).toEqual([sentence])
})

test('scanning nothing is an offence', () => {
  expect(offences([])).toEqual(['no file was scanned'])
})

test('no folder has a name that says nothing', () => {
  const folders = STAGES.flatMap(stage =>
    readdirSync(join(ROOT, stage), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(entry => entry.name),
  )
  expect(folders.filter(name => FORBIDDEN_FOLDERS.includes(name))).toEqual([])
})

test.each(Object.keys(MAY_IMPORT))(
  '%s has a README of at most 12 lines that says what it reads, writes and imports',
  stage => {
    const lines = readFileSync(join(ROOT, stage, 'README.md'), 'utf8')
      .trim()
      .split('\n')
    expect(lines.length).toBeLessThanOrEqual(12)
    for (const heading of ['Reads', 'Writes', 'May import']) expect(lines.join('\n')).toContain(heading)
  },
)
