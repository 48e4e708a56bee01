import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import {
  formatInstant,
  HOUR_MS,
  instrumentId,
  type MarketEvent,
  priceE8,
  quantity,
  toStoredObservation,
  unixMs,
} from '../../core/index.ts'
import { readEnvironment } from '../environment.ts'
import { openTerminal } from '../terminal.ts'
import { openWorkspace } from '../workspace.ts'
import { addFeaturesCommand } from './features.ts'

const START_MS = 1_704_067_200_000
const HOURS = 200
const POOL = `0x${'99'.repeat(20)}` as const
const instrument = {
  id: instrumentId('eip155:7/erc20:0x1111111111111111111111111111111111111111'),
  kind: 'spot' as const,
  symbol: 'GOLD',
  decimals: 18,
  quote: 'USD' as const,
}
const hash = (number: number) => `0x${number.toString(16).padStart(64, '0')}` as const

/** One swap an hour, each a log of its own block. */
function swap(hour: number): MarketEvent {
  const at = unixMs(START_MS + hour * HOUR_MS)
  const price = priceE8(BigInt(200_000_000_000 + ((hour * 7_919) % 101) * 100_000_000))
  return {
    instrument: instrument.id,
    validAt: at,
    knownAt: at,
    lineage: {
      kind: 'chain',
      chainId: 7,
      address: POOL,
      blockNumber: 1_000 + hour,
      blockHash: hash(1_000 + hour),
      transactionHash: hash(hour),
      logIndex: 3,
      estimated: [],
    },
    value: {
      type: 'swap',
      pool: POOL,
      baseDelta: quantity(10n ** 18n),
      quoteDelta: -price,
      notionalE8: price,
      priceE8: price,
      sqrtPriceX96: 1n,
      liquidity: 1n,
      tick: 0,
      sender: POOL,
      recipient: POOL,
    },
  }
}

let directory: string
beforeAll(async () => {
  vi.stubEnv('DATABASE_URL', undefined)
  directory = await mkdtemp(join(tmpdir(), 'features-command-'))
  const workspace = await openWorkspace({
    directory,
    environment: readEnvironment(),
    terminal: openTerminal(true),
    create: true,
  })
  await workspace.update({
    agents: [
      {
        name: 'gold',
        definition: 'gold-trend',
        instrument,
        observes: [],
        settings: { periodMs: HOUR_MS },
      },
    ],
  })
  await workspace.store.observations.append({
    observations: Array.from({ length: HOURS }, (_, hour) => toStoredObservation(swap(hour), `row ${hour}`)),
    cursor: { source: 'eip155:7', stream: 'all', block: 1_000 + HOURS, blockHash: null },
  })
  await workspace.close()
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await rm(directory, { recursive: true, force: true })
})

/** Runs the command, and returns the JSON object that it prints. */
async function features(...args: string[]) {
  const written: string[] = []
  const output = vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    written.push(String(text))
    return true
  })
  try {
    const program = new Command().option('--dir <folder>').option('--config <file>').option('--json')
    addFeaturesCommand(program)
    await program.parseAsync(['--dir', directory, '--json', 'features', ...args], { from: 'user' })
  } finally {
    output.mockRestore()
  }
  return JSON.parse(written.join(''))
}

const atHour = (hour: number) => formatInstant(unixMs(START_MS + hour * HOUR_MS))

test('a matrix is built once, then read from the project’s folder', async () => {
  const built = await features('gold')
  const kept = await features('gold')
  // The first swap only starts the agent's clock.
  expect([built.origin, kept.origin, built.rows]).toEqual(['built', 'kept', HOURS - 1])
  expect(kept).toEqual({ ...built, origin: 'kept' })
  expect(await readdir(join(directory, 'features'))).toHaveLength(1)
})

test('a trace names the logs behind a value', async () => {
  const traced = await features('gold', '--trace', 'return_20h', '--at', atHour(150))
  const price = (hour: number) => 2_000 + ((hour * 7_919) % 101)
  expect(traced.value).toBe(Math.fround(Math.log(price(150) / price(130))))
  expect(traced.listed).toMatchObject([
    { source: 'eip155:7', block: 1_130, logIndex: 3, transactionHash: hash(130), type: 'swap' },
    { source: 'eip155:7', block: 1_150, logIndex: 3, transactionHash: hash(150), type: 'swap' },
  ])
  expect(traced.observations).toBe(2)
})

test('a built-in feature that the agent does not use can be traced too', async () => {
  const { observations, ranges } = await features(
    'gold',
    '--trace',
    'ewma_volatility_10d',
    '--at',
    atHour(99),
  )
  expect(observations).toBe(100)
  expect(ranges).toMatchObject([{ source: 'eip155:7', first: { block: 1_000 }, last: { block: 1_099 } }])
})

test.each([
  [['gold', '--trace', 'nothing', '--at', '2024-01-01'], 'There is no feature "nothing".'],
  [['gold', '--trace', 'return_20h', '--at', 'yesterday'], '"yesterday" is not a date or time.'],
  [['gold', '--trace', 'return_20h'], 'A trace needs an agent, a feature and a time.'],
  [['gold', '--at', '2024-01-01'], 'A trace needs an agent, a feature and a time.'],
  [['--trace', 'return_20h', '--at', '2024-01-01'], 'A trace needs an agent, a feature and a time.'],
  [['nobody'], 'There is no agent "nobody" in this project.'],
])('refuses %j', async (args, message) => {
  await expect(features(...args)).rejects.toThrow(message)
})
