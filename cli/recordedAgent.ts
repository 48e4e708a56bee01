import { stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { type AgentDefinition, observedInstruments } from '../agents/index.ts'
import {
  compareEvents,
  type Instrument,
  InvalidInputError,
  instrumentId,
  type MarketEvent,
  NotFoundError,
  type UnixMs,
} from '../core/index.ts'
import { BILL_FUNDS } from '../examples/billRotation.ts'
import { recordedBillFunds } from '../examples/recordedBillFunds.ts'
import { recordedVaultMarket, WOUSD } from '../examples/recordedVaultMarket.ts'
import { BUILT_IN_AGENTS, loadAgent } from './agentCatalogue.ts'
import { withSettings } from './agentSettings.ts'
import type { FileConfig } from './chainConnection.ts'
import { isChainConfig } from './chainConnection.ts'
import { recordedScenario } from './demo/recordedScenario.ts'
import { rowsOf } from './fileSource.ts'
import { createHistoryHash } from './historyHash.ts'
import type { AgentConfig, SourceConfig } from './projectSchema.ts'
import type { History } from './storedEvents.ts'

/** An agent with the history that files give it, without a project. */
export type RecordedAgent = {
  readonly definition: AgentDefinition
  readonly history: History
  /** What is assumed where nothing was recorded. */
  readonly assumed: readonly string[]
}

/**
 * Reads the history of an agent from recordings: a folder of them, or one file of bars.
 *
 * @param agent Name of a built-in agent, or the path of a module that exports `createAgent`.
 * @param set Settings or parameters of the agent, as `name=value`.
 * @throws InvalidInputError when the files are not there, or hold nothing that the agent observes.
 */
export async function recordedAgent(
  agent: string,
  path: string,
  set: readonly string[],
  untilMs?: UnixMs,
): Promise<RecordedAgent> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new NotFoundError(`There is nothing at ${path}.`, {
      facts: { path },
      hint: 'Give --data a folder of recordings, or a file of bars.',
      cause,
    })
  })
  const {
    config,
    events: readEvents,
    assumed = [],
  } = found.isDirectory() ? await inFolder(agent, path) : inFile(agent, path)
  const definition = await loadAgent(await withSettings(config, set))
  if (definition.model !== null)
    throw new InvalidInputError(`Agent "${agent}" needs its model, which recordings alone do not give.`, {
      facts: { agent, model: definition.model.name },
      hint: 'Make a project of the recordings (`touchstone ingest`, then `touchstone train`), and leave --data out.',
    })
  const observed = new Set<string>(observedInstruments(definition))
  const events: MarketEvent[] = []
  const hash = createHistoryHash()
  for (const event of (await readEvents(observed)).toSorted(compareEvents)) {
    if (!observed.has(event.instrument) || (untilMs !== undefined && event.knownAt > untilMs)) continue
    events.push(event)
    hash.add(event)
  }
  if (events.length === 0)
    throw new InvalidInputError(`${path} holds nothing that agent "${agent}" observes.`, {
      facts: { path, instruments: [...observed].join(', ') },
      hint: 'Give the file or the folder of its instrument, or widen --to.',
    })
  return { definition, history: { events, retainBlocks: 0, dataHash: hash.digest() }, assumed }
}

type Recorded = {
  readonly config: AgentConfig
  /** Reads the events of some instruments, and perhaps of others. */
  readonly events: (instruments: ReadonlySet<string>) => Promise<readonly MarketEvent[]>
  readonly assumed?: readonly string[]
}

/** Agents that trade with issuers, whose markets are made of what was recorded. */
const MADE_OF_RECORDINGS: Readonly<
  Record<
    string,
    {
      readonly instrument: Instrument
      readonly assumed: string
      readonly events: (folder: string) => Promise<readonly MarketEvent[]>
    }
  >
> = {
  'vault-premium': {
    instrument: WOUSD,
    assumed:
      'the market around the recorded NAVs is simulated: it returns to the NAV, and orders do not move it (half the premium is gone in five days)',
    events: folder => recordedVaultMarket({ file: join(folder, 'erc4626/share-prices.csv') }),
  },
  'bill-rotation': {
    instrument: firstFund(),
    assumed: 'the NAVs are made of recorded Treasury yields, less fees: no fund’s own were recorded',
    events: folder => recordedBillFunds(join(folder, 'treasury')),
  },
}

function firstFund(): Instrument {
  const [fund] = BILL_FUNDS
  if (fund === undefined) throw new RangeError('There are no bill funds.')
  return fund.instrument
}

async function inFolder(agent: string, folder: string): Promise<Recorded> {
  const made = MADE_OF_RECORDINGS[agent]
  if (made !== undefined) {
    const { instrument, events, assumed } = made
    return {
      config: { name: agent, definition: agent, instrument: { ...instrument }, observes: [], settings: {} },
      events: () => events(folder),
      assumed: [assumed],
    }
  }
  const { agents, sources } = await recordedScenario(folder)
  const config = agents.find(({ name }) => name === agent)
  if (config === undefined)
    throw new NotFoundError(`The recordings are of no agent "${agent}".`, {
      facts: { agent, folder },
      hint: `Choose one of ${[...agents.map(({ name }) => name), ...Object.keys(MADE_OF_RECORDINGS)].join(', ')}, or give --data a file of bars.`,
    })
  return { config, events: observed => eventsOf(sources.filter(isFile), observed) }
}

const isFile = (source: SourceConfig): source is FileConfig =>
  !isChainConfig(source) && source.kind !== 'exchange'

async function eventsOf(
  sources: readonly FileConfig[],
  observed: ReadonlySet<string>,
): Promise<readonly MarketEvent[]> {
  const events: MarketEvent[] = []
  for (const source of sources)
    if (observed.has(source.instrument.id)) for await (const { event } of rowsOf(source)) events.push(event)
  return events
}

/** One file of bars, of an instrument that is named for it. */
function inFile(agent: string, path: string): Recorded {
  const [stem = 'bars'] = basename(path).split('.')
  const symbol = stem.replace(/[^A-Za-z0-9._/-]/g, '-').slice(0, 64)
  const instrument: Instrument = {
    id: instrumentId(`file:${symbol}`),
    kind: 'spot',
    symbol,
    decimals: 8,
    quote: 'USD',
  }
  const definition = agent in BUILT_IN_AGENTS ? agent : resolve(agent)
  return {
    config: { name: 'recorded', definition, instrument, observes: [], settings: {} },
    events: observed =>
      eventsOf(
        [{ kind: 'bars', name: 'file', file: resolve(path), feed: instrument.id, instrument }],
        observed,
      ),
  }
}
