import Table from 'cli-table3'
import type { Command } from 'commander'
import { formatInstant, type Hash, unixMs } from '../../core/index.ts'
import { createModelRegistry, type ModelCard } from '../../models/index.ts'
import { commandContext } from '../commandContext.ts'
import { modelHash } from '../modelHash.ts'
import { TABLE } from '../tableStyle.ts'
import { withWorkspace } from '../workspace.ts'

/** Adds `touchstone models`. */
export function addModelsCommand(program: Command): void {
  program
    .command('models')
    .description('list the sealed models of the project, or show the card of one')
    .argument('[model]', 'hash of a model, to show its card')
    .addHelpText('after', '\nExamples:\n  $ touchstone models\n  $ touchstone models 0x3e97…592385 --json')
    .action(async (model: string | undefined, _options: object, command: Command) => {
      const context = commandContext(command)
      const { terminal } = context
      await withWorkspace(context, async ({ store }) => {
        const registry = createModelRegistry(store.models)
        if (model !== undefined) {
          const hash = modelHash(model)
          const { card } = await registry.load(hash)
          terminal.result({ hash, ...card }, formatCard(hash, card))
          return
        }
        const models: { hash: Hash; createdAtMs: number; card: ModelCard }[] = []
        for (const { hash, createdAtMs } of await store.models.list())
          models.push({ hash, createdAtMs, card: (await registry.load(hash)).card })
        const table = new Table({
          head: ['model', 'hash', 'learner', 'learnt until', 'tested from', 'log loss', 'IC', 'fold'],
          ...TABLE,
        })
        for (const { hash, card } of models) {
          const { name, version, training, metrics, walkForward } = card
          table.push([
            `${name} ${version}`,
            hash,
            training?.spec.learner.kind ?? 'imported',
            training === null ? 'n/a' : formatInstant(unixMs(training.toMs)),
            training?.testFromMs == null ? 'n/a' : formatInstant(unixMs(training.testFromMs)),
            figure(metrics['logLoss'], 4),
            figure(metrics['informationCoefficient'], 3),
            walkForward === null ? '' : `${walkForward.fold}/${walkForward.folds}`,
          ])
        }
        terminal.result(
          models.map(({ hash, createdAtMs, card: { background: _b, covers: _c, spread: _s, ...card } }) => ({
            hash,
            createdAtMs,
            ...card,
          })),
          models.length === 0 ? 'No model was trained in this project yet.' : table.toString(),
        )
      })
    })
}

const figure = (value: number | null | undefined, places: number) =>
  value == null ? 'n/a' : value.toFixed(places)

/** A model's card for people. */
function formatCard(hash: Hash, card: ModelCard): string {
  const {
    name,
    version,
    instrument,
    features,
    label,
    training,
    walkForward,
    parent,
    metrics,
    quantisationLoss,
  } = card
  const instant = (timeMs: number) => formatInstant(unixMs(timeMs))
  const rows: [string, string][] = [
    ['model', `${name}, version ${version}`],
    ['hash', hash],
    ['instrument', instrument],
    ['features', features.join(', ')],
    ['label', `${label.kind}, ${label.horizonMs / 60_000} min ahead`],
  ]
  if (training !== null) {
    const { spec, fromMs, toMs, testFromMs, dataHash, device, bestStep, stepsRun } = training
    const { kind, ...settings } = spec.learner
    rows.push(
      ['learner', `${kind} ${JSON.stringify(settings)}`],
      [
        'learnt from',
        `${training.rows.toLocaleString('en-US')} rows, ${instant(fromMs)} to ${instant(toMs)}`,
      ],
      ['tested from', testFromMs === null ? 'n/a' : instant(testFromMs)],
      ['steps', `${stepsRun}, the best was ${bestStep}`],
      ['seed', String(spec.seed)],
      ['trained on', device],
      ['data', dataHash],
    )
  }
  if (walkForward !== null)
    rows.push([
      'walk-forward',
      `fold ${walkForward.fold} of ${walkForward.folds}, to ${instant(walkForward.testToMs)}`,
    ])
  rows.push(['parent', parent ?? 'none'])
  for (const [metric, value] of Object.entries(metrics)) rows.push([metric, figure(value, 4)])
  if (quantisationLoss !== null)
    rows.push([
      'sealing',
      `scores off by ${quantisationLoss.meanScore.toPrecision(3)} on average, probabilities by ${quantisationLoss.meanProbability.toPrecision(3)}`,
    ])
  return rows.map(([field, value]) => `${field.padEnd(24)}${value}`).join('\n')
}
