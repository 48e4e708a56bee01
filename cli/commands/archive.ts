import Table from 'cli-table3'
import type { Command } from 'commander'
import { type InstrumentId, InvalidInputError, type MarketEventType } from '../../core/index.ts'
import {
  type ArchiveSummary,
  archiveObservations,
  type CompactSummary,
  compactHistory,
  countFinalRows,
  DATASETS,
  type RetainSummary,
  retainHistory,
} from '../../feature-store/index.ts'
import { commandContext, wholeNumber } from '../commandContext.ts'
import { finalBlock, openProjectHistory } from '../projectHistory.ts'
import { systemClock } from '../systemClock.ts'
import { TABLE } from '../tableStyle.ts'
import { type Workspace, withWorkspace } from '../workspace.ts'

type ArchiveCommandOptions = {
  finality?: number
  minRows: number
  keepDays?: number
  dataset?: string[]
  force?: true
  compact: boolean
  dryRun?: true
}

/** Adds `touchstone archive`. */
export function addArchiveCommand(program: Command): void {
  program
    .command('archive')
    .description(
      'move final observations from the database to Parquet files, join small files, drop old days',
    )
    .option(
      '--finality <blocks>',
      'blocks that follow one before it is moved; the finality of its chain by default',
      wholeNumber('--finality', 0, 1_000_000),
    )
    .option(
      '--min-rows <rows>',
      'leave days with fewer rows of a dataset in the database',
      wholeNumber('--min-rows', 1),
      1,
    )
    .option('--no-compact', 'leave small files as they are')
    .option('--keep-days <days>', 'drop older days from the history', wholeNumber('--keep-days', 1))
    .option('--dataset <name...>', 'drop days of these datasets only, such as quote')
    .option('--force', 'drop days that a deployed agent needs: it can neither start again nor be audited')
    .option('--dry-run', 'say what would be moved and dropped, and change nothing')
    .addHelpText(
      'after',
      `
Examples:
  $ touchstone archive                                    move what is final
  $ touchstone archive --dry-run                          say what would be moved
  $ touchstone archive --keep-days 90 --dataset quote     and drop quotes older than 90 days`,
    )
    .action(async (options: ArchiveCommandOptions, command: Command) => {
      const context = commandContext(command)
      const datasets = options.dataset?.map(knownDataset)
      await withWorkspace(context, async workspace => {
        const history = openProjectHistory(context.directory)
        try {
          const shared = { history, nowMs: systemClock() }
          const dryRun = options.dryRun === true
          const sources = await archiveSources(workspace, shared, options, context.signal)
          const compacted =
            dryRun || !options.compact ? null : await compactHistory({ ...shared, signal: context.signal })
          const retained =
            options.keepDays === undefined
              ? null
              : await retainHistory({
                  ...shared,
                  keepDays: options.keepDays,
                  needed: await neededInstruments(workspace),
                  force: options.force === true,
                  dryRun,
                  ...(datasets === undefined ? {} : { datasets }),
                })
          const { files } = await history.manifest()
          const total = {
            files: files.length,
            rows: files.reduce((sum, { rows }) => sum + rows, 0),
            bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
          }
          context.terminal.result(
            { dryRun, sources, compacted, retained, history: total },
            describe({ dryRun, sources, compacted, retained, total }),
          )
        } finally {
          await history.close()
        }
      })
    })
}

async function archiveSources(
  workspace: Workspace,
  shared: {
    readonly history: ReturnType<typeof openProjectHistory>
    readonly nowMs: ReturnType<typeof systemClock>
  },
  { finality, minRows, dryRun }: ArchiveCommandOptions,
  signal: AbortSignal,
): Promise<ArchiveSummary[]> {
  const { observations: store } = workspace.store
  const summaries: ArchiveSummary[] = []
  for (const source of await store.sources()) {
    const throughBlock = await finalBlock(workspace, source, finality ?? null)
    if (dryRun) {
      const datasets = await countFinalRows({ store, source, throughBlock })
      const rows = Object.values(datasets).reduce((sum, count) => sum + count, 0)
      summaries.push({ source, rows, files: 0, bytes: 0, datasets })
      continue
    }
    const bar = workspace.terminal.progress(`archive ${source}`, 1)
    try {
      summaries.push(
        await archiveObservations({
          ...shared,
          store,
          source,
          throughBlock,
          minRows,
          signal,
          onProgress: rows => bar.update(rows, rows),
        }),
      )
    } finally {
      bar.stop()
    }
  }
  return summaries
}

/** What agents observe, those that run and those that the project names. */
async function neededInstruments({ store, project }: Workspace): Promise<readonly InstrumentId[]> {
  const deployed = (await store.agents.list()).flatMap(({ instrument, observes }) => [
    instrument,
    ...observes,
  ])
  return [...deployed, ...project.agents.flatMap(({ instrument, observes }) => [instrument.id, ...observes])]
}

function knownDataset(name: string): MarketEventType {
  const known = DATASETS.find(dataset => dataset.toLowerCase() === name.toLowerCase())
  if (known !== undefined) return known
  throw new InvalidInputError(`--dataset "${name}" is none.`, {
    facts: { dataset: name },
    hint: `The datasets are ${DATASETS.join(', ')}.`,
  })
}

const count = (value: number): string => value.toLocaleString('en-US')

function describe({
  dryRun,
  sources,
  compacted,
  retained,
  total,
}: {
  readonly dryRun: boolean
  readonly sources: readonly ArchiveSummary[]
  readonly compacted: CompactSummary | null
  readonly retained: RetainSummary | null
  readonly total: { readonly files: number; readonly rows: number; readonly bytes: number }
}): string {
  const table = new Table({ head: ['source', 'rows', 'files', 'bytes', 'datasets'], ...TABLE })
  for (const { source, rows, files, bytes, datasets } of sources)
    table.push([
      source,
      count(rows),
      count(files),
      count(bytes),
      Object.entries(datasets)
        .map(([dataset, rows]) => `${count(rows)} ${dataset}`)
        .join(', '),
    ])
  const lines = [dryRun ? 'Would be moved to the history:' : 'Moved to the history:', table.toString()]
  if (compacted !== null && compacted.filesBefore > 0)
    lines.push(`${count(compacted.filesBefore)} files joined into ${count(compacted.filesAfter)}`)
  if (retained !== null)
    lines.push(
      `${count(retained.days)} days ${dryRun ? 'would be dropped' : 'dropped'}: ${count(retained.rows)} rows, ${count(retained.bytes)} bytes`,
    )
  lines.push(`History  ${count(total.rows)} rows in ${count(total.files)} files, ${count(total.bytes)} bytes`)
  return lines.join('\n')
}
