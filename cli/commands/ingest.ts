import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import {
  type ContractRequest,
  type ContractSpec,
  createRpcSource,
  DEFAULT_FINALITY_BLOCKS,
  describeContract,
} from '../../chain-ingest/index.ts'
import {
  type Address,
  type Instrument,
  InvalidInputError,
  instrumentId,
  NotFoundError,
  parseInstant,
} from '../../core/index.ts'
import { commandContext, wholeNumber } from '../commandContext.ts'
import { DEFAULT_CONFIRMATIONS } from '../defaultConfirmations.ts'
import { type IngestSummary, ingestSource } from '../ingestSource.ts'
import { parseStrictly } from '../parseStrictly.ts'
import { readProject } from '../project.ts'
import { contractsSchema, type SourceConfig } from '../projectSchema.ts'
import { type Workspace, withWorkspace } from '../workspace.ts'
import { YIELD_CURVE } from '../yieldCurveInstrument.ts'

const SOURCE_OPTIONS = ['rpc', 'recording', 'bars', 'nav', 'yields'] as const

type IngestOptions = {
  name?: string
  rpc?: string
  recording?: string[]
  bars?: string
  nav?: string
  yields?: string[]
  chainId?: number
  contracts?: string
  pool: string[]
  token: string[]
  vault: string[]
  from?: number
  to?: number
  confirmations: number
  finalityDelay: number
  anchor?: string
  instrument?: string
  symbol?: string
  decimals: number
}

/** Adds `touchstone ingest`. */
export function addIngestCommand(program: Command): void {
  program
    .command('ingest')
    .description('read a source into the store; without a source, read on in all sources of the project')
    .option('--name <name>', 'name of the source in project.json')
    .option('--rpc <url>', 'a node')
    .option('--recording <file...>', 'recordings of one chain (see touchstone record)')
    .option('--bars <file>', 'bars as CSV: time_utc,open,high,low,close,volume, or bid_open,…,ask_close')
    .option('--nav <file>', 'share prices as CSV: symbol,address,block_number,timestamp_utc,share_price,…')
    .option('--yields <tenor=file...>', 'yields as FRED CSV, one for each of 1M, 3M, 1Y, 2Y and 10Y')
    .option('--chain-id <id>', 'chain of the node or the recordings', wholeNumber('--chain-id', 1))
    .option('--contracts <file>', 'contracts to read, as JSON (docs/project.md)')
    .option('--pool <address...>', 'Uniswap v3 pools, described by the node', [])
    .option('--token <address...>', 'ERC-20 tokens, described by the node', [])
    .option('--vault <address...>', 'ERC-4626 vaults, described by the node', [])
    .option('--from <block>', 'first block', wholeNumber('--from', 0))
    .option('--to <block>', 'last block; a node is followed by `run` otherwise', wholeNumber('--to', 0))
    .option(
      '--confirmations <blocks>',
      'blocks that must follow one before agents see it',
      wholeNumber('--confirmations', 0, 10_000),
      DEFAULT_CONFIRMATIONS,
    )
    .option(
      '--finality-delay <ms>',
      'time from a block to when it is known',
      wholeNumber('--finality-delay', 0),
      0,
    )
    .option(
      '--anchor <block=time/ms>',
      'time of a block and milliseconds between blocks, for recordings without times',
    )
    .option('--instrument <id>', 'instrument of a file: venue:SYMBOL or a CAIP-19 id')
    .option('--symbol <symbol>', 'its symbol; of --nav also the vault’s symbol in the file')
    .option('--decimals <number>', 'its decimals', wholeNumber('--decimals', 0, 36), 8)
    .addHelpText(
      'after',
      `
Examples:
  $ touchstone ingest --rpc https://rpc.plume.org --chain-id 98866 --from 100000 --vault 0x250c…7F12
  $ touchstone ingest --recording day.jsonl.gz --chain-id 1 --contracts contracts.json
  $ touchstone ingest --bars gold.csv --instrument oanda:XAUUSD --symbol XAUUSD
  $ touchstone ingest                          read on in every source of the project or the configuration`,
    )
    .action(async (options: IngestOptions, command: Command) => {
      const context = commandContext(command)
      const { terminal, signal, directory, configFile } = context
      if (configFile !== null) assertNoSource(options, configFile)
      const given = await sourceFrom(options)
      if (given === null && configFile === null && (await readProject(directory)) === null)
        throw new NotFoundError(`There is no touchstone project in ${directory}.`, {
          facts: { directory },
          hint: 'Name a source: --rpc, --recording, --bars, --nav or --yields; or write a touchstone.config.ts (`touchstone init`).',
        })
      await withWorkspace({ ...context, create: true }, async workspace => {
        const sources = given === null ? workspace.project.sources : [given]
        if (given !== null) assertSameSource(workspace, given)
        const summaries: IngestSummary[] = []
        for (const config of sources) {
          const bar = terminal.progress(`ingest ${config.name}`, 1)
          try {
            summaries.push(
              await ingestSource(workspace, config, {
                signal,
                onProgress: ({ done, total, pace }) => bar.update(done, total ?? undefined, pace),
              }),
            )
          } finally {
            bar.stop()
          }
        }
        // Only a source that could be read is kept.
        if (given !== null && !workspace.project.sources.some(({ name }) => name === given.name))
          await workspace.update({ sources: [...workspace.project.sources, given] })
        terminal.result({ sources: summaries }, summaries.map(describe).join('\n'))
      })
    })
}

