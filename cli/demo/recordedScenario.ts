import { access } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import {
  erc20InstrumentId,
  type Instrument,
  InvalidInputError,
  instrumentId,
  parseInstant,
} from '../../core/index.ts'
import type { AgentConfig } from '../projectSchema.ts'
import type { Scenario } from './scenario.ts'

const ETHEREUM = 1
const WETH = instrument('WETH', 18, erc20InstrumentId(ETHEREUM, '0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2'))
const PAXG = instrument('PAXG', 18, erc20InstrumentId(ETHEREUM, '0x45804880de22913dafe09f4980848ece6ecbaf78'))
const GOLD = instrument('XAUUSD', 8, instrumentId('oanda:XAUUSD'))

/** The recorded day: its first block, where its live part begins (after seven tenths), and its last. */
const POOL_FIRST_BLOCK = 18_937_382
const POOL_LIVE_BLOCK = 18_942_350
const POOL_LAST_BLOCK = 18_944_480

/** Gold's history ends here, and the rest of the bars is its live part. */
const GOLD_LIVE_FROM = parseInstant('2016-01-01')

/** The files that the recorded demo reads, relative to its data folder. */
export const RECORDED_FILES = {
  pool: 'uniswap-v3/usdc-weth-500.2024-01-05.logs.jsonl.gz',
  token: 'paxg/paxg-transfers.logs.jsonl.gz',
  gold: 'xauusd/xauusd-hourly-2006-2016.csv',
} as const

/**
 * A recorded day of Ethereum's USDC/WETH pool, three hours of PAXG transfers and eleven years of hourly gold.
 *
 * @throws InvalidInputError naming the first file that is missing.
 */
export async function recordedScenario(folder: string): Promise<Scenario> {
  const file = (name: keyof typeof RECORDED_FILES) => resolve(join(folder, RECORDED_FILES[name]))
  for (const name of Object.keys(RECORDED_FILES) as (keyof typeof RECORDED_FILES)[])
    await access(file(name)).catch((cause: unknown) => {
      throw new InvalidInputError(`The recording ${file(name)} is missing.`, {
        facts: { file: file(name) },
        hint: 'Give the folder that holds the recordings with --data, or leave --data out for a local market.',
        cause,
      })
    })
  const agent = (name: string, traded: Instrument): AgentConfig => ({
    name,
    definition: name,
    instrument: { ...traded },
    observes: [],
    settings: {},
  })
  return {
    about: 'recorded: a day of the USDC/WETH pool, PAXG transfers, eleven years of hourly gold',
    poolSource: 'usdc-weth-500',
    sources: [
      {
        kind: 'recording',
        name: 'usdc-weth-500',
        files: [file('pool')],
        chainId: ETHEREUM,
        contracts: [
          {
            kind: 'pool',
            address: '0x88e6a0c2ddd26feeb64f039a2c41296fcb3f5640',
            base: WETH,
            baseIsToken0: false,
            token0Decimals: 6,
            token1Decimals: 18,
          },
        ],
        fromBlock: POOL_FIRST_BLOCK,
        toBlock: POOL_LAST_BLOCK,
        anchor: null,
        finalityDelayMs: 0,
      },
      {
        kind: 'recording',
        name: 'paxg',
        files: [file('token')],
        chainId: ETHEREUM,
        contracts: [
          { kind: 'erc20', address: '0x45804880de22913dafe09f4980848ece6ecbaf78', instrument: PAXG },
        ],
        fromBlock: 24_768_676,
        toBlock: 24_769_672,
        // The recording has no block times. A slot of twelve seconds is exact; where it starts is estimated
        // from the chain's rate of missed slots, and each observation's lineage says so.
        anchor: {
          blockNumber: 24_768_676,
          timeMs: parseInstant('2026-03-29T15:00:00Z'),
          blockTimeMs: 12_000,
        },
        finalityDelayMs: 0,
      },
      { kind: 'bars', name: 'xauusd', file: file('gold'), feed: GOLD.id, instrument: GOLD },
    ],
    agents: [agent('order-flow-momentum', WETH), agent('gold-trend', GOLD)],
    tokens: [PAXG],
    historyEnd: source =>
      source === 'usdc-weth-500'
        ? { toBlock: POOL_LIVE_BLOCK }
        : source === 'xauusd'
          ? { untilMs: GOLD_LIVE_FROM }
          : {},
    live: null,
    linger: null,
  }
}

function instrument(symbol: string, decimals: number, id: Instrument['id']): Instrument {
  return { id, kind: 'spot', symbol, decimals, quote: 'USD' }
}
