import { accessSync, constants } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { UnavailableError } from '../core/index.ts'

/**
 * Path of the program anvil: the one that npm installed with this package, else the first on PATH.
 *
 * @param from Folder to look upwards from for `node_modules`; by default this file's, which finds those of a
 * checkout, of `dist/` in it, and of a project that depends on this package.
 * @throws UnavailableError naming what to install when there is none.
 */
export function findAnvil(env: NodeJS.ProcessEnv = process.env, from = import.meta.dirname): string {
  const { PATH = '' } = env
  const name = process.platform === 'win32' ? 'anvil.exe' : 'anvil'
  const arch = process.arch === 'x64' ? 'amd64' : process.arch
  const folders = upwards(from).flatMap(folder => [
    join(folder, 'node_modules', '@foundry-rs', `anvil-${process.platform}-${arch}`, 'bin'),
    join(folder, 'node_modules', '.bin'),
  ])
  folders.push(...PATH.split(delimiter).filter(folder => folder !== ''))
  const found = folders.map(folder => join(folder, name)).find(isExecutable)
  if (found !== undefined) return found
  throw new UnavailableError('The program "anvil", which runs the local chain, was not found.', {
    facts: { platform: process.platform, arch: process.arch },
    hint: 'Install Foundry (https://getfoundry.sh) so that `anvil` is on PATH; on Linux x64, `npm install` brings it unless it omits optional dependencies.',
  })
}

function upwards(folder: string): string[] {
  const parent = dirname(folder)
  return parent === folder ? [folder] : [folder, ...upwards(parent)]
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