/** With a configuration, what is read stands there, and nowhere else. */
function assertNoSource(options: IngestOptions, configFile: string): void {
  for (const kind of SOURCE_OPTIONS)
    if (options[kind] !== undefined)
      throw new InvalidInputError(`--${kind} names a source beside ${configFile}.`, {
        facts: { option: kind, configFile },
        hint: 'Add the source to the configuration, and run `touchstone ingest`.',
      })
}

function describe({ source, rows, observations, byType, unrecognised, gaps }: IngestSummary): string {
  const types = Object.entries(byType).map(([type, count]) => `${count.toLocaleString('en-US')} ${type}`)
  const others = unrecognised > 0 ? [`${unrecognised.toLocaleString('en-US')} unrecognised`] : []
  const missing = gaps === undefined ? [] : [describeGaps(gaps)]
  const detail = [...types, ...others, ...missing].join(', ')
  return `${source}: ${rows.toLocaleString('en-US')} rows read, ${observations.toLocaleString('en-US')} observations new${detail === '' ? '' : ` (${detail})`}`
}

function describeGaps({ count, missing, longest }: NonNullable<IngestSummary['gaps']>): string {
  const [bars, gaps] = [missing, count].map(number => number.toLocaleString('en-US'))
  return `${bars} missing in ${gaps} ${count === 1 ? 'gap' : 'gaps'}, the longest of ${longest.missing.toLocaleString('en-US')} before line ${longest.line}`
}

function assertSameSource(workspace: Workspace, given: SourceConfig): void {
  const existing = workspace.project.sources.find(({ name }) => name === given.name)
  if (existing === undefined || JSON.stringify(existing) === JSON.stringify(given)) return
  throw new InvalidInputError(`This project has another source named "${given.name}".`, {
    facts: { source: given.name },
    hint: 'Give this one another --name, or change the other in project.json.',
  })
}

/** The source that the options describe, or null when they describe none. */
async function sourceFrom(options: IngestOptions): Promise<SourceConfig | null> {
  const kinds = SOURCE_OPTIONS.filter(kind => options[kind] !== undefined)
  if (kinds.length > 1)
    throw new InvalidInputError(`--${kinds.join(' and --')} are two sources.`, {
      hint: 'Ingest one after the other.',
    })
  const { rpc, recording, bars, nav, yields } = options
  if (rpc !== undefined) return rpcSource(options, rpc)
  if (recording !== undefined) return recordingSource(options, recording)
  if (bars !== undefined) {
    const instrument = fileInstrument(options, 'spot')
    return {
      kind: 'bars',
      name: options.name ?? nameOf(instrument.symbol),
      file: resolve(bars),
      feed: instrument.id,
      instrument,
    }
  }
  if (nav !== undefined) {
    const instrument = fileInstrument(options, 'vaultShare')
    const { symbol } = instrument
    return {
      kind: 'nav',
      name: options.name ?? nameOf(symbol),
      file: resolve(nav),
      symbol,
      feed: `nav:${symbol}`,
      instrument,
    }
  }
  if (yields !== undefined) return yieldSource(options, yields)
  return null
}

