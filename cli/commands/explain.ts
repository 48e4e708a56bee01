import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { formatInstant, InvalidInputError, SCORE_ONE } from '../../core/index.ts'
import { commandContext } from '../commandContext.ts'
import { explainDecision } from '../explainDecision.ts'
import { contributionBars, contributionSvg } from '../explanationChart.ts'
import { withWorkspace } from '../workspace.ts'

/** Adds `touchstone explain`. */
export function addExplainCommand(program: Command): void {
  program
    .command('explain')
    .description('say which features drove a decision, and check that the record says the same')
    .argument('<decision>', 'a decision, as agent/sequence')
    .option('--svg <file>', 'also draw the contributions to a file')
    .addHelpText(
      'after',
      `
Contributions are Shapley values of the model's score: what each feature adds, averaged over all orders in which the
features could become known. They add up to the score less the usual one, exactly. Ends with status 1 when they are
not those of the record.

Example:
  $ touchstone explain order-flow-momentum/12 --svg why.svg`,
    )
    .action(async (decision: string, { svg }: { svg?: string }, command: Command) => {
      const [, agent = '', sequence = ''] = /^([^/]+)\/(\d{1,15})$/.exec(decision) ?? []
      if (agent === '')
        throw new InvalidInputError(`"${decision}" names no decision.`, {
          facts: { decision },
          hint: 'Write it as gold-trend/12.',
        })
      const context = commandContext(command)
      const explained = await withWorkspace(context, workspace =>
        explainDecision(workspace, agent, Number(sequence)),
      )
      const { record, model, explanation, features, text, isAsRecorded } = explained
      if (svg !== undefined) await writeFile(svg, contributionSvg(explained))
      const { terminal } = context
      const verdict = isAsRecorded
        ? terminal.good('The record holds the same attributions.')
        : terminal.bad('The record holds other attributions: it does not say what its model says.')
      terminal.result(
        {
          agent,
          sequence: record.sequence,
          kind: record.output.kind,
          timeMs: record.timeMs,
          model: record.model,
          score: explanation.score / SCORE_ONE,
          base: explanation.base / SCORE_ONE,
          features,
          text,
          isAsRecorded,
        },
        [
          `${decision}: a ${record.output.kind} of ${formatInstant(record.timeMs)}, by ${model.card.name} ${record.model}`,
          text,
          '',
          contributionBars(features),
          '',
          verdict,
          ...(svg === undefined ? [] : [`drawn to ${svg}`]),
        ].join('\n'),
      )
      if (!isAsRecorded) process.exitCode = 1
    })
}
