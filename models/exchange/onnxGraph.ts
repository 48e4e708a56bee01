import { InvalidInputError } from '../../core/index.ts'
import type { OnnxModel, OnnxNode } from './onnxModel.ts'

/**
 * The output of a model to convert: the given one, else `score`, else the only one.
 *
 * @throws InvalidInputError when there is none such.
 */
export function chosenOutput({ outputs }: OnnxModel, given: string | undefined): string {
  const names = outputs.map(({ name }) => name)
  const chosen = given ?? (names.includes('score') ? 'score' : names.length === 1 ? names[0] : undefined)
  if (chosen !== undefined && names.includes(chosen)) return chosen
  const fact =
    given === undefined ? `${names.length} outputs and none of them is "score"` : `no output "${given}"`
  throw new InvalidInputError(`The ONNX model has ${fact}.`, {
    facts: { outputs: names.join(', ') },
    hint: `Pass one of its outputs as \`output\`: ${names.join(', ')}.`,
  })
}

/** The nodes that an output hangs on, in their order. */
export function nodesBefore(nodes: readonly OnnxNode[], output: string): OnnxNode[] {
  const needed = new Set([output])
  return nodes
    .toReversed()
    .filter(node => {
      if (!node.outputs.some(name => needed.has(name))) return false
      for (const name of node.inputs) needed.add(name)
      return true
    })
    .reverse()
}

/** A node in an error message: its name, or its result where it has none, and its operator. */
export function whereOf({ name, outputs, operator }: OnnxNode): string {
  return `node "${name === '' ? (outputs[0] ?? '') : name}" (${operator})`
}
