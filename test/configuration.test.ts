import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startExchangeServer } from '../chain-ingest/testing/exchangeServer.conformance.ts'
import { hasRecordedData, recorded } from '../chain-ingest/testing/recordedData.conformance.ts'
import { deployMarket } from '../cli/localMarket/deployMarket.ts'
import { openNodeRpc } from '../cli/localMarket/nodeRpc.ts'
import { type Anvil, startAnvil } from '../cli/startAnvil.ts'
import { type MarketValue, type StoredObservation, ZERO_ADDRESS } from '../core/index.ts'
import { openPglite } from '../feature-store/index.ts'
import { CLI, runCli } from './runCli.ts'

// What a user gets from a touchstone.config.ts alone, through the command line as it ships.

const ROOT = resolve(import.meta.dirname, '..')
let root: string
let projects = 0
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'touchstone-config-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

/** Writes a configuration into a folder of its own. */
async function configure(config: string): Promise<{ folder: string; file: string }> {
  const folder = join(root, `project-${projects++}`)
  await mkdir(folder)
  const file = join(folder, 'touchstone.config.ts')
  await writeFile(
    file,
    `import { defineConfig, env, plume } from 'touchstone/config'\nvoid [env, plume]\nexport default defineConfig(${config})\n`,
  )
  return { folder, file }
}

async function touchstone(file: string, args: readonly string[], environment: Record<string, string> = {}) {
  const { status, stdout, stderr } = await runCli(['--config', file, '--json', ...args], environment)
  expect(status, stderr).toBe(0)
  return { ...JSON.parse(stdout), stderr }
}

/** Everything that a project's store holds of a source, in the source's order. */
async function storedOf(folder: string, source: string): Promise<StoredObservation[]> {
  const store = await openPglite({ directory: join(folder, '.touchstone') })
  try {
    return await store.observations.scan({ source, limit: 100_000 })
  } finally {
    await store.close()
  }
}

const valuesOf = (rows: readonly StoredObservation[]): MarketValue[] => rows.map(({ event }) => event.value)

describe('touchstone init', () => {
  test('writes a project that type-checks, ingests and backtests, and overwrites nothing', async () => {
    const folder = join(root, 'starter')
    const written = await runCli(['init', folder])
    expect(written.status, written.stderr).toBe(0)
    // As an installation would: the project finds touchstone and the types of Node beside it.
    await mkdir(join(folder, 'node_modules'))
    await symlink(ROOT, join(folder, 'node_modules', 'touchstone'))
    await symlink(join(ROOT, 'node_modules', '@types'), join(folder, 'node_modules', '@types'))
    const checked = spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc')], {
      cwd: folder,
      encoding: 'utf8',
    })
    expect(checked.status, checked.stdout).toBe(0)

    // In the project's folder, without a flag, as its README says.
    const inside = (...args: string[]) =>
      spawnSync(process.execPath, [CLI, '--json', ...args], { cwd: folder, encoding: 'utf8' })
    const ingested = inside('ingest')
    expect(ingested.status, ingested.stderr).toBe(0)
    expect(JSON.parse(ingested.stdout).sources).toMatchObject([{ source: 'gold', byType: { bar: 17_520 } }])
    const backtest = inside('backtest', 'trend')
    expect(backtest.status, backtest.stderr).toBe(0)
    expect(JSON.parse(backtest.stdout).decisions).toBeGreaterThan(500)

    const before = await readFile(join(folder, 'touchstone.config.ts'), 'utf8')
    const again = await runCli(['init', folder])
    expect(again.status).toBe(2)
    expect(again.stderr).toMatch(/holds touchstone\.config\.ts.* already; nothing was written/)
    expect(await readFile(join(folder, 'touchstone.config.ts'), 'utf8')).toBe(before)
  }, 120_000)
})

