import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Hash, InvalidInputError } from '../core/index.ts'

/**
 * What names this project folder among the hosts that may work for its agents: 32 random bytes in its file `host`,
 * made on first use. It is no secret; an epoch of an agent belongs to one host.
 *
 * @throws InvalidInputError when the file holds something else.
 */
export async function hostName(directory: string): Promise<Hash> {
  const file = join(directory, 'host')
  await mkdir(directory, { recursive: true })
  try {
    await writeFile(file, `0x${randomBytes(32).toString('hex')}\n`, { flag: 'wx' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  const name = (await readFile(file, 'utf8')).trim()
  if (isName(name)) return name
  throw new InvalidInputError(`${file} holds no name of a host.`, {
    facts: { file },
    hint: "Remove it, and take this project's agents over: touchstone agents take-over AGENT",
  })
}

const isName = (text: string): text is Hash => /^0x[0-9a-f]{64}$/.test(text)
