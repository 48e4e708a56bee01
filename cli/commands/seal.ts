import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { InvalidInputError } from '../../core/index.ts'
import {
  createModelRegistry,
  DEFAULT_LOSS_LIMITS,
  fitScaler,
  sealImported,
  serialiseSealedModel,
} from '../../models/index.ts'
import { loadAgent } from '../agentCatalogue.ts'
import { agentMatrix } from '../agentMatrix.ts'
import { commandContext } from '../commandContext.ts'
import { agentConfig } from '../deployedAgents.ts'
import { readForeignModel } from '../foreignModel.ts'
import { systemClock } from '../systemClock.ts'
import { requireModel } from '../trainAgent.ts'
import { evaluationTable, sealingLine, verdicts } from '../trainingReport.ts'
import { withWorkspace } from '../workspace.ts'

type SealOptions = { agent: string; maxLoss: number; out?: string }

/** Adds `touchstone seal`. */
export function addSealCommand(program: Command): void {
  program
    .command('seal')
    .description('seal a model that was trained elsewhere for an agent, and save it by its content hash')
    .argument('<file>', 'ONNX, a TensorFlow.js model.json with its weights beside it, or JSON of XGBoost')
    .requiredOption('--agent <agent>', 'agent whose features, in their order, the model takes')
    .option(
      '--max-loss <share>',
      'refuse a model whose score loses more than this share of its spread on average',
      share,
      DEFAULT_LOSS_LIMITS.meanScoreShare,
    )
    .option('--out <file>', 'also write the sealed model to a file')
    .addHelpText(
      'after',
      `
Models that \`touchstone train\` trains are sealed by it already.

Example:
  $ touchstone seal model.onnx --agent order-flow-momentum --max-loss 0.02`,
    )
    .action(async (file: string, { agent, maxLoss, out }: SealOptions, command: Command) => {
      await withWorkspace(commandContext(command), async workspace => {
        const config = await agentConfig(workspace, agent)
        const definition = await loadAgent(config)
        const spec = requireModel(definition, config.name)
        const { matrix } = await agentMatrix(workspace, definition)
        const rows = Uint32Array.from({ length: matrix.rows }, (_, row) => row)
        const imported = await readForeignModel(file, fitScaler(matrix.values, matrix.columns, rows))
        const sealed = await sealImported(imported, {
          matrix,
          spec,
          featureList: definition.features,
          limits: { meanScoreShare: maxLoss },
        })
        const { model, hash, loss, evaluation, evidence } = sealed
        await createModelRegistry(workspace.store.models).save(model, systemClock())
        if (out !== undefined) await writeFile(out, serialiseSealedModel(model).text)
        workspace.terminal.result(
          { agent, name: spec.name, hash, quantisationLoss: loss, evaluation, evidence, file: out ?? null },
          [
            `${spec.name} ${hash}`,
            sealingLine(loss === null ? [] : [loss]),
            'the rows below are out of sample only if the model was not trained on them',
            evaluationTable(evaluation, evidence),
            ...verdicts(evaluation, evidence),
          ].join('\n'),
        )
      })
    })
}

function share(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value <= 1) return value
  throw new InvalidInputError(`--max-loss is "${text}", which is no share from 0 to 1.`, {
    facts: { text },
    hint: 'Give a number such as 0.05.',
  })
}