describe('a chain', () => {
  let node: Anvil
  let market: Awaited<ReturnType<typeof deployMarket>>
  beforeAll(async () => {
    node = await startAnvil()
    market = await deployMarket(openNodeRpc(node.url), node.chainId)
  })
  afterAll(() => node.stop())

  test('is read by kinds and addresses alone: the contracts say the rest', async () => {
    const { folder, file } = await configure(`{
      chains: {
        market: {
          id: 31337,
          rpc: \`\${env('MARKET_NODE')}/?key=\${env('MARKET_KEY')}\`,
          contracts: [
            { kind: 'pool', address: '${market.pool}' },
            { kind: 'vault', address: '${market.vault}' },
            { kind: 'erc20', address: '${market.gold}', instrument: { kind: 'navToken' } },
          ],
        },
      },
      agents: {
        momentum: { definition: 'order-flow-momentum', instrument: 'GOLD', observes: ['${market.vaultInstrument.symbol}'] },
      },
    }`)
    const environment = { MARKET_NODE: node.url, MARKET_KEY: 'a-secret-key' }
    const first = await touchstone(file, ['ingest', '--to', '30'], environment)
    expect(first.stderr).toContain('source market added, agent momentum added')
    expect(first.sources[0].byType).toMatchObject({ liquidity: 1 })

    const text = await readFile(join(folder, '.touchstone', 'project.json'), 'utf8')
    expect(text).not.toContain('a-secret-key')
    const project = JSON.parse(text)
    expect(project.sources[0].contracts).toMatchObject([
      { kind: 'pool', base: { symbol: 'GOLD', decimals: 18, quote: 'USDL' } },
      { kind: 'vault', assetDecimals: 6, instrument: { ...market.vaultInstrument } },
      { kind: 'erc20', instrument: { kind: 'navToken', symbol: 'GOLD', decimals: 18 } },
    ])
    expect(project.agents[0]).toMatchObject({
      name: 'momentum',
      instrument: { id: market.goldInstrument.id },
      observes: [market.vaultInstrument.id],
    })

    // Unchanged, it asks nothing and says nothing.
    const second = await touchstone(file, ['ingest'], environment)
    expect(second.stderr).toBe('')
    // With a changed agent, the chain need not be asked: its node may be down.
    await writeFile(file, (await readFile(file, 'utf8')).replace('momentum:', "'order-flow':"))
    const third = await touchstone(file, ['agents'], { MARKET_NODE: 'http://127.0.0.1:9' })
    expect(third.stderr).toContain('agent order-flow added, agent momentum removed')
  })

  test('of several nodes, one that answers is enough', async () => {
    const { file } = await configure(`{
      chains: {
        market: {
          id: 31337,
          rpc: ['http://127.0.0.1:9', '${node.url}'],
          requestsPerSecond: 200,
          contracts: [{ kind: 'erc20', address: '${market.gold}' }],
        },
      },
    }`)
    const { sources } = await touchstone(file, ['ingest'])
    expect(sources[0].byType.transfer).toBeGreaterThan(0)
  })
})

test('an exchange: bars of its symbol, and nothing new when read again', async () => {
  const since = Date.UTC(2024, 7, 9)
  const server = await startExchangeServer({
    klines: Array.from({ length: 1_500 }, (_, index) => {
      const open = since + index * 60_000
      return [open, '60000.10', '60010.00', '59990.00', '60005.50', '1.25', open + 59_999] as const
    }),
  })
  try {
    const { folder, file } = await configure(`{
      exchanges: {
        btc: { exchange: 'binance', symbol: 'BTC/USDT', since: '2024-08-09', url: '${server.url}' },
      },
    }`)
    const read = await touchstone(file, ['ingest'])
    expect(read.sources).toMatchObject([{ source: 'btc', byType: { bar: 1_500 }, observations: 1_500 }])
    expect((await touchstone(file, ['ingest'])).sources[0].observations).toBe(0)
    const [bar] = valuesOf(await storedOf(folder, 'binance:BTC/USDT#1m'))
    expect(bar).toMatchObject({
      type: 'bar',
      bid: { open: 6_000_010_000_000n, close: 6_000_550_000_000n },
      volumeE8: 125_000_000n,
    })
  } finally {
    await server.close()
  }
})

if (!hasRecordedData) console.log('Skipped: no recorded data (set TOUCHSTONE_DATA to its folder).')

