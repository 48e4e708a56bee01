import { Command } from 'commander'
import { addAgentsCommand } from './commands/agents.ts'
import { addArchiveCommand } from './commands/archive.ts'
import { addAuditCommand } from './commands/audit.ts'
import { addBacktestCommand } from './commands/backtest.ts'
import { addChallengeCommand } from './commands/challenge.ts'
import { addCheckCommand } from './commands/check.ts'
import { addDemoCommand } from './commands/demo.ts'
import { addExplainCommand } from './commands/explain.ts'
import { addExportCommand } from './commands/export.ts'
import { addFeaturesCommand } from './commands/features.ts'
import { addGiveModelCommands } from './commands/giveModel.ts'
import { addGrantCommand } from './commands/grant.ts'
import { addIngestCommand } from './commands/ingest.ts'
import { addInitCommand } from './commands/init.ts'
import { addModelsCommand } from './commands/models.ts'
import { addRecordCommand } from './commands/record.ts'
import { addRunCommand } from './commands/run.ts'
import { addSealCommand } from './commands/seal.ts'
import { addServeCommand } from './commands/serve.ts'
import { addSqlCommand } from './commands/sql.ts'
import { addSweepCommand } from './commands/sweep.ts'
import { addTrackRecordCommand } from './commands/trackRecord.ts'
import { addTrainCommand } from './commands/train.ts'
import { packageVersion } from './packageFolder.ts'

/** The command line of touchstone. */
export function createProgram(): Command {
  const program = new Command('touchstone')
    .description('Trading agents on tokenised real-world assets whose every decision can be checked.')
    .version(packageVersion())
    .option(
      '--dir <folder>',
      'project folder (TOUCHSTONE_DIR; default .touchstone, beside the configuration)',
    )
    .option('--config <file>', 'configuration (default: touchstone.config.ts here or in a folder above)')
    .option('--json', 'print the result as one JSON object on standard output')
    .option('--verbose', 'print the stack of an error')
    .exitOverride()
    .showHelpAfterError('(run with --help for usage)')
    .configureHelp({ showGlobalOptions: true })
  for (const add of [
    addDemoCommand,
    addInitCommand,
    addRecordCommand,
    addIngestCommand,
    addFeaturesCommand,
    addTrainCommand,
    addModelsCommand,
    addSealCommand,
    addBacktestCommand,
    addCheckCommand,
    addSweepCommand,
    addRunCommand,
    addServeCommand,
    addAuditCommand,
    addTrackRecordCommand,
    addChallengeCommand,
    addExplainCommand,
    addGiveModelCommands,
    addGrantCommand,
    addAgentsCommand,
    addArchiveCommand,
    addSqlCommand,
    addExportCommand,
  ])
    add(program)
  return program
}
