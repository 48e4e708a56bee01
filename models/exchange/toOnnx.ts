import { InvalidInputError } from '../../core/index.ts'
import type { Objective } from '../learner.ts'
import type { FloatNetwork } from '../networks/floatNetwork.ts'
import type { TreeEnsemble } from '../trees/treeEnsemble.ts'
import { type ExchangeMetadata, METADATA_KEY } from './exchangeMetadata.ts'
import { networkToOnnx } from './networkToOnnx.ts'
import { OnnxWriter, type Port } from './onnxWriter.ts'
import { treesToOnnx } from './treesToOnnx.ts'

/**
 * Writes a model as an ONNX file, for any runtime; the same model gives the same bytes. Its input `features` is
 * binary32, [rows, features] or, for a network over time, [rows, steps, features], unscaled, NaN where a value is
 * missing. Its outputs, [rows, 1] each, are the `score` and what it means: the `probability` of a rise before
 * calibration, or the `log_return`.
 *
 * @param featureNames of the columns, in their order; kept in the file's metadata.
 * @throws InvalidInputError when there are not as many names as columns.
 */
export function toOnnx(
  model: FloatNetwork | TreeEnsemble,
  { featureNames }: { readonly featureNames: readonly string[] },
): Uint8Array {
  if (featureNames.length !== model.columns || new Set(featureNames).size !== featureNames.length)
    throw new InvalidInputError(
      `A model of ${model.columns} features cannot be exported under ${featureNames.length} names, ${new Set(featureNames).size} of them different.`,
      {
        facts: { columns: model.columns, names: featureNames.length },
        hint: 'Give one name of its own to each feature, in the order of the columns.',
      },
    )
  const writer = new OnnxWriter()
  const isNetwork = 'learner' in model
  const steps = isNetwork && model.learner.kind === 'tcn' ? model.learner.steps : null
  const input: Port = {
    name: 'features',
    shape: ['rows', ...(steps === null ? [] : [steps]), model.columns],
  }
  if (isNetwork) networkToOnnx(writer, model)
  else treesToOnnx(writer, model)
  const { objective, targetScale, targetCentre } = model
  const meaning = writeMeaning(writer, objective, targetScale, targetCentre)
  const metadata: ExchangeMetadata = {
    featureNames: [...featureNames],
    objective,
    targetScale,
    targetCentre,
    ...(isNetwork ? { learner: model.learner } : {}),
  }
  return writer.toBytes({
    name: 'touchstone',
    input,
    outputs: [
      { name: 'score', shape: ['rows', 1] },
      { name: meaning, shape: ['rows', 1] },
    ],
    metadata: { [METADATA_KEY]: JSON.stringify(metadata) },
  })
}

/** Adds what the score means as an output, and names it. */
function writeMeaning(writer: OnnxWriter, objective: Objective, scale: number, centre: number): string {
  if (objective === 'direction') return writer.node('Sigmoid', ['score'], { name: 'probability' })
  const spread = writer.node('Mul', ['score', writer.floats('target_scale', [scale])], { name: 'spread' })
  return writer.node('Add', [spread, writer.floats('target_centre', [centre])], { name: 'log_return' })
}