describe.skipIf(!hasRecordedData)('recorded chains, through a configuration alone', () => {
  const instrument = (chainId: number, address: string, symbol: string, decimals: number) =>
    `{ id: 'eip155:${chainId}/erc20:${address}', symbol: '${symbol}', decimals: ${decimals} }`
  const AAVE_EVENTS = [
    'event Supply(address indexed reserve, address user, address indexed onBehalfOf, uint256 amount, uint16 indexed referralCode)',
    'event Withdraw(address indexed reserve, address indexed user, address indexed to, uint256 amount)',
    'event Borrow(address indexed reserve, address user, address indexed onBehalfOf, uint256 amount, uint8 interestRateMode, uint256 borrowRate, uint16 indexed referralCode)',
    'event Repay(address indexed reserve, address indexed user, address indexed repayer, uint256 amount, bool useATokens)',
    'event ReserveDataUpdated(address indexed reserve, uint256 liquidityRate, uint256 stableBorrowRate, uint256 variableBorrowRate, uint256 liquidityIndex, uint256 variableBorrowIndex)',
  ]

  test('Aave, Uniswap and PAXG', async () => {
    const { folder, file } = await configure(`{
      chains: {
        polygon: {
          id: 137,
          recording: ${JSON.stringify(recorded('aave-v3/usdc.polygon.2024-01-06.logs.jsonl.gz'))},
          contracts: [{
            kind: 'events',
            address: '0x794a61358D6845594F94dc1DB02A252b5b4814aD',
            instrument: ${instrument(137, '0x2791bca1f2de4661ed88a30c99a7a9449aa84174', 'USDC.e', 6)},
            events: ${JSON.stringify(AAVE_EVENTS)},
          }],
        },
        uniswap: {
          id: 1,
          recording: ${JSON.stringify(recorded('uniswap-v3/usdc-weth-500.2024-01-05.logs.jsonl.gz'))},
          contracts: [{
            kind: 'pool',
            address: '0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640',
            base: ${instrument(1, '0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2', 'WETH', 18)},
            baseIsToken0: false, token0Decimals: 6, token1Decimals: 18,
          }],
        },
        paxg: {
          id: 1,
          recording: ${JSON.stringify(recorded('paxg/paxg-transfers.logs.jsonl.gz'))},
          anchor: { block: 24_768_676, time: '2026-03-29T15:00:00Z', blockTimeMs: 12_000 },
          contracts: [{
            kind: 'erc20',
            address: '0x45804880De22913dAFE09f4980848ECE6EcbAf78',
            instrument: ${instrument(1, '0x45804880de22913dafe09f4980848ece6ecbaf78', 'PAXG', 18)},
          }],
        },
      },
    }`)
    const { sources } = await touchstone(file, ['ingest'])
    expect(sources).toEqual([
      {
        source: 'polygon',
        rows: 2_111,
        observations: 2_111,
        byType: { contractEvent: 2_111 },
        unrecognised: 0,
      },
      {
        source: 'uniswap',
        rows: 6_234,
        observations: 6_234,
        byType: { swap: 6_046, liquidity: 123, collect: 65 },
        unrecognised: 0,
      },
      { source: 'paxg', rows: 2_284, observations: 2_284, byType: { transfer: 2_284 }, unrecognised: 0 },
    ])
    const events: Record<string, number> = {}
    for (const value of valuesOf(await storedOf(folder, 'eip155:137')))
      if (value.type === 'contractEvent') events[value.event] = (events[value.event] ?? 0) + 1
    expect(events).toEqual({ ReserveDataUpdated: 1_231, Withdraw: 369, Supply: 308, Repay: 107, Borrow: 96 })
  }, 120_000)

  test('a redemption on Plume: share burn, payout and fulfilment, exactly', async () => {
    const [share, asset, vault] = [
      '0xed7aea61da92f901983bd85b63ba7d217797e405',
      '0x222365ef19f7947e5484218551b56bb3965aa7af',
      '0x802e1f92a6890430bcf350ad553c936fa425266c',
    ]
    const { folder, file } = await configure(`{
      chains: {
        plume: {
          id: plume.chain.id,
          recording: ${JSON.stringify(recorded('plume/fulfill-redeem.receipt.json'))},
          contracts: [
            { kind: 'erc20', address: '${share}', instrument: ${instrument(98_866, share!, 'SHARE', 6)} },
            { kind: 'erc20', address: '${asset}', instrument: ${instrument(98_866, asset!, 'ASSET', 6)} },
            {
              kind: 'vault', address: '${vault}', assetDecimals: 6,
              instrument: ${instrument(98_866, share!, 'SHARE', 6)},
            },
          ],
        },
      },
    }`)
    const { sources } = await touchstone(file, ['ingest'])
    // The fourth log is the share token's own Exit event, which no kind here reads.
    expect(sources).toMatchObject([{ rows: 4, unrecognised: 1, byType: { transfer: 2, vaultRequest: 1 } }])
    expect(valuesOf(await storedOf(folder, 'eip155:98866'))).toEqual([
      { type: 'transfer', from: vault, to: ZERO_ADDRESS, amount: 1_000n },
      { type: 'transfer', from: share, to: vault, amount: 1_100n },
      {
        type: 'vaultRequest',
        stage: 'redeemFulfilled',
        controller: '0x75eea7b4514550119f86b6da4a909e3f4a92e7ba',
        requestId: null,
        assets: 1_100n,
        shares: 1_000n,
      },
    ])
  })
})

