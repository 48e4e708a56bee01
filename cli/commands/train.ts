import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { formatInstant, unixMs } from '../../core/index.ts'
import { serialiseArtifact, type TrainingReport } from '../../models/index.ts'
import { loadAgent } from '../agentCatalogue.ts'
import { agentMatrix } from '../agentMatrix.ts'
import { commandContext } from '../commandContext.ts'
import { agentConfig } from '../deployedAgents.ts'
import { metricsTable } from '../metricsTable.ts'
import { requireModel, trainAgent } from '../trainAgent.ts'
import { withWorkspace } from '../workspace.ts'

/** Adds `touchstone train`. */
export function addTrainCommand(program: Command): void {
  program
    .command('train')
    .description("train an agent's model on its stored history, and save it by its content hash")
    .argument('<agent>', 'agent whose model is trained')
    .option('--out <file>', 'also write the model to a file')
    .addHelpText('after', '\nExample:\n  $ touchstone train order-flow-momentum --out model.json')
    .action(async (agent: string, options: { out?: string }, command: Command) => {
      await withWorkspace(commandContext(command), async workspace => {
        const { terminal } = workspace
        const definition = await loadAgent(await agentConfig(workspace, agent))
        // Before the matrix is built, which takes a while.
        requireModel(definition)
        const { matrix } = await agentMatrix(workspace, definition)
        const { artifact, hash, report } = await trainAgent(workspace, definition, matrix)
        if (options.out !== undefined) await writeFile(options.out, serialiseArtifact(artifact).artifact)
        terminal.result(
          { agent, name: artifact.name, hash, report, file: options.out ?? null },
          describe(artifact.name, hash, report),
        )
      })
    })
}

function describe(name: string, hash: string, report: TrainingReport): string {
  const { rows, backend, testFromMs, model, majority, logistic, epochsRun, bestEpoch } = report
  return [
    `${name} ${hash}`,
    `${rows.train} rows to train, ${rows.validation} to stop by, ${rows.test} to test from ${formatInstant(unixMs(testFromMs))}`,
    `${rows.purged} purged, ${rows.embargoed} embargoed; ${epochsRun} epochs on ${backend}, the best was ${bestEpoch}`,
    metricsTable({ metrics: model, majority, logistic }),
  ].join('\n')
}
