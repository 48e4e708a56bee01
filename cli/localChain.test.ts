import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runModule } from '../test/runModule.ts'
import { openLocalChain } from './localChain.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'touchstone-chain-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const answers = async (url: string): Promise<boolean> => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] })
  const asked = fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  return asked.then(
    response => response.ok,
    () => false,
  )
}

test('a process that finds the chain of another leaves it running; whoever finds a lost one ends it', async () => {
  const chain = await openLocalChain(directory)
  // A second process opens it and lets go of it.
  const module = JSON.stringify(new URL('./localChain.ts', import.meta.url).href)
  const second = runModule(`
    import { openLocalChain } from ${module}
    const chain = await openLocalChain(${JSON.stringify(directory)})
    console.log(chain.url)
    await chain.stop()`)
  const urls: string[] = []
  for await (const line of second.lines) urls.push(line)
  expect((await second.ended).status).toBe(0)
  expect(urls).toEqual([chain.url])
  expect(await answers(chain.url)).toBe(true)

  // Its owner is gone: process ids end far below this one.
  const file = join(directory, 'chain', 'node.json')
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), owner: 2 ** 30 }))
  const found = await openLocalChain(directory)
  expect(found.url).toBe(chain.url)
  await found.stop()
  expect(await answers(chain.url)).toBe(false)
})
