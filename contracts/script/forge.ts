import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Folder of the Foundry project. */
export const CONTRACTS_FOLDER = join(import.meta.dirname, '..')

/** Path of forge: the one that npm installed for this platform, else the first on PATH, else undefined. */
export function findForge(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const name = process.platform === 'win32' ? 'forge.exe' : 'forge'
  const { PATH = '' } = env
  const folders = [
    join(CONTRACTS_FOLDER, '..', 'node_modules', '.bin'),
    ...PATH.split(delimiter).filter(folder => folder !== ''),
  ]
  return folders.map(folder => join(folder, name)).find(isExecutable)
}

/**
 * Arguments that write the gas of every test with fixed inputs to `.gas-snapshot`; with `--check` appended, that
 * compare with it. Fuzzed inputs change with the fuzzer, so their gas would not stay comparable.
 */
export const SNAPSHOT_ARGUMENTS = ['snapshot', '--no-match-test', '^(testFuzz|invariant)'] as const

/** Runs forge in the Foundry project; returns its exit status and everything that it printed. */
export async function runForge(args: readonly string[]): Promise<{ status: number; output: string }> {
  const forge = findForge()
  if (forge === undefined) {
    throw new Error(
      `There is no forge for ${process.platform}-${process.arch} in node_modules, nor one on PATH. ` +
        'Install Foundry from https://getfoundry.sh.',
    )
  }
  const child = spawn(forge, args, {
    cwd: CONTRACTS_FOLDER,
    // The seeds, runs and gas figures are those of the default profile, whatever the caller's shell says.
    env: { ...process.env, FOUNDRY_PROFILE: 'default', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const collect = (text: string): void => {
    output += text
  }
  child.stdout.setEncoding('utf8').on('data', collect)
  child.stderr.setEncoding('utf8').on('data', collect)
  const status = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => resolve(code ?? 1))
  })
  return { status, output }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
