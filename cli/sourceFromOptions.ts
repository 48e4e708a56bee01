import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import {
  type ContractRequest,
  type ContractSpec,
  createRpcSource,
  DEFAULT_FINALITY_BLOCKS,
  describeContract,
} from '../chain-ingest/index.ts'
import { type Instrument, InvalidInputError, instrumentId, parseInstant } from '../core/index.ts'
import { parseStrictly } from './parseStrictly.ts'
import { contractsSchema, type SourceConfig } from './projectSchema.ts'
import { readAddress } from './readAddress.ts'
import { YIELD_CURVE } from './yieldCurveInstrument.ts'

/** Options that each name a source. */
export const SOURCE_OPTIONS = ['rpc', 'recording', 'bars', 'nav', 'yields'] as const

/** The options of `touchstone ingest`. */
export type IngestOptions = {
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

/**
 * The source that the options describe, or null when they describe none. Contracts of a node are described by it.
 *
 * @throws InvalidInputError naming the option that is missing, doubled or wrong; UnavailableError when the node does not answer.
 */
export async function sourceFrom(options: IngestOptions): Promise<SourceConfig | null> {
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
    ...options.pool.map(text => ({ kind: 'pool' as const, address: readAddress(text) })),
    ...options.vault.map(text => ({ kind: 'vault' as const, address: readAddress(text) })),
    // Last: a vault is its own token too, and the first contract that recognises a log takes it.
    ...options.token.map(text => ({ kind: 'erc20' as const, address: readAddress(text) })),
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
