import { readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { simulatedGold } from './simulatedGold.ts'

const COPIED = ['touchstone.config.ts', 'agents/trend.ts', 'README.md']

const TSCONFIG = {
  compilerOptions: {
    target: 'ES2023',
    lib: ['ES2023'],
    module: 'NodeNext',
    moduleResolution: 'NodeNext',
    types: ['node'],
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
  },
  include: ['touchstone.config.ts', 'agents'],
}

/**
 * The files of a new project, by path.
 *
 * @param name Name of its package.
 * @param installation Where touchstone is installed, and its version.
 */
export function starterFiles(
  name: string,
  installation: { readonly folder: string; readonly version: string },
): ReadonlyMap<string, string> {
  const { folder, version } = installation
  // Run from a checkout, the project uses that checkout.
  const isInstalled = folder.split(sep).includes('node_modules')
  const packageJson = {
    name,
    private: true,
    type: 'module',
    scripts: { ingest: 'touchstone ingest', backtest: 'touchstone backtest trend', check: 'tsc' },
    dependencies: { touchstone: isInstalled ? `^${version}` : `file:${folder}` },
    devDependencies: { '@types/node': '^20.19.0', typescript: '>=5.9' },
  }
  return new Map([
    ...COPIED.map(path => [path, readFileSync(join(folder, 'examples', 'starter', path), 'utf8')] as const),
    ['package.json', json(packageJson)],
    ['tsconfig.json', json(TSCONFIG)],
    ['.gitignore', '.touchstone/\nnode_modules/\n'],
    ['data/simulated-gold.csv', simulatedGold()],
  ])
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
