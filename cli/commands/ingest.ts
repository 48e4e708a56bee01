import type { Command } from 'commander'
import { InvalidInputError, NotFoundError } from '../../core/index.ts'
import { commandContext, wholeNumber } from '../commandContext.ts'
import { DEFAULT_CONFIRMATIONS } from '../defaultConfirmations.ts'
import { type IngestSummary, ingestSource } from '../ingestSource.ts'
import { readProject } from '../project.ts'
import type { SourceConfig } from '../projectSchema.ts'
import { type IngestOptions, SOURCE_OPTIONS, sourceFrom } from '../sourceFromOptions.ts'
import { type Workspace, withWorkspace } from '../workspace.ts'

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
