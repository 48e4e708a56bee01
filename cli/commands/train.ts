import { writeFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { DAY_MS, InvalidInputError } from '../../core/index.ts'
import { type DeviceWish, serialiseSealedModel, type WalkForward } from '../../models/index.ts'
import { loadAgent } from '../agentCatalogue.ts'
import { agentMatrix } from '../agentMatrix.ts'
import { commandContext, wholeNumber } from '../commandContext.ts'
import { agentConfig } from '../deployedAgents.ts'
import { requireModel, trainAgent } from '../trainAgent.ts'
import { formatTraining, trainingJson } from '../trainingReport.ts'
import { withWorkspace } from '../workspace.ts'

/** Tests of a walk-forward unless told otherwise. */
const DEFAULT_FOLDS = 5

type TrainCommandOptions = {
  out?: string
  walkForward?: true
  folds?: number
  everyDays?: number
  rolling?: true
  device: DeviceWish
  workers?: number
}

/** Adds `touchstone train`. */
export function addTrainCommand(program: Command): void {
  program
    .command('train')
    .description("train an agent's model on its stored history, seal it, and save it by its content hash")
    .argument('<agent>', 'agent whose model is trained')
    .option('--walk-forward', 'train anew as time goes on, and test each model on what came after')
    .option('--folds <number>', 'models of the walk-forward (default: 5)', wholeNumber('--folds', 1, 1_000))
    .option(
      '--every-days <number>',
      'train anew after so many days, instead of --folds',
      wholeNumber('--every-days', 1, 10_000),
    )
    .option('--rolling', 'learn from as much as the first model did, instead of from all that came before')
    .addOption(
      new Option('--device <device>', 'where networks are trained')
        .choices(['auto', 'gpu', 'cpu'])
        .default('auto'),
    )
    .option('--workers <number>', 'threads of the CPU (default: all)', wholeNumber('--workers', 1, 256))
    .option('--out <file>', 'also write the (last) sealed model to a file')
    .addHelpText(
      'after',
      `
A walk-forward is what \`touchstone backtest AGENT --walk-forward\` trades: each model on what it was not trained on.

Examples:
  $ touchstone train order-flow-momentum --out model.json
  $ touchstone train order-flow-momentum --walk-forward --folds 8`,
    )
    .action(async (agent: string, options: TrainCommandOptions, command: Command) => {
      const walkForward = walkForwardOf(options)
      const context = commandContext(command)
      await withWorkspace(context, async workspace => {
        const config = await agentConfig(workspace, agent)
        const definition = await loadAgent(config)
        // Before the matrix is built, which takes a while.
        requireModel(definition, config.name)
        const { matrix } = await agentMatrix(workspace, definition)
        const { device, workers, out } = options
        const training = await trainAgent(workspace, definition, matrix, {
          walkForward,
          device,
          workers,
          signal: context.signal,
        })
        const last = training.models.at(-1)
        if (out !== undefined && last !== undefined)
          await writeFile(out, serialiseSealedModel(last.model).text)
        workspace.terminal.result(
          { agent, ...trainingJson(training), file: out ?? null },
          formatTraining(training),
        )
      })
    })
}

function walkForwardOf(options: TrainCommandOptions): WalkForward | undefined {
  const { folds, everyDays, rolling } = options
  if (options.walkForward === undefined) {
    if (folds === undefined && everyDays === undefined && rolling === undefined) return undefined
    throw new InvalidInputError('--folds, --every-days and --rolling cut a walk-forward.', {
      hint: 'Add --walk-forward, or leave them out.',
    })
  }
  if (folds !== undefined && everyDays !== undefined)
    throw new InvalidInputError('--folds and --every-days both say when to train anew.', {
      hint: 'Give one of them.',
    })
  return {
    mode: rolling ? 'rolling' : 'anchored',
    retrain: everyDays === undefined ? { folds: folds ?? DEFAULT_FOLDS } : { everyMs: everyDays * DAY_MS },
  }
}
