import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { KEYS } from '../decision-log/test/sampleDecisions.ts'
import { lie, openStakeBed, STAKE, type StakeBed, truth } from '../decision-log/test/stakeBed.ts'
import type { TestAgent } from '../decision-log/test/testbed.ts'
import { runCli } from './runCli.ts'

let bed: StakeBed
let folder: string
let agent: TestAgent
beforeAll(async () => {
  bed = await openStakeBed()
  folder = await mkdtemp(join(tmpdir(), 'touchstone-'))
})
afterAll(async () => {
  await bed.stop()
  await rm(folder, { recursive: true })
})
beforeEach(async () => {
  agent = await bed.newStakedAgent()
})

test('a lie that somebody saved from a server costs the agent its stake', async () => {
  await bed.record(agent, [truth(agent, 0), lie(agent, 1)])
  await bed.anchor(agent, 2)
  const { status, stdout, stderr } = await challenge(await published(1), ['--json'])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(JSON.parse(stdout)).toMatchObject({
    agent: agent.signer.agent,
    sequence: 1,
    amount: String(STAKE),
    reward: String(STAKE / 2n),
  })
  expect(await bed.isMarked(agent)).toBe(true)
})

test('a decision in order costs nobody anything', async () => {
  await bed.record(agent, [truth(agent, 0)])
  const { status, stdout, stderr } = await challenge(await published(0))
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toMatch(/The decision says what its model says/)
  expect(await bed.isMarked(agent)).toBe(false)
})

test('what is wrong is named, and the key is not', async () => {
  await bed.record(agent, [truth(agent, 0)])
  const file = await published(0)
  const noKey = await challenge(file, [], {})
  expect(noKey.status).toBe(2)
  expect(noKey.stderr).toMatch(/TOUCHSTONE_CHALLENGER_KEY is not set/)
  const badKey = await challenge(file, [], { TOUCHSTONE_CHALLENGER_KEY: '0xsecret' })
  expect(badKey.status).toBe(2)
  expect(badKey.stderr).toMatch(/The private key has the wrong form/)
  expect(badKey.stderr).not.toMatch(/secret/)
  await writeFile(file, '{"body": "{}"}')
  expect((await challenge(file)).stderr).toMatch(/holds no decision: signature: expected bytes/)
})

/** What a server answers for a decision, as a file. */
async function published(sequence: number): Promise<string> {
  const file = join(folder, `${agent.signer.agent}-${sequence}.json`)
  await writeFile(file, JSON.stringify({ ...(await bed.row(agent, sequence)), anchor: null }))
  return file
}

function challenge(
  file: string,
  options: readonly string[] = [],
  environment: Readonly<Record<string, string>> = { TOUCHSTONE_CHALLENGER_KEY: KEYS[1] },
) {
  return runCli(['challenge', file, '--contract', bed.challenge, '--rpc', bed.url, ...options], environment)
}
