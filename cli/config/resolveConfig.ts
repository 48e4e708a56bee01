import { dirname } from 'node:path'
import { type Instrument, type InstrumentId, InvalidInputError, instrumentId } from '../../core/index.ts'
import { BUILT_IN_AGENTS } from '../agentCatalogue.ts'
import type { AgentConfig, LogConfig, Project, SourceConfig } from '../projectSchema.ts'
import { instrumentsOf } from '../sourceInstruments.ts'
import { YIELD_CURVE } from '../yieldCurveInstrument.ts'
import { existingFile } from './existingFile.ts'
import { forField } from './fieldError.ts'
import { resolveChain } from './resolveChain.ts'
import { resolveExchange } from './resolveExchange.ts'
import type { AgentEntry, FileEntry, FileInstrument, LogEntry, TouchstoneConfig } from './touchstoneConfig.ts'

export type ResolveOptions = {
  /** The configuration's own path: others are relative to its folder. */
  readonly file: string
  /** What was resolved before: what has not changed is not asked for again. */
  readonly previous: Project
  /** What a node's URL refers to. */
  readonly variable: (name: string) => string | null
}

/**
 * Makes of a configuration what a project reads and trades. What it leaves out is asked of the chains and exchanges.
 *
 * @throws InvalidInputError, NotFoundError or UnavailableError naming the field.
 */
export async function resolveConfig(
  config: TouchstoneConfig,
  options: ResolveOptions,
): Promise<Pick<Project, 'sources' | 'agents' | 'log'>> {
  const { file, previous } = options
  const folder = dirname(file)
  const sources: SourceConfig[] = []
  for (const [name, entry] of Object.entries(config.chains ?? {}))
    sources.push(await resolveChain(name, entry, { ...options, folder }))
  for (const [name, entry] of Object.entries(config.exchanges ?? {}))
    sources.push(await forField(`exchanges.${name}`, () => resolveExchange(name, entry, previous)))
  for (const [name, entry] of Object.entries(config.files ?? {}))
    sources.push(await forField(`files.${name}`, async () => resolveFile(name, entry, folder)))
  assertNamedOnce(sources, file)
  const instruments = new Map(sources.flatMap(instrumentsOf).map(instrument => [instrument.id, instrument]))
  const agents: AgentConfig[] = []
  for (const [name, entry] of Object.entries(config.agents ?? {}))
    agents.push(
      await forField(`agents.${name}`, async () =>
        resolveAgent(name, entry, [...instruments.values()], folder),
      ),
    )
  return {
    sources,
    agents,
    log: config.log === undefined ? previous.log : resolveLog(config.log),
  }
}

function resolveLog({ rpc: url, fromBlock = 0, reveals, ...rest }: LogEntry): LogConfig {
  return {
    url,
    fromBlock,
    ...rest,
    ...(reveals === undefined
      ? {}
      : { reveals: { contract: reveals.contract, fromBlock: reveals.fromBlock ?? 0 } }),
  }
}

function assertNamedOnce(sources: readonly SourceConfig[], file: string): void {
  const twice = sources.find(({ name }, index) => sources.findIndex(other => other.name === name) < index)
  if (twice !== undefined)
    throw new InvalidInputError(`${file} names two sources "${twice.name}".`, {
      facts: { file, source: twice.name },
      hint: 'A chain, an exchange and a file need names of their own.',
    })
}

function resolveFile(name: string, entry: FileEntry, folder: string): SourceConfig {
  if (entry.kind === 'yields') {
    const path = (tenor: keyof typeof entry.files) =>
      existingFile(entry.files[tenor], folder, `files.${tenor}`)
    return {
      kind: 'yields',
      name,
      files: { '1M': path('1M'), '3M': path('3M'), '1Y': path('1Y'), '2Y': path('2Y'), '10Y': path('10Y') },
      feed: YIELD_CURVE.id,
      instrument: YIELD_CURVE,
    }
  }
  const file = existingFile(entry.file, folder, 'file')
  if (entry.kind === 'bars') {
    const instrument = fileInstrument(entry.instrument, 'spot')
    const { kind, periodMs, time, columns, maxGapBars } = entry
    return {
      kind,
      name,
      file,
      feed: instrument.id,
      instrument,
      ...(periodMs === undefined ? {} : { periodMs }),
      ...(time === undefined ? {} : { time }),
      ...(columns === undefined ? {} : { columns }),
      ...(maxGapBars === undefined ? {} : { maxGapBars }),
    }
  }
  const { symbol } = entry
  const instrument = fileInstrument(entry.instrument, 'vaultShare')
  return { kind: 'nav', name, file, symbol, feed: `nav:${symbol}`, instrument }
}

function fileInstrument(given: FileInstrument, kind: Instrument['kind']): Instrument {
  const id = instrumentId(given.id)
  return {
    id,
    kind: given.kind ?? kind,
    symbol: given.symbol ?? id.slice(id.lastIndexOf(':') + 1),
    decimals: given.decimals ?? 8,
    quote: given.quote ?? 'USD',
  }
}

function resolveAgent(
  name: string,
  entry: AgentEntry,
  instruments: readonly Instrument[],
  folder: string,
): AgentConfig {
  const isBuiltIn = BUILT_IN_AGENTS[entry.definition] !== undefined
  return {
    name,
    definition: isBuiltIn ? entry.definition : existingFile(entry.definition, folder, 'definition'),
    instrument: instrumentNamed(entry.instrument, instruments, 'instrument'),
    observes: (entry.observes ?? []).map(
      (text, index): InstrumentId => instrumentNamed(text, instruments, `observes[${index}]`).id,
    ),
    settings: { ...entry.settings },
    ...(entry.anchor === undefined ? {} : { anchor: entry.anchor }),
    ...(entry.embargo === undefined ? {} : { embargo: { ...entry.embargo } }),
  }
}

function instrumentNamed(text: string, instruments: readonly Instrument[], field: string): Instrument {
  const matching = instruments.filter(({ id, symbol }) => id === text || symbol === text)
  const [found] = matching
  if (found !== undefined && matching.length === 1) return found
  const known = instruments.map(({ id, symbol }) => `${symbol} (${id})`).join(', ')
  throw new InvalidInputError(
    found === undefined
      ? `${field}: no source brings observations of "${text}".`
      : `${field}: ${matching.length} instruments have the symbol "${text}".`,
    {
      facts: { field, text },
      hint: `Name one of ${known === '' ? 'those of a source: there is none yet' : known}.`,
    },
  )
}
