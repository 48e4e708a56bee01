import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { keccak256 } from 'viem'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '../core/index.ts'
import {
  createGranteeKeys,
  createSigner,
  keyOf,
  readValidationRequest,
  requestValidation,
} from '../decision-log/index.ts'
import { openPostgres } from '../feature-store/index.ts'
import { type AgentsProject, openAgentsProject } from './agentsProject.ts'
import type { CliResult } from './runCli.ts'
import { postgresIsAvailable } from './startPostgres.ts'

// What is done with an agent's key, identity, subscribers and auditors, by the command line as it ships, on one
// chain and one database: each test goes on where the one before it stopped.

describe.skipIf(!postgresIsAvailable())('an operator', { timeout: 180_000 }, () => {
  let project: AgentsProject
  let store: Store
  let printed: CliResult[] = []
  beforeAll(async () => {
    project = await openAgentsProject()
    store = await openPostgres({ url: project.environment.DATABASE_URL, connections: 1 })
  }, 60_000)
  afterAll(async () => {
    await store?.close()
    await project?.close()
  })
  afterEach(() => {
    const secrets = Object.values(project.keys).map(key => key.slice(2))
    for (const { stdout, stderr } of printed)
      for (const secret of secrets) expect(`${stdout}${stderr}`).not.toContain(secret)
    printed = []
  })

  type Variables = Readonly<Record<string, string>>
  const touchstone = async (args: string, environment?: Variables) => {
    const result = await project.run(args.split(' '), environment)
    printed.push(result)
    return result
  }
  const succeeds = async (args: string, environment?: Variables) => {
    const { status, stdout, stderr } = await touchstone(args, environment)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    return stdout
  }
  /** Commands that are refused, beside each other: nothing of them is written. */
  const refused = async (
    cases: readonly (readonly [args: string, environment: Variables, message: string, remedy: string])[],
    status = 2,
  ) => {
    const results = await Promise.all(cases.map(([args, environment]) => touchstone(args, environment)))
    expect(results).toEqual(
      cases.map(([, , message, remedy]) => ({
        ...{ status, stdout: '' },
        stderr: `error: ${message}\n       ${remedy}\n`,
      })),
    )
  }
  const chainKey = () => keyOf({ rpcUrl: project.rpcUrl }, project.contract, project.agent)
  const addressOf = (name: keyof AgentsProject['keys']) => createSigner(project.keys[name]).key
  const recorded = async () => {
    const rows = await store.decisions.list({ agent: project.agent, limit: 10_000 })
    return rows.map(({ leaf }) => leaf)
  }

  test('is told why nothing was done, and what to do', async () => {
    const { keys, agent, identity, environment } = project
    const without = await project.anotherHost()
    const file = join(without, 'project.json')
    await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), log: null }))
    await refused([
      [
        `agents bind-identity mine ${identity}`,
        { TOUCHSTONE_IDENTITY_KEY_MINE: keys.stranger },
        `Account ${addressOf('stranger')} does not own identity ${identity}.`,
        'Send from the account that owns the token: its key is TOUCHSTONE_IDENTITY_KEY_<NAME>.',
      ],
      [
        'agents rotate-key mine',
        { TOUCHSTONE_KEY_MINE: keys.spare },
        `Agent "mine" acts by key ${agent}, and that is not among those given.`,
        'Give it in TOUCHSTONE_KEY_<NAME>. Where it is lost, the owner of the identity gives the agent another: touchstone agents rotate-key AGENT',
      ],
      [
        'agents rotate-key mine',
        { TOUCHSTONE_NEXT_KEY_MINE: keys.next, TOUCHSTONE_IDENTITY_KEY_MINE: keys.stranger },
        `Agent ${agent} acts by key ${agent}, and who allows it key ${addressOf('next')} is neither that nor the owner of its identity.`,
        'Let the present key allow it; where that is lost, the owner of the identity that the agent is bound to.',
      ],
      [
        `--dir ${without} agents take-over mine`,
        {},
        'This project anchors nowhere yet.',
        'Run its agents first.',
      ],
    ])
    const readOnly = `${environment.DATABASE_URL}?options=-c%20default_transaction_read_only%3Don`
    const { status, stderr } = await touchstone('agents take-over mine', { DATABASE_URL: readOnly })
    expect(status).toBe(3)
    expect(stderr).toMatch(/takes no writes: it is read-only\.\n {7}Nothing was written\. Name the primary/)
    expect(await chainKey()).toBe(agent)
  })

  test('binds the identity, and lets its owner replace a key that is lost', async () => {
    const { keys, identity } = project
    const before = await recorded()
    expect(before.length).toBeGreaterThan(20)
    const owner = { TOUCHSTONE_IDENTITY_KEY_MINE: keys.owner }
    expect(await succeeds(`agents bind-identity mine ${identity}`, owner)).toBe(
      `mine is bound to identity ${identity}\n`,
    )
    const lost = { ...owner, TOUCHSTONE_KEY_MINE: keys.stranger, TOUCHSTONE_NEXT_KEY_MINE: keys.next }
    const next = addressOf('next')
    expect(await succeeds('agents rotate-key mine', lost)).toBe(
      `mine is in epoch 1, and this host works for it with key ${next}\n`,
    )
    expect(await chainKey()).toBe(next)
    // It keeps its id and its record.
    expect(await recorded()).toEqual(before)
    await refused([
      [
        'agents take-over mine',
        {},
        `Agent "mine" acts by key ${next}, and that is not among those given.`,
        'Give it in TOUCHSTONE_KEY_<NAME>. Where it is lost, the owner of the identity gives the agent another: touchstone agents rotate-key AGENT',
      ],
      [
        'agents rotate-key mine',
        { TOUCHSTONE_KEY_MINE: keys.next, TOUCHSTONE_NEXT_KEY_MINE: keys.next },
        `Agent "mine" acts by key ${next} already.`,
        'Give another key in TOUCHSTONE_NEXT_KEY_<NAME>, or unset it to have one made.',
      ],
    ])
  })

  test('replaces the key by a new one, which its owner alone can read, and takes over with it', async () => {
    const { keys, directory, rpc } = project
    // Funded as soon as it is known: the command waits for it, and says what it waits for.
    const rotated = project.run(['agents', 'rotate-key', 'mine'], { TOUCHSTONE_KEY_MINE: keys.next })
    const file = join(directory, 'keys', 'mine.epoch-2.key')
    await expect
      .poll(() => readFile(file, 'utf8').catch(() => ''), { timeout: 30_000, interval: 50 })
      .toMatch(/^0x[0-9a-f]{64}\n$/)
    const made = (await readFile(file, 'utf8')).trim()
    const { key } = createSigner(made)
    await rpc('anvil_setBalance', key, '0x56bc75e2d63100000')
    const { status, stdout, stderr } = await rotated
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: `mine is in epoch 2, and this host works for it with key ${key}\n`,
    })
    expect(`${stdout}${stderr}`).not.toContain(made.slice(2))
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await succeeds('agents take-over mine', { TOUCHSTONE_KEY_MINE: keys.next })).toBe(
      `mine is in epoch 3, and this host works for it with key ${key}\n`,
    )
    expect(await chainKey()).toBe(key)
  })

  test('grants a subscriber what is sealed, and takes it back', async () => {
    const { publicKey } = await createGranteeKeys()
    const until = '2030-01-01T00:00:00Z'
    expect(await succeeds(`grant mine --to ${publicKey} --until ${until}`)).toBe(
      `${publicKey} may read mine at once until ${until}.\n`,
    )
    expect(await succeeds(`grant mine --revoke ${publicKey}`)).toBe(
      `${publicKey} reads what mine decides from now on after its reveal only.\n`,
    )
    expect(await succeeds('grant mine')).toMatch(new RegExp(`${publicKey} .* ${until} .* no `))
  })

  test('audits as the validator that a request names, and posts the answer', async () => {
    const { keys, rpcUrl, registries, identity, agent, contract, directory } = project
    const registry = registries.validation
    const { requestHash } = await requestValidation(
      { rpcUrl, privateKey: keys.owner },
      {
        ...{ registry, identity, requestUri: 'https://example.com/request' },
        request: {
          ...{ agent, log: { chainId: 31_337, verifyingContract: contract } },
          validator: addressOf('stranger'),
          ...{ firstSequence: 0, lastSequence: 7, askedAtMs: 0 },
        },
      },
    )
    const report = join(directory, 'report.json')
    const uri = 'https://example.com/report.json'
    const respond = (request: string) =>
      `audit mine --respond ${request} --registry ${registry} --report ${report} --report-uri ${uri}`
    const unknown = `0x${'12'.repeat(32)}`
    await refused([
      [
        respond(requestHash),
        { TOUCHSTONE_VALIDATOR_KEY: keys.owner },
        `The request asks validator ${addressOf('stranger')}, and TOUCHSTONE_VALIDATOR_KEY is that of ${addressOf('owner')}.`,
        'Answer with the key of the account that the request names.',
      ],
      [
        respond(unknown),
        {},
        `There is no request ${unknown}.`,
        'The owner of the agent’s identity has to ask first.',
      ],
    ])
    const answerOf = () => readValidationRequest({ rpcUrl }, { registry, requestHash })
    const tried = await succeeds(`${respond(requestHash)} --dry-run`)
    const responseHash = keccak256(await readFile(report))
    expect(tried).toContain(
      `Would answer request ${requestHash} with 100 of 100\n  registry  ${registry}\n  report    ${report}, keccak256 ${responseHash}\n  publish   ${uri}\n  Nothing was sent: this is a dry run.\n`,
    )
    expect(await answerOf()).toMatchObject({ response: 0, responseHash: `0x${'0'.repeat(64)}` })

    const posted = await succeeds(`--json ${respond(requestHash)}`, {
      TOUCHSTONE_VALIDATOR_KEY: keys.stranger,
    })
    expect(JSON.parse(posted).answer).toMatchObject({ requestHash, response: 100, responseHash })
    expect(await answerOf()).toMatchObject({ response: 100, responseHash, identity })
  })
})
