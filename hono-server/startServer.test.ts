import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { InvalidInputError, UnavailableError } from '../core/index.ts'
import { createFeed } from './createFeed.ts'
import { startServer } from './startServer.ts'
import { connectFeed } from './test/connectFeed.ts'
import { agentOf, createMemoryLog, TEST_DOMAIN } from './test/memoryLog.ts'

const log = createMemoryLog()
const newFeed = () => createFeed({ decisions: log.store, proofOf: log.proofOf, domain: TEST_DOMAIN })
const app = { fetch: () => new Response('hello') }

test('serves HTTP and the feed on one loopback port, and closes both', async () => {
  await log.record(agentOf(1), 1)
  const server = await startServer({ app, feed: newFeed(), port: 0 })
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect(await (await fetch(server.url)).text()).toBe('hello')
  const client = await connectFeed(server.wsUrl, { type: 'subscribe', from: 0 })
  await client.until(messages => messages.length === 2)
  await Promise.all([server.close(), server.close()])
  expect(await client.closed).toMatchObject({ code: 1001 })
  await expect(fetch(server.url)).rejects.toThrow()
})

test('lets a request in flight finish', async () => {
  let arrived = () => {}
  const isInFlight = new Promise<void>(resolve => {
    arrived = resolve
  })
  const slow = {
    fetch: () => {
      arrived()
      return new Promise<Response>(resolve => setTimeout(() => resolve(new Response('late')), 200))
    },
  }
  const server = await startServer({ app: slow, feed: newFeed(), port: 0 })
  const answer = fetch(server.url).then(response => response.text())
  await isInFlight
  await server.close()
  expect(await answer).toBe('late')
})

test('says that a port is in use', async () => {
  const other = createHttpServer()
  await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as AddressInfo
  const error = await startServer({ app, feed: newFeed(), port }).catch((fault: unknown) => fault)
  expect(error).toBeInstanceOf(UnavailableError)
  expect(error).toMatchObject({
    message: `Port ${port} on 127.0.0.1 is in use.`,
    hint: 'Stop the program that uses it, or choose another port.',
  })
  await new Promise(resolve => other.close(resolve))
})

test.each([
  [{ port: 70_000 }, '70000 is not a port.'],
  [{ port: 1.5 }, '1.5 is not a port.'],
  [
    { port: 0, host: '192.0.2.1' },
    'The server cannot listen on 192.0.2.1, port 0: this machine has no such address.',
  ],
])('refuses %j', async (place, message) => {
  const error = await startServer({ app, feed: newFeed(), ...place }).catch((fault: unknown) => fault)
  expect(error).toBeInstanceOf(InvalidInputError)
  expect(error).toMatchObject({ message })
})
