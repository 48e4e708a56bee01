/**
 * Compiles the contracts and writes what TypeScript needs of them to `abi/`: `npm run build:contracts`.
 * With `--check` it writes nothing, and exits with status 1 when a file of `abi/` is not what would be written.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { CONTRACTS_FOLDER, runForge } from './forge.ts'

const HEADER = '// Generated from the Solidity sources by contracts/script/build.ts. Do not edit.\n'
const ABI_FOLDER = join(CONTRACTS_FOLDER, 'abi')

const generated = await generate()
if (process.argv.includes('--check')) {
  const drifted = driftOf(generated)
  for (const name of drifted) console.error(`contracts/abi/${name} differs from what the sources give.`)
  if (drifted.length > 0) {
    console.error('Run `npm run build:contracts` and commit the result.')
    process.exitCode = 1
  }
} else {
  mkdirSync(ABI_FOLDER, { recursive: true })
  for (const name of readdirSync(ABI_FOLDER)) if (!generated.has(name)) rmSync(join(ABI_FOLDER, name))
  for (const [name, text] of generated) writeFileSync(join(ABI_FOLDER, name), text)
}

/** File name to text of every file that belongs in `abi/`. */
async function generate(): Promise<Map<string, string>> {
  const { status, output } = await runForge(['build', '--skip', 'test'])
  if (status !== 0) throw new Error(`forge build failed:\n${output}`)
  const names = ['src', 'src/market']
    .flatMap(folder => readdirSync(join(CONTRACTS_FOLDER, folder)))
    .filter(file => file.endsWith('.sol'))
    .map(file => basename(file, '.sol'))
    .sort()
  if (names.length === 0) throw new Error('There are no contracts to generate from.')
  const files = new Map(names.map(name => [`${uncapitalised(name)}.ts`, render(name)]))
  files.set('index.ts', HEADER + names.map(name => `export * from './${uncapitalised(name)}.ts'\n`).join(''))
  return files
}

function render(contract: string): string {
  const artifact: { abi: unknown[]; bytecode: { object: string } } = JSON.parse(
    readFileSync(join(CONTRACTS_FOLDER, 'out', `${contract}.sol`, `${contract}.json`), 'utf8'),
  )
  const { abi, bytecode } = artifact
  if (!/^0x([0-9a-f]{2})+$/.test(bytecode.object)) throw new Error(`${contract} has no deployable bytecode.`)
  const name = uncapitalised(contract)
  return (
    `${HEADER}\n/** ABI of the contract \`${contract}\`. */\n` +
    `export const ${name}Abi = ${JSON.stringify(abi, null, 2)} as const\n\n` +
    `/** Creation bytecode of the contract \`${contract}\`, without constructor arguments. */\n` +
    `export const ${name}Bytecode =\n  '${bytecode.object}' as const\n`
  )
}

function driftOf(expected: ReadonlyMap<string, string>): string[] {
  const present = new Set(readdirSync(ABI_FOLDER))
  const wrong = [...expected].filter(
    ([name, text]) => !present.has(name) || readFileSync(join(ABI_FOLDER, name), 'utf8') !== text,
  )
  const strays = [...present].filter(name => !expected.has(name))
  return [...wrong.map(([name]) => name), ...strays].sort()
}

function uncapitalised(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}
