import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generatePrivateKey } from 'viem/accounts'
import { type AgentSigner, createSigner } from '../decision-log/index.ts'
import type { Environment } from './environment.ts'

/**
 * The key of an agent: from the environment, or from `keys/<agent>.key` in the project folder, which is
 * made on first use and readable by its owner alone.
 *
 * @throws InvalidInputError when the key is not 32 bytes of hexadecimal; the key is never shown.
 */
export async function agentSigner(
  directory: string,
  agent: string,
  environment: Environment,
): Promise<AgentSigner> {
  const given = environment.keyOf(agent)
  if (given !== null) return createSigner(given)
  const folder = join(directory, 'keys')
  const file = join(folder, `${agent}.key`)
  try {
    return createSigner((await readFile(file, 'utf8')).trim())
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const key = generatePrivateKey()
  await writeFile(file, `${key}\n`, { mode: 0o600, flag: 'wx' })
  return createSigner(key)
}
