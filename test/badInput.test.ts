import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startAnvil } from '../cli/startAnvil.ts'
import { unixMs, ZERO_HASH } from '../core/index.ts'
import { openPglite } from '../feature-store/index.ts'
import { sealGivenWeights, serialiseSealedModel } from '../models/index.ts'
import { type CliResult, runCli } from './runCli.ts'

// Every wrong input ends with a clear message on standard error, a non-zero status, no stack, nothing written.

let directory: string
beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'touchstone-')), 'project')
})

const touchstone = (...args: string[]) => runCli(['--dir', directory, ...args])

function expectRefusal(
  { status, stdout, stderr }: CliResult,
  { exit, message, hint }: { exit: number; message: string | RegExp; hint: string | RegExp },
) {
  expect({ status, stdout }).toEqual({ status: exit, stdout: '' })
  expect(stderr).toMatch(message)
  expect(stderr).toMatch(hint)
  expect(stderr).not.toMatch(/^\s+at /m)
}

const GOLD = ['--instrument', 'oanda:XAUUSD', '--symbol', 'XAUUSD']
const HEADER = 'time_utc,bid_open,bid_high,bid_low,bid_close,ask_open,ask_high,ask_low,ask_close'
const bar = (time: string, price = 1000) =>
  [time, ...Array(4).fill(price), ...Array(4).fill(price + 1)].join(',')

async function ingestGold(
  rows: readonly string[] = [bar('2020-01-01T00:00:00Z'), bar('2020-01-01T01:00:00Z')],
) {
  const file = join(directory, '..', 'gold.csv')
  await writeFile(file, `${[HEADER, ...rows].join('\n')}\n`)
  return touchstone('ingest', '--bars', file, ...GOLD)
}

async function addAgent(definition: string) {
  const path = join(directory, 'project.json')
  const project = JSON.parse(await readFile(path, 'utf8'))
  const [{ instrument }] = project.sources
  project.agents = [{ name: definition, definition, instrument, observes: [], settings: {} }]
  await writeFile(path, JSON.stringify(project))
}

test('no project', async () => {
  expectRefusal(await touchstone('audit'), {
    exit: 2,
    message: /There is no touchstone project in /,
    hint: /touchstone demo/,
  })
  expect(existsSync(directory)).toBe(false)
})

test('an unknown command and an unknown option', async () => {
  expectRefusal(await touchstone('trade'), { exit: 2, message: /unknown command 'trade'/, hint: /--help/ })
  expectRefusal(await touchstone('demo', '--fast'), {
    exit: 2,
    message: /unknown option '--fast'/,
    hint: /--help/,
  })
})

test('an unknown agent', async () => {
  await ingestGold()
  for (const args of [
    ['backtest', 'nobody'],
    ['train', 'nobody'],
    ['run', 'nobody', '--local'],
    ['features', 'nobody'],
  ])
    expectRefusal(await touchstone(...args), {
      exit: 2,
      message: /There is no agent "nobody" in this project\./,
      hint: /built in are order-flow-momentum, gold-trend/,
    })
})

test('a malformed row, with its file and line', async () => {
  const rows = [
    bar('2020-01-01T00:00:00Z'),
    bar('2020-01-01T01:00:00Z'),
    '2020-01-01T02:00:00Z,1,2,three,4,5,6,7,8',
  ]
  const result = await ingestGold(rows)
  expectRefusal(result, { exit: 2, message: /gold\.csv.*4/, hint: /./ })
  // Nothing of it stays: neither the source nor a row.
  expectRefusal(await touchstone('features', 'gold-trend'), {
    exit: 2,
    message: /no touchstone project|no agent/,
    hint: /./,
  })
})

test('a malformed line of a recording, with its file and line', async () => {
  const file = join(directory, '..', 'broken.jsonl')
  await writeFile(file, '{"address":"0x88e6a0c2ddd26feeb64f039a2c41296fcb3f5640"\n')
  const contracts = join(directory, '..', 'contracts.json')
  const instrument = {
    id: 'eip155:1/erc20:0x45804880de22913dafe09f4980848ece6ecbaf78',
    kind: 'spot',
    symbol: 'PAXG',
    decimals: 18,
    quote: 'USD',
  }
  await writeFile(
    contracts,
    JSON.stringify([{ kind: 'erc20', address: '0x45804880de22913dafe09f4980848ece6ecbaf78', instrument }]),
  )
  expectRefusal(
    await touchstone('ingest', '--recording', file, '--chain-id', '1', '--contracts', contracts),
    {
      exit: 2,
      message: /broken\.jsonl.*1/,
      hint: /./,
    },
  )
})

