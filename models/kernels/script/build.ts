/**
 * Compiles the AssemblyScript kernels of `assembly/` to WebAssembly and writes each as a TypeScript module to
 * `generated/`: `npm run build:kernels`. With `--check` it writes nothing, and exits with status 1 when a file is
 * not what would be written.
 *
 * A kernel works on one imported, shared memory whose layout its caller decides: it allocates nothing itself.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'

const FOLDER = resolve(import.meta.dirname, '..')
const HEADER =
  '// Generated from the AssemblyScript sources by models/kernels/script/build.ts. Do not edit.\n'
/** Pages of 64 KiB that a kernel's memory may grow to: all that WebAssembly addresses with 32 bits. */
const MAXIMUM_PAGES = 65_536
const COMPILER = resolve(FOLDER, '../../node_modules/assemblyscript/bin/asc.js')
const COMPILER_OPTIONS = [
  '--optimizeLevel=3',
  '--shrinkLevel=0',
  '--noAssert',
  '--runtime=stub',
  '--enable=simd',
  '--enable=threads',
  '--importMemory',
  '--sharedMemory',
  '--initialMemory=1',
  `--maximumMemory=${MAXIMUM_PAGES}`,
]

const generated = generate()
const present = () => readdirSync(join(FOLDER, 'generated')).filter(file => file.endsWith('.ts'))
mkdirSync(join(FOLDER, 'generated'), { recursive: true })
if (process.argv.includes('--check')) {
  const drifted = [...new Set([...present(), ...generated.keys()])].filter(file => !isCurrent(file))
  for (const file of drifted)
    console.error(`models/kernels/generated/${file} differs from what the sources give.`)
  if (drifted.length > 0) {
    console.error('Run `npm run build:kernels` and commit the result.')
    process.exitCode = 1
  }
} else {
  for (const file of present()) if (!generated.has(file)) rmSync(join(FOLDER, 'generated', file))
  for (const [file, text] of generated) writeFileSync(join(FOLDER, 'generated', file), text)
}

function isCurrent(file: string): boolean {
  const path = join(FOLDER, 'generated', file)
  return present().includes(file) && readFileSync(path, 'utf8') === generated.get(file)
}

/** File name to text of every kernel. */
function generate(): Map<string, string> {
  // What several kernels share begins with an underscore: it is no kernel of its own.
  const sources = readdirSync(join(FOLDER, 'assembly')).filter(file => /^[a-z]\w*\.ts$/i.test(file))
  if (sources.length === 0) throw new Error('There are no kernels to compile.')
  const files = new Map<string, string>()
  for (const source of sources.sort()) files.set(source, render(basename(source, '.ts'), compile(source)))
  return files
}

function compile(source: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'kernel-'))
  try {
    const out = join(folder, 'kernel.wasm')
    // Spawned: its types, once imported, would replace those of the DOM-free globals everywhere.
    const { status, stderr } = spawnSync(
      process.execPath,
      [COMPILER, source, '--outFile', out, ...COMPILER_OPTIONS],
      { cwd: join(FOLDER, 'assembly'), encoding: 'utf8' },
    )
    if (status !== 0) throw new Error(`${source} does not compile:\n${stderr}`)
    return readFileSync(out)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function render(kernel: string, binary: Uint8Array): string {
  const text = Buffer.from(binary).toString('base64')
  const lines = text.match(/.{1,100}/g) ?? []
  const body = lines.map(line => `  '${line}'`).join(' +\n')
  return `${HEADER}/** The kernel as base64 of a WebAssembly module. */\nexport const ${kernel}Wasm =\n${body}\n`
}
