/**
 * Compiles the contracts and writes what TypeScript needs of them to `abi/` and `test/abi/`:
 * `npm run build:contracts`. With `--check` it writes nothing, and exits with status 1 when a file of either is not
 * what would be written.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { CONTRACTS_FOLDER, runForge } from './forge.ts'

const HEADER = '// Generated from the Solidity sources by contracts/script/build.ts. Do not edit.\n'

/** What is generated, and from the contracts of which folders; `abi/` is shipped, the other is for tests. */
const OUTPUTS: Readonly<Record<string, readonly string[]>> = {
  abi: ['src', 'src/identity', 'src/market', 'src/models', 'src/stake'],
  'test/abi': ['test/differential', 'test/rwa', 'test/trial', 'test/verifier'],
}

const generated = await generate()
const outputs = Object.keys(OUTPUTS)
if (process.argv.includes('--check')) {
  const drifted = outputs.flatMap(output => driftOf(output, generated))
  for (const path of drifted) console.error(`contracts/${path} differs from what the sources give.`)
  if (drifted.length > 0) {
    console.error('Run `npm run build:contracts` and commit the result.')
    process.exitCode = 1
  }
} else {
  for (const output of outputs) {
    mkdirSync(join(CONTRACTS_FOLDER, output), { recursive: true })
    for (const path of presentIn(output)) if (!generated.has(path)) rmSync(join(CONTRACTS_FOLDER, path))
  }
  for (const [path, text] of generated) writeFileSync(join(CONTRACTS_FOLDER, path), text)
}

/** Path to text of every file that belongs in an output. */
async function generate(): Promise<Map<string, string>> {
  const { status, output: printed } = await runForge(['build', '--skip', 'test'])
  if (status !== 0) throw new Error(`forge build failed:\n${printed}`)
  const files = new Map<string, string>()
  for (const [output, folders] of Object.entries(OUTPUTS)) {
    const names = folders
      .flatMap(folder => readdirSync(join(CONTRACTS_FOLDER, folder)))
      .filter(file => file.endsWith('.sol'))
      .map(file => basename(file, '.sol'))
      .sort()
    if (names.length === 0) throw new Error(`There are no contracts to generate ${output} from.`)
    for (const name of names) files.set(`${output}/${uncapitalised(name)}.ts`, render(name))
    const index = names.map(name => `export * from './${uncapitalised(name)}.ts'\n`).join('')
    files.set(`${output}/index.ts`, HEADER + index)
  }
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

function presentIn(output: string): string[] {
  const folder = join(CONTRACTS_FOLDER, output)
  return existsSync(folder) ? readdirSync(folder).map(name => `${output}/${name}`) : []
}

function driftOf(output: string, expected: ReadonlyMap<string, string>): string[] {
  const present = presentIn(output)
  const wrong = [...expected].filter(
    ([path, text]) =>
      path.startsWith(`${output}/`) &&
      (!present.includes(path) || readFileSync(join(CONTRACTS_FOLDER, path), 'utf8') !== text),
  )
  const strays = present.filter(path => !expected.has(path))
  return [...wrong.map(([path]) => path), ...strays].sort()
}

function uncapitalised(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}