test('a dead RPC, without the secret in its url', async () => {
  const result = await touchstone(
    'ingest',
    '--rpc',
    'http://user:secret@127.0.0.1:9/v2/apikey',
    '--chain-id',
    '1',
    '--token',
    `0x${'1'.repeat(40)}`,
  )
  expectRefusal(result, { exit: 3, message: /127\.0\.0\.1:9/, hint: /./ })
  expect(result.stderr).not.toMatch(/secret|apikey/)
  expect(existsSync(join(directory, 'project.json'))).toBe(false)
})

describe('with a node', () => {
  let node: Awaited<ReturnType<typeof startAnvil>>
  beforeAll(async () => {
    node = await startAnvil()
  })
  afterAll(() => node.stop())

  test('a wrong chain id', async () => {
    const result = await touchstone(
      'ingest',
      '--rpc',
      node.url,
      '--chain-id',
      '98866',
      '--token',
      `0x${'1'.repeat(40)}`,
    )
    expectRefusal(result, { exit: 2, message: /31337.*98866|98866.*31337/, hint: /./ })
    expect(existsSync(join(directory, 'project.json'))).toBe(false)
  })

  test('a contract that is not what it is said to be', async () => {
    expectRefusal(await touchstone('ingest', '--rpc', node.url, '--pool', `0x${'1'.repeat(40)}`), {
      exit: 2,
      message: /There is no contract at 0x1111\w+, where a Uniswap v3 pool should be/,
      hint: /Check the address/,
    })
  })

  test('a recording of blocks that do not exist', async () => {
    const out = join(directory, '..', 'out.jsonl.gz')
    const result = await touchstone(
      'record',
      '--rpc',
      node.url,
      '--from',
      '5',
      '--to',
      '9',
      '--address',
      `0x${'1'.repeat(40)}`,
      '--out',
      out,
    )
    expectRefusal(result, { exit: 2, message: /Block 9 does not exist yet/, hint: /./ })
    expect(existsSync(out)).toBe(false)
  })
})

test('a directory that another process owns', async () => {
  await ingestGold()
  await addAgent('gold-trend')
  const store = await openPglite({ directory })
  try {
    for (const args of [['audit'], ['run', '--local'], ['agents'], ['demo', '--exit']])
      expectRefusal(await touchstone(...args), {
        exit: 4,
        message: new RegExp(`Process ${process.pid} owns `),
        hint: /Stop that process|Stop it/,
      })
  } finally {
    await store.close()
  }
})

test('a model trained on other features', async () => {
  await ingestGold(
    Array.from({ length: 48 }, (_, hour) =>
      bar(new Date(Date.UTC(2020, 0, 1, hour)).toISOString().replace('.000', ''), 1000 + (hour % 7)),
    ),
  )
  await addAgent('order-flow-momentum')
  const { text: artifact, hash } = serialiseSealedModel(
    sealGivenWeights({
      name: 'order-flow',
      version: 1,
      instrument: 'oanda:XAUUSD',
      label: { kind: 'forward-return', horizonMs: 60_000 },
      featureSet: ZERO_HASH,
      features: ['a', 'b'],
      weights: [1, 1],
    }),
  )
  const store = await openPglite({ directory })
  await store.models.save({ hash, name: 'order-flow', artifact, createdAtMs: unixMs(1) })
  await store.close()
  expectRefusal(await touchstone('backtest', 'order-flow-momentum', '--model', hash), {
    exit: 2,
    message: /was trained on other features/,
    hint: /./,
  })
})

test('a private key of the wrong form, which is never shown', async () => {
  await ingestGold()
  await addAgent('gold-trend')
  const key = 'not-a-key-but-a-secret'
  const result = await runCli(['--dir', directory, 'run', '--local', '--once'], {
    TOUCHSTONE_KEY_GOLD_TREND: key,
  })
  expectRefusal(result, { exit: 2, message: /private key/i, hint: /./ })
  expect(result.stdout + result.stderr).not.toContain(key)
})

test('a project file with a misspelt field', async () => {
  await mkdir(directory, { recursive: true })
  await writeFile(
    join(directory, 'project.json'),
    JSON.stringify({ version: 1, demo: false, log: null, sources: [], agent: [] }),
  )
  expectRefusal(await touchstone('agents'), {
    exit: 2,
    message: /project\.json: .*agent/,
    hint: /Correct the field/,
  })
})

afterAll(async () => {
  if (directory !== undefined) await rm(join(directory, '..'), { recursive: true, force: true })
})