describe('a wrong configuration ends with the field, and writes nothing', () => {
  let node: Anvil
  let market: Awaited<ReturnType<typeof deployMarket>>
  beforeAll(async () => {
    node = await startAnvil()
    market = await deployMarket(openNodeRpc(node.url), node.chainId)
  })
  afterAll(() => node.stop())

  async function refusal(config: string, command: readonly string[] = ['ingest']) {
    const { folder, file } = await configure(config)
    const { status, stdout, stderr } = await runCli(['--config', file, ...command])
    expect(stdout).toBe('')
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(existsSync(join(folder, '.touchstone'))).toBe(false)
    return { status, stderr }
  }
  const onNode = (contract: string, id = 31_337) =>
    `{ chains: { main: { id: ${id}, rpc: '${node.url}', contracts: [${contract}] } } }`

  test('a misspelt field', async () => {
    const { status, stderr } = await refusal(
      `{ chains: { main: { id: 1, rcp: 'http://x', contracts: [] } } }`,
    )
    expect(status).toBe(2)
    expect(stderr).toMatch(/touchstone\.config\.ts: chains\.main\.rcp: there is no such field/)
  })

  test('an address that is too short, and one with a mistyped digit', async () => {
    const short = await refusal(onNode(`{ kind: 'erc20', address: '0x12' }`))
    expect(short.stderr).toMatch(/chains\.main\.contracts\[0\]\.address: "0x12" is no address/)
    const mistyped = await refusal(
      onNode(`{ kind: 'erc20', address: '0xdddD73F5Df1F0DC31373357beAC77545dC5A6f3E' }`),
    )
    expect(mistyped.stderr).toMatch(/contracts\[0\]\.address: .* wrong checksum/)
  })

  test('an address where no contract is', async () => {
    const { status, stderr } = await refusal(onNode(`{ kind: 'erc20', address: '0x${'12'.repeat(20)}' }`))
    expect(status).toBe(2)
    expect(stderr).toMatch(/chains\.main\.contracts\[0\]: There is no contract at 0x1212/)
  })

  test('a contract of another kind', async () => {
    const { status, stderr } = await refusal(
      onNode(`{ kind: 'erc20', address: '${market.gold}' }, { kind: 'vault', address: '${market.gold}' }`),
    )
    expect(status).toBe(2)
    expect(stderr).toMatch(
      /chains\.main\.contracts\[1\]: The contract 0x\w+ does not answer as a ERC-4626 vault|contracts\[1\]: .*asset\(\)/,
    )
  })

  test('an event that is no Solidity', async () => {
    const { status, stderr } = await refusal(
      onNode(`{ kind: 'events', address: '${market.gold}', events: ['Transfer(from address)'] }`),
    )
    expect(status).toBe(2)
    expect(stderr).toMatch(/chains\.main\.contracts\[0\]: events\[0\], "Transfer\(from address\)"/)
  })

  test('an ABI that does not match: another type, and another argument that is indexed', async () => {
    const reading = async (signature: string) => {
      const { file, folder } = await configure(
        onNode(`{ kind: 'events', address: '${market.gold}', events: ['${signature}'] }`),
      )
      const { status, stderr } = await runCli(['--config', file, 'ingest'])
      expect(status).toBe(2)
      expect(await storedOf(folder, 'eip155:31337')).toEqual([])
      return stderr
    }
    expect(await reading('Transfer(address indexed from, address indexed to, uint128 value)')).toMatch(
      /main: contracts\[0\]\.events: none of these events of 0x\w+ occurs, but \d+ logs/,
    )
    expect(await reading('Transfer(address indexed from, address to, uint256 value)')).toMatch(
      /Transfer\(address,address,uint256\) of 0x\w+ has 2 indexed arguments on the chain, but 1 in the configuration/,
    )
  })

  test('a node of another chain', async () => {
    const { status, stderr } = await refusal(onNode(`{ kind: 'erc20', address: '${market.gold}' }`, 98_866))
    expect(status).toBe(2)
    expect(stderr).toMatch(/chains\.main\.rpc: .*31337.*98866/)
  })

  test('a variable that is not set', async () => {
    const { status, stderr } = await refusal(
      `{ chains: { main: { id: 1, rpc: \`http://127.0.0.1:9/\${env('NO_SUCH_KEY')}\`, contracts: [{ kind: 'erc20', address: '0x${'12'.repeat(20)}' }] } } }`,
    )
    expect(status).toBe(2)
    expect(stderr).toMatch(/chains\.main\.rpc: The environment variable NO_SUCH_KEY is not set/)
  })

  test('a recording that lacks what it cannot be asked for', async () => {
    const file = join(root, 'empty.jsonl')
    await writeFile(file, '')
    const { status, stderr } = await refusal(
      `{ chains: { main: { id: 1, recording: '${file}', contracts: [{ kind: 'erc20', address: '0x${'12'.repeat(20)}' }] } } }`,
    )
    expect(status).toBe(2)
    expect(stderr).toMatch(/chains\.main\.contracts\[0\]: instrument\.symbol is missing/)
  })

  test('an exchange, a symbol and a timeframe that do not exist', async () => {
    const server = await startExchangeServer({ klines: [] })
    const market = (fields: string) =>
      `{ exchanges: { btc: { exchange: 'binance', symbol: 'BTC/USDT', since: '2024-08-09', url: '${server.url}', ${fields} } } }`
    try {
      const exchange = await refusal(market(`exchange: 'binanze'`))
      expect(exchange.stderr).toMatch(/exchanges\.btc: There is no exchange "binanze"/)
      const symbol = await refusal(market(`symbol: 'BTC/USDTT'`))
      expect(symbol.status).toBe(2)
      expect(symbol.stderr).toMatch(/exchanges\.btc: .*BTC\/USDTT/)
      const timeframe = await refusal(market(`timeframe: '7m'`))
      expect(timeframe.stderr).toMatch(/exchanges\.btc: .*7m/)
    } finally {
      await server.close()
    }
  })

  test('an agent of an instrument that no source brings, and one that is no file', async () => {
    const instrument = await refusal(`{ agents: { a: { definition: 'gold-trend', instrument: 'XAU' } } }`)
    expect(instrument.stderr).toMatch(/agents\.a: instrument: no source brings observations of "XAU"/)
    const module = await refusal(`{ agents: { a: { definition: './none.ts', instrument: 'XAU' } } }`)
    expect(module.stderr).toMatch(/agents\.a: definition: there is no file/)
  })

  test('a configuration that throws, one without a default export, and none', async () => {
    const thrown = await refusal(`(() => { throw new Error('no coffee') })()`)
    expect(thrown.status).toBe(2)
    expect(thrown.stderr).toMatch(/could not be loaded: no coffee/)
    const { file } = await configure('{}')
    await writeFile(file, 'export const config = {}\n')
    expect((await runCli(['--config', file, 'ingest'])).stderr).toMatch(/has no default export/)
    const none = await runCli(['--config', join(root, 'none.ts'), 'ingest'])
    expect(none).toMatchObject({ status: 2, stderr: expect.stringMatching(/There is no configuration/) })
  })
})
