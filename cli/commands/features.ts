import { writeFile } from 'node:fs/promises'
import Table from 'cli-table3'
import type { Command } from 'commander'
import type { AgentDefinition } from '../../agents/index.ts'
import {
  formatInstant,
  InvalidInputError,
  type MarketEvent,
  NotFoundError,
  parseInstant,
  positionOf,
  type UnixMs,
} from '../../core/index.ts'
import {
  builtInFeatures,
  type FeatureDefinition,
  type FeatureMatrix,
  type FeatureTrace,
  traceFeature,
} from '../../feature-store/index.ts'
import { loadAgent } from '../agentCatalogue.ts'
import { agentEvents, agentMatrix } from '../agentMatrix.ts'
import { type CommandContext, commandContext } from '../commandContext.ts'
import { agentConfig } from '../deployedAgents.ts'
import { withWorkspace } from '../workspace.ts'

type Options = { readonly out?: string; readonly trace?: string; readonly at?: string }

/** Observations that a trace lists one by one; of more it names the ranges. */
const MOST_LISTED = 1_000

/** Adds `touchstone features`. */
export function addFeaturesCommand(program: Command): void {
  program
    .command('features')
    .description('list the built-in features, build the feature matrix of an agent, or trace a value')
    .argument('[agent]', 'agent whose features are built over its stored history')
    .option('--out <file>', 'write the matrix as CSV')
    .option(
      '--trace <feature>',
      'say which observations a feature of the agent, or a built-in one, depends on',
    )
    .option('--at <time>', 'time of the value to trace, for example 2024-01-05T12:30:00Z')
    .addHelpText(
      'after',
      `
Examples:
  $ touchstone features                              list the built-in features
  $ touchstone features gold-trend --out gold.csv    build an agent's matrix
  $ touchstone features gold-trend --trace return_1h --at 2026-01-06T10:00:00Z`,
    )
    .action(async (agent: string | undefined, options: Options, command: Command) => {
      const context = commandContext(command)
      const { trace, at } = options
      if (agent === undefined && trace === undefined) return listFeatures(context)
      if (agent === undefined || (trace === undefined) !== (at === undefined))
        throw new InvalidInputError('A trace needs an agent, a feature and a time.', {
          facts: { agent: agent ?? null, trace: trace ?? null, at: at ?? null },
          hint: 'Write touchstone features AGENT --trace FEATURE --at TIME.',
        })
      if (trace === undefined || at === undefined) await buildMatrix(context, agent, options.out ?? null)
      else await printTrace(context, agent, trace, parseInstant(at))
    })
}

function listFeatures({ terminal }: CommandContext): void {
  const features = builtInFeatures.map(({ name, version, unit, inputs, description }) => ({
    name,
    version,
    unit,
    inputs,
    description,
  }))
  const table = new Table({
    head: ['feature', 'unit', 'from', 'what it is'],
    style: { head: [], border: [] },
    colWidths: [28, 16, 18, 60],
    wordWrap: true,
  })
  for (const { name, unit, inputs, description } of features)
    table.push([name, unit, inputs.join(', '), description])
  terminal.result(features, table.toString())
}

async function buildMatrix(context: CommandContext, nameOrId: string, out: string | null): Promise<void> {
  await withWorkspace(context, async workspace => {
    const { terminal } = workspace
    const definition = await loadAgent(await agentConfig(workspace, nameOrId))
    const { matrix, origin, path } = await agentMatrix(workspace, definition)
    if (origin === 'rebuilt') terminal.note(`${path} was damaged; it was built again.`)
    if (out !== null) await writeFile(out, toCsv(matrix))
    const { names, rows, columns, dataHash, featureSet, values } = matrix
    const present = names.map((name, column) => {
      let count = 0
      for (let row = 0; row < rows; row++) if (!Number.isNaN(values[row * columns + column])) count += 1
      return { name, present: count }
    })
    const table = new Table({ head: ['feature', 'rows with a value'], style: { head: [], border: [] } })
    for (const { name, present: count } of present) table.push([name, `${count} of ${rows}`])
    terminal.result(
      { agent: nameOrId, rows, columns, featureSet, dataHash, origin, features: present, file: out },
      `${rows.toLocaleString('en-US')} rows × ${columns} features, data hash ${dataHash}\n${table.toString()}${out === null ? '' : `\nwritten to ${out}`}`,
    )
  })
}

