import { writeFile } from 'node:fs/promises'
import Table from 'cli-table3'
import type { Command } from 'commander'
import { formatInstant, type UnixMs } from '../../core/index.ts'
import { builtInFeatures, type FeatureMatrix } from '../../feature-store/index.ts'
import { loadAgent } from '../agentCatalogue.ts'
import { type CommandContext, commandContext } from '../commandContext.ts'
import { agentConfig } from '../deployedAgents.ts'
import { buildAgentMatrix } from '../trainAgent.ts'
import { withWorkspace } from '../workspace.ts'

/** Adds `touchstone features`. */
export function addFeaturesCommand(program: Command): void {
  program
    .command('features')
    .description('list the built-in features, or build the feature matrix of an agent')
    .argument('[agent]', 'agent whose features are built over its stored history')
    .option('--out <file>', 'write the matrix as CSV')
    .addHelpText(
      'after',
      `
Examples:
  $ touchstone features                              list the built-in features
  $ touchstone features gold-trend --out gold.csv    build an agent's matrix`,
    )
    .action(async (agent: string | undefined, options: { out?: string }, command: Command) => {
      const context = commandContext(command)
      if (agent === undefined) listFeatures(context)
      else await buildMatrix(context, agent, options.out ?? null)
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
    colWidths: [26, 16, 18, 60],
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
    const matrix = await buildAgentMatrix(workspace, definition)
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
      { agent: nameOrId, rows, columns, featureSet, dataHash, features: present, file: out },
      `${rows.toLocaleString('en-US')} rows × ${columns} features, data hash ${dataHash}\n${table.toString()}${out === null ? '' : `\nwritten to ${out}`}`,
    )
  })
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