async function rpcSource(options: IngestOptions, url: string): Promise<SourceConfig> {
  const requests: ContractRequest[] = [
    ...options.pool.map(text => ({ kind: 'pool' as const, address: toAddress(text) })),
    ...options.vault.map(text => ({ kind: 'vault' as const, address: toAddress(text) })),
    // Last: a vault is its own token too, and the first contract that recognises a log takes it.
    ...options.token.map(text => ({ kind: 'erc20' as const, address: toAddress(text) })),
  ]
  const source = await createRpcSource({
    url,
    ...(options.chainId === undefined ? {} : { expectedChainId: options.chainId }),
  })
  try {
    const { chainId, client, endpoint } = source
    const contracts: ContractSpec[] = []
    for (const request of requests)
      contracts.push(await describeContract(request, { chainId, client, endpoint }))
    contracts.push(...(await contractsFile(options)))
    if (contracts.length === 0) throw noContracts()
    return {
      kind: 'rpc',
      url,
      requestsPerSecond: null,
      finality: DEFAULT_FINALITY_BLOCKS,
      confirmations: options.confirmations,
      ...chainFields(options, source.chainId, contracts),
    }
  } finally {
    await source.close()
  }
}

async function recordingSource(options: IngestOptions, files: readonly string[]): Promise<SourceConfig> {
  if (options.chainId === undefined)
    throw new InvalidInputError('A recording does not say which chain it is of.', {
      hint: 'Give --chain-id.',
    })
  const contracts = await contractsFile(options)
  if (contracts.length === 0) throw noContracts()
  return {
    kind: 'recording',
    files: files.map(file => resolve(file)),
    anchor: options.anchor === undefined ? null : parseAnchor(options.anchor),
    ...chainFields(options, options.chainId, contracts),
  }
}

function chainFields(options: IngestOptions, chainId: number, contracts: SourceContracts) {
  const { name, from = 0, to = null, finalityDelay } = options
  return {
    name: name ?? nameOf(`chain-${chainId}`),
    chainId,
    contracts,
    fromBlock: from,
    toBlock: to,
    finalityDelayMs: finalityDelay,
  }
}

type SourceContracts = Extract<SourceConfig, { kind: 'rpc' }>['contracts']

async function contractsFile({ contracts }: IngestOptions): Promise<SourceContracts> {
  if (contracts === undefined) return []
  const text = await readFile(contracts, 'utf8').catch((cause: unknown) => {
    throw new InvalidInputError(`The file ${contracts} cannot be read.`, {
      facts: { file: contracts },
      hint: 'Give the path of a JSON file with the contracts (docs/project.md).',
      cause,
    })
  })
  return parseStrictly(contractsSchema, text, contracts)
}

function yieldSource(options: IngestOptions, pairs: readonly string[]): SourceConfig {
  const given = new Map(
    pairs.map(pair => [pair.slice(0, pair.indexOf('=')), resolve(pair.slice(pair.indexOf('=') + 1))]),
  )
  const file = (tenor: string) => {
    const path = given.get(tenor)
    if (path !== undefined) return path
    throw new InvalidInputError(`--yields names no file for ${tenor}.`, {
      facts: { tenor },
      hint: 'Give one for each of 1M, 3M, 1Y, 2Y and 10Y, such as 10Y=DGS10.csv.',
    })
  }
  return {
    kind: 'yields',
    name: options.name ?? 'yields',
    files: { '1M': file('1M'), '3M': file('3M'), '1Y': file('1Y'), '2Y': file('2Y'), '10Y': file('10Y') },
    feed: YIELD_CURVE.id,
    instrument: YIELD_CURVE,
  }
}

function fileInstrument({ instrument, symbol, decimals }: IngestOptions, kind: Instrument['kind']) {
  if (instrument === undefined)
    throw new InvalidInputError('A file does not say which instrument it is of.', {
      hint: 'Give --instrument, such as oanda:XAUUSD.',
    })
  const id = instrumentId(instrument)
  return { id, kind, symbol: symbol ?? id.slice(id.lastIndexOf(':') + 1), decimals, quote: 'USD' }
}

function parseAnchor(text: string) {
  const [, block = '', time = '', ms = ''] = /^(\d+)=(.+)\/(\d+(?:\.\d+)?)$/.exec(text) ?? []
  if (block !== '') return { blockNumber: Number(block), timeMs: parseInstant(time), blockTimeMs: Number(ms) }
  throw new InvalidInputError(`"${text}" is no anchor.`, {
    facts: { text },
    hint: 'Write it as 24768676=2026-03-29T15:00:00Z/12000.',
  })
}

function toAddress(text: string): Address {
  if (/^0x[0-9a-fA-F]{40}$/.test(text)) return `0x${text.slice(2).toLowerCase()}`
  throw new InvalidInputError(`"${text}" is no address.`, {
    facts: { text },
    hint: 'Write 0x and 40 hexadecimal digits.',
  })
}

const nameOf = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^[^a-z]+/, '') || 'source'

function noContracts(): InvalidInputError {
  return new InvalidInputError('No contract is named to read.', {
    hint: 'Give --pool, --token or --vault with a node, or --contracts with a file.',
  })
}
