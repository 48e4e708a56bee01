import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Command } from 'commander'
import { z } from 'zod'
import { addAgentsCommand } from './commands/agents.ts'
import { addAuditCommand } from './commands/audit.ts'
import { addBacktestCommand } from './commands/backtest.ts'
import { addDemoCommand } from './commands/demo.ts'
import { addFeaturesCommand } from './commands/features.ts'
import { addIngestCommand } from './commands/ingest.ts'
import { addRecordCommand } from './commands/record.ts'
import { addRunCommand } from './commands/run.ts'
import { addServeCommand } from './commands/serve.ts'
import { addTrainCommand } from './commands/train.ts'

/** The command line of touchstone. */
export function createProgram(): Command {
  const program = new Command('touchstone')
    .description('Trading agents on tokenised real-world assets whose every decision can be checked.')
    .version(packageVersion())
    .option('--dir <folder>', 'project folder (TOUCHSTONE_DIR; default .touchstone)')
    .option('--json', 'print the result as one JSON object on standard output')
    .option('--verbose', 'print the stack of an error')
    .exitOverride()
    .showHelpAfterError('(run with --help for usage)')
    .configureHelp({ showGlobalOptions: true })
  for (const add of [
    addDemoCommand,
    addRecordCommand,
    addIngestCommand,
    addFeaturesCommand,
    addTrainCommand,
    addBacktestCommand,
    addRunCommand,
    addServeCommand,
    addAuditCommand,
    addAgentsCommand,
  ])
    add(program)
  return program
}

function packageVersion(): string {
  // From cli/ in the source, from dist/cli/ when built.
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    try {
      const found = z
        .object({ name: z.literal('touchstone'), version: z.string() })
        .safeParse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
      if (found.success) return found.data.version
    } catch {
      if (dirname(folder) === folder) return 'unknown'
    }
  }
}
