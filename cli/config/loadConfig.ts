import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { createJiti } from 'jiti'
import { InvalidInputError, NotFoundError, TouchstoneError, toError } from '../../core/index.ts'
import { packageFolder } from '../packageFolder.ts'
import { configSchema } from './configSchema.ts'
import { checkFields } from './fieldError.ts'
import type { TouchstoneConfig } from './touchstoneConfig.ts'

const NAMES = ['ts', 'mts', 'js', 'mjs'].map(extension => `touchstone.config.${extension}`)

/**
 * The configuration that holds in a folder: the one named, or the nearest in the folder and those above it; null
 * where there is none.
 *
 * @throws NotFoundError when the one named is not there.
 */
export function findConfig(folder: string, named: string | null): string | null {
  if (named !== null) {
    const file = resolve(folder, named)
    if (existsSync(file)) return file
    throw new NotFoundError(`There is no configuration ${file}.`, {
      facts: { file },
      hint: 'Give the path of a touchstone.config.ts; `touchstone init` writes one.',
    })
  }
  for (const name of NAMES) if (existsSync(join(folder, name))) return join(folder, name)
  return dirname(folder) === folder ? null : findConfig(dirname(folder), null)
}

/**
 * Loads a configuration, in TypeScript or JavaScript, and checks its form.
 *
 * @throws InvalidInputError naming the file and the field.
 */
export async function loadConfig(file: string): Promise<TouchstoneConfig> {
  const loaded = await loadModule(file, `The configuration ${file}`)
  if (loaded['default'] === undefined)
    throw new InvalidInputError(`The configuration ${file} has no default export.`, {
      facts: { file },
      hint: 'Write `export default defineConfig({ … })`.',
    })
  return checkFields(configSchema, loaded['default'], file)
}

/**
 * Loads a module in TypeScript or JavaScript. What it imports of touchstone is this very installation.
 *
 * @param what How an error names it.
 * @throws InvalidInputError with the module's own error.
 */
export async function loadModule(file: string, what: string): Promise<Readonly<Record<string, unknown>>> {
  const jiti = createJiti(file, {
    alias: ownExports(),
    fsCache: false,
    moduleCache: false,
    interopDefault: false,
  })
  try {
    return await jiti.import<Record<string, unknown>>(file)
  } catch (error) {
    if (error instanceof TouchstoneError) throw error
    throw new InvalidInputError(`${what} could not be loaded: ${oneLine(toError(error).message)}`, {
      facts: { file },
      hint: 'Correct it, and check its imports.',
      cause: error,
    })
  }
}

/** A message in one line; of a syntax error, the second says where. */
const oneLine = (text: string): string => text.split('\n').slice(0, 2).join(' ').replace(/\s+/g, ' ').trim()

/** What `touchstone/…` means to a module, whether or not the package is installed beside it. */
function ownExports(): Record<string, string> {
  const folder = packageFolder()
  const { exports }: { exports: Record<string, string | { default: string }> } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  )
  // The command line that is installed runs from bundles of its own: a second copy of a class would be another class.
  const bundled = import.meta.url.includes('/dist/bundled/') ? './dist/bundled/' : './dist/'
  const entries = Object.entries(exports).flatMap(([path, target]) =>
    typeof target === 'string'
      ? []
      : [[`touchstone${path.slice(1)}`, join(folder, target.default.replace('./dist/', bundled))] as const],
  )
  // The longest first: an alias holds for everything that begins with it.
  return Object.fromEntries(entries.sort(([a], [b]) => b.length - a.length))
}
