import { z } from 'zod'
import { exactLog, InvalidInputError } from '../../core/index.ts'
import type { Objective } from '../learner.ts'
import type { TreeEnsemble } from '../trees/treeEnsemble.ts'
import { assembleTrees, type ForeignTreesOptions } from './assembleTrees.ts'
import { type ForeignTreeNode, float32Below } from './foreignTrees.ts'

const places = z.array(z.int())
const numbers = z.array(z.number())
const treeSchema = z.object({
  left_children: places,
  right_children: places,
  split_indices: places,
  split_conditions: numbers,
  split_type: places.optional(),
  // Numbers in some versions and booleans in others.
  default_left: z.array(z.union([z.int(), z.boolean()])),
  sum_hessian: numbers,
})
const modelSchema = z.object({
  learner: z.object({
    learner_model_param: z.object({
      base_score: z.string(),
      num_feature: z.string(),
      num_class: z.string().default('0'),
      num_target: z.string().default('1'),
    }),
    objective: z.object({ name: z.string() }),
    gradient_booster: z.object({
      name: z.string(),
      model: z.object({ trees: z.array(treeSchema) }).optional(),
    }),
  }),
})

/** What the margin of an objective means, and whether its base score is a probability. */
const OBJECTIVES: Readonly<
  Record<string, { readonly objective: Objective; readonly isProbability: boolean }>
> = {
  'binary:logistic': { objective: 'direction', isProbability: true },
  'reg:logistic': { objective: 'direction', isProbability: true },
  'binary:logitraw': { objective: 'direction', isProbability: false },
  'reg:squarederror': { objective: 'return', isProbability: false },
  'reg:pseudohubererror': { objective: 'return', isProbability: false },
  'reg:absoluteerror': { objective: 'return', isProbability: false },
}

/**
 * Converts a model that XGBoost saved as JSON (`Booster.save_model('model.json')`), of numerical splits and one
 * output, to trees that can be sealed. All its trees count, those after the best iteration too: slice the booster
 * before saving it. The score is XGBoost's margin, with its leaves rounded to 1 / `SCORE_ONE`.
 * (xgboost.readthedocs.io, "Introduction to Model IO")
 *
 * @param modelJson the parsed file.
 * @throws InvalidInputError naming the field, the objective or the tree that is not supported.
 */
export function fromXgboost(modelJson: unknown, options: ForeignTreesOptions = {}): TreeEnsemble {
  const checked = modelSchema.safeParse(modelJson)
  if (!checked.success) {
    const field = checked.error.issues[0]?.path.join('.') ?? ''
    throw new InvalidInputError(`The file is not an XGBoost model in JSON: "${field}" is wrong.`, {
      facts: { field },
      hint: 'Save it with `save_model("model.json")`, and pass the parsed file.',
    })
  }
  const { learner_model_param: parameters, objective, gradient_booster: booster } = checked.data.learner
  if (booster.name !== 'gbtree' || booster.model === undefined)
    throw unsupported(`its booster is ${booster.name}, not gbtree`)
  if (Number(parameters.num_class) > 1 || Number(parameters.num_target) > 1)
    throw unsupported('it has several outputs')
  const meaning = Object.hasOwn(OBJECTIVES, objective.name) ? OBJECTIVES[objective.name] : undefined
  if (meaning === undefined) throw unsupported(`its objective is ${objective.name}`)
  const columns = Number(parameters.num_feature)
  if (!Number.isSafeInteger(columns) || columns < 1 || columns > 65_535)
    throw unsupported(`it has ${parameters.num_feature} features`)
  return assembleTrees(
    {
      columns,
      trees: booster.model.trees.map((tree, place) => nodesOf(tree, place, columns)),
      base: baseOf(parameters.base_score, meaning.isProbability),
      objective: meaning.objective,
    },
    options,
  )
}

/** XGBoost 3 writes a list of one. */
function baseOf(text: string, isProbability: boolean): number {
  const score = Math.fround(Number(text.replace(/^\[(.*)\]$/, '$1')))
  const base = isProbability ? exactLog(score / (1 - score)) : score
  if (text === '' || !Number.isFinite(base)) throw unsupported(`its base score is ${text}`)
  return base
}

function nodesOf(tree: z.infer<typeof treeSchema>, place: number, columns: number): ForeignTreeNode[] {
  const nodes = tree.left_children.map((left, index): ForeignTreeNode => {
    const right = tree.right_children[index]
    const condition = tree.split_conditions[index]
    const cover = Math.max(0, tree.sum_hessian[index] ?? 0)
    if (right === undefined || condition === undefined || !Number.isFinite(Math.fround(condition)))
      throw unsupported(`node ${index} of tree ${place} is not whole`)
    if (left === -1) return { kind: 'leaf', value: Math.fround(condition), cover }
    const feature = tree.split_indices[index] ?? -1
    if ((tree.split_type?.[index] ?? 0) !== 0)
      throw unsupported(`node ${index} of tree ${place} splits by categories`)
    // A child comes after its parent, so no way leads back.
    if (feature < 0 || feature >= columns || left <= index || right <= index)
      throw unsupported(
        `node ${index} of tree ${place} points to feature ${feature} and nodes ${left}, ${right}`,
      )
    return {
      kind: 'split',
      feature,
      // It goes left where value < condition.
      threshold: float32Below(condition),
      missingGoesLeft: Boolean(tree.default_left[index]),
      left,
      right,
      cover,
    }
  })
  if (nodes.length === 0) throw unsupported(`tree ${place} has no node`)
  return nodes
}

function unsupported(fact: string): InvalidInputError {
  return new InvalidInputError(`The XGBoost model cannot be converted: ${fact}.`, {
    facts: { fact },
    hint: 'Supported are boosted trees of numerical splits with one output, logistic or a regression.',
  })
}
