import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { type AgentDefinition, observedInstruments } from '../agents/index.ts'
import {
  comparePositions,
  deliveredEvent,
  deliveryDigest,
  type Instrument,
  InvalidInputError,
  instrumentId,
  NotFoundError,
  positionOf,
  type StoredObservation,
  type UnixMs,
} from '../core/index.ts'
import { BUILT_IN_AGENTS, loadAgent } from './agentCatalogue.ts'
import { withSettings } from './agentSettings.ts'
import type { FileConfig } from './chainConnection.ts'
import { isChainConfig } from './chainConnection.ts'
import { recordedScenario } from './demo/recordedScenario.ts'
import { rowsOf } from './fileSource.ts'
import type { AgentConfig } from './project.ts'
import type { History } from './storedEvents.ts'

/** An agent with the history that files give it, without a project. */
export type RecordedAgent = { readonly definition: AgentDefinition; readonly history: History }

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
  const { config, sources } = found.isDirectory() ? await inFolder(agent, path) : inFile(agent, path)
  const definition = await loadAgent(await withSettings(config, set))
  if (definition.model !== null)
    throw new InvalidInputError(`Agent "${agent}" needs its model, which recordings alone do not give.`, {
      facts: { agent, model: definition.model.name },
      hint: 'Make a project of the recordings (`touchstone ingest`, then `touchstone train`), and leave --data out.',
    })
  const observed = new Set<string>(observedInstruments(definition))
  const rows: StoredObservation[] = []
  for (const source of sources) {
    if (!observed.has(source.instrument.id)) continue
    for await (const row of rowsOf(source)) {
      if (untilMs !== undefined && row.event.knownAt > untilMs) break
      rows.push(row)
    }
  }
  if (rows.length === 0)
    throw new InvalidInputError(`${path} holds nothing that agent "${agent}" observes.`, {
      facts: { path, instruments: [...observed].join(', ') },
      hint: 'Give the file or the folder of its instrument, or widen --to.',
    })
  rows.sort((a, b) => comparePositions(positionOf(deliveredEvent(a)), positionOf(deliveredEvent(b))))
  const digest = createHash('sha256')
  for (const row of rows) digest.update(deliveryDigest(row))
  return {
    definition,
    history: {
      events: rows.map(deliveredEvent),
      retainBlocks: 0,
      dataHash: `0x${digest.digest('hex')}`,
    },
  }
}

type Recorded = { readonly config: AgentConfig; readonly sources: readonly FileConfig[] }

async function inFolder(agent: string, folder: string): Promise<Recorded> {
  const { agents, sources } = await recordedScenario(folder)
  const config = agents.find(({ name }) => name === agent)
  if (config === undefined)
    throw new NotFoundError(`The recordings are of no agent "${agent}".`, {
      facts: { agent, folder },
      hint: `Choose one of ${agents.map(({ name }) => name).join(', ')}, or give --data a file of bars.`,
    })
  return { config, sources: sources.filter((source): source is FileConfig => isFile(source)) }
}

const isFile = (source: Parameters<typeof isChainConfig>[0]): source is FileConfig =>
  !isChainConfig(source) && source.kind !== 'exchange'

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
    sources: [{ kind: 'bars', name: 'file', file: resolve(path), feed: instrument.id, instrument }],
  }
}
