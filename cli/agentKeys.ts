import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generatePrivateKey } from 'viem/accounts'
import { type Address, type AgentId, InvalidInputError } from '../core/index.ts'
import { type AgentSigner, createSigner } from '../decision-log/index.ts'
import type { Environment } from './environment.ts'

/**
 * The key of an agent that is not deployed yet: from the environment, or from `keys/<agent>.key` in the project
 * folder, which is made on first use and readable by its owner alone.
 *
 * @throws InvalidInputError when the key is not 32 bytes of hexadecimal; the key is never shown.
 */
export async function agentSigner(
  directory: string,
  agent: string,
  environment: Environment,
): Promise<AgentSigner> {
  const given = environment.keyOf(agent)
  return given === null ? keyFile(directory, `${agent}.key`) : createSigner(given)
}

/**
 * The key that a deployed agent acts by, found by its address among those of the environment and of the project
 * folder: an agent that was given another key keeps its id.
 *
 * @throws InvalidInputError when it is none of them.
 */
export async function signerOfKey(
  directory: string,
  agent: string,
  environment: Environment,
  { id, key }: { readonly id: AgentId; readonly key: Address },
): Promise<AgentSigner> {
  const given = [environment.keyOf(agent), environment.nextKeyOf(agent)].filter(each => each !== null)
  const stored = await Promise.all((await keyFiles(directory, agent)).map(file => readKey(directory, file)))
  const signers = [...given, ...stored].map(each => createSigner(each, id))
  const found = signers.find(signer => signer.key === key)
  if (found !== undefined) return found
  throw new InvalidInputError(`Agent "${agent}" acts by key ${key}, and that is not among those given.`, {
    facts: { agent, key, given: signers[0]?.key ?? null },
    hint: 'Give it in TOUCHSTONE_KEY_<NAME>. Where it is lost, the owner of the identity gives the agent another: touchstone agents rotate-key AGENT',
  })
}

/** The key that an agent is given in an epoch: from the environment, or a file of its own, made on first use. */
export async function nextSigner(
  directory: string,
  agent: string,
  environment: Environment,
  { id, epoch }: { readonly id: AgentId; readonly epoch: number },
): Promise<AgentSigner> {
  const given = environment.nextKeyOf(agent)
  if (given !== null) return createSigner(given, id)
  return keyFile(directory, `${agent}.epoch-${epoch}.key`, id)
}

const keysFolder = (directory: string): string => join(directory, 'keys')

async function keyFile(directory: string, file: string, id?: AgentId): Promise<AgentSigner> {
  const folder = keysFolder(directory)
  try {
    return createSigner(await readKey(directory, file), id)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const key = generatePrivateKey()
  await writeFile(join(folder, file), `${key}\n`, { mode: 0o600, flag: 'wx' })
  return createSigner(key, id)
}

async function readKey(directory: string, file: string): Promise<string> {
  return (await readFile(join(keysFolder(directory), file), 'utf8')).trim()
}

/** The agent's first key, then those of its later epochs. */
async function keyFiles(directory: string, agent: string): Promise<string[]> {
  try {
    const files = await readdir(keysFolder(directory))
    return files.filter(file => file === `${agent}.key` || file.startsWith(`${agent}.epoch-`)).sort()
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'