async function printTrace(
  context: CommandContext,
  nameOrId: string,
  featureName: string,
  atMs: UnixMs,
): Promise<void> {
  await withWorkspace(context, async workspace => {
    const definition = await loadAgent(await agentConfig(workspace, nameOrId))
    const trace = await traceFeature({
      feature: requireFeature(definition, featureName),
      instrument: definition.instrument,
      events: agentEvents(workspace, definition, atMs),
      atMs,
    })
    const { events, ...facts } = trace
    const listed = events.length <= MOST_LISTED ? events.map(lineageOf) : null
    workspace.terminal.result(
      { agent: nameOrId, ...facts, observations: events.length, listed },
      formatTrace(trace, listed),
    )
  })
}

function requireFeature({ features, name: agent }: AgentDefinition, name: string): FeatureDefinition {
  const found = [...features, ...builtInFeatures].find(feature => feature.name === name)
  if (found !== undefined) return found
  throw new NotFoundError(`There is no feature "${name}".`, {
    facts: { feature: name, agent },
    hint: `Agent "${agent}" has ${features.map(feature => feature.name).join(', ') || 'none'}; \`touchstone features\` lists the built-in ones.`,
  })
}

/** Where an observation came from, as the command prints it. */
function lineageOf(event: MarketEvent) {
  const { knownAt, source, block, logIndex } = positionOf(event)
  const { instrument, lineage, value } = event
  return {
    knownAt,
    type: value.type,
    instrument,
    source,
    block,
    logIndex,
    transactionHash: lineage.kind === 'chain' ? lineage.transactionHash : null,
  }
}

function formatTrace(
  { feature, version, instrument, atMs, value, events, ranges, digest }: FeatureTrace,
  listed: readonly ReturnType<typeof lineageOf>[] | null,
): string {
  const count = events.length.toLocaleString('en-US')
  const head = `${feature} (version ${version}) of ${instrument} at ${formatInstant(atMs)}: ${value ?? 'no value'}\n${count} observations, digest ${digest}`
  const style = { head: [], border: [] }
  if (listed !== null) {
    const table = new Table({
      head: ['known at', 'what', 'source', 'block or row', 'log', 'transaction'],
      style,
    })
    for (const { knownAt, type, source, block, logIndex, transactionHash } of listed)
      table.push([formatInstant(knownAt), type, source, block, logIndex, transactionHash ?? ''])
    return listed.length === 0 ? head : `${head}\n${table.toString()}`
  }
  const table = new Table({ head: ['source', 'observations', 'from block/log', 'to block/log'], style })
  for (const { source, events: inRange, first, last } of ranges)
    table.push([
      source,
      inRange.toLocaleString('en-US'),
      `${first.block}/${first.logIndex}`,
      `${last.block}/${last.logIndex}`,
    ])
  return `${head}\n${table.toString()}`
}

function toCsv({ names, rows, columns, values, timesMs, prices }: FeatureMatrix): string {
  const cell = (value: number | undefined) =>
    value === undefined || Number.isNaN(value) ? '' : String(value)
  const lines = [`time_utc,price,${names.join(',')}`]
  for (let row = 0; row < rows; row++) {
    const features = Array.from(values.subarray(row * columns, (row + 1) * columns), cell)
    lines.push([formatInstant((timesMs[row] ?? 0) as UnixMs), cell(prices[row]), ...features].join(','))
  }
  return `${lines.join('\n')}\n`
}
