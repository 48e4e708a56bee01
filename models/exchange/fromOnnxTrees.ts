import { InvalidInputError } from '../../core/index.ts'
import type { TreeEnsemble } from '../trees/treeEnsemble.ts'
import { assembleTrees, type ForeignTreesOptions } from './assembleTrees.ts'
import { exchangeMetadata } from './exchangeMetadata.ts'
import { type ForeignTreeNode, float32Below } from './foreignTrees.ts'
import { attributeOf, refusedNode } from './onnxFlow.ts'
import { chosenOutput, nodesBefore, whereOf } from './onnxGraph.ts'
import { ONNX_FLOAT, type OnnxModel, type OnnxNode } from './onnxModel.ts'
import { TREES_DOMAIN } from './onnxWriter.ts'
import { readOnnx } from './readOnnx.ts'

export type FromOnnxTreesOptions = ForeignTreesOptions & {
  /** The output to convert; `score` or the only one unless it is given. */
  readonly output?: string
}

type Call = { readonly node: OnnxNode; readonly where: string }

/**
 * Converts an ONNX file of one TreeEnsembleRegressor, as converters of XGBoost, LightGBM and scikit-learn write it, to
 * trees that can be sealed; a sigmoid behind it makes it one of the objective `direction`. A file of `toOnnx` gives
 * back trees of the same scores, without the covers that explanations weigh branches by: those count leaves.
 *
 * @throws InvalidInputError when the bytes are no ONNX model, or naming the node or attribute that is not supported.
 */
export function fromOnnxTrees(bytes: Uint8Array, options: FromOnnxTreesOptions = {}): TreeEnsemble {
  const model = readOnnx(bytes)
  const output = chosenOutput(model, options.output)
  const [node, ...behind] = nodesBefore(model.nodes, output).filter(({ operator }) => operator !== 'Identity')
  if (node?.operator !== 'TreeEnsembleRegressor' || node.domain !== TREES_DOMAIN)
    throw new InvalidInputError(
      `The ONNX model does not begin with trees but with ${node?.operator ?? 'nothing'}.`,
      {
        facts: { operator: node?.operator ?? '' },
        hint: 'Networks are converted by `fromOnnx`; of trees, only a TreeEnsembleRegressor is supported.',
      },
    )
  const after = behind.find(next => next.operator !== 'Sigmoid') ?? behind[1]
  if (after !== undefined) throw refusedNode({ node: after, where: whereOf(after) }, 'follows the trees')
  const call: Call = { node, where: whereOf(node) }
  const transform = attributeOf(call, 'post_transform', 'text', 'NONE')
  if (transform !== 'NONE' && transform !== 'LOGISTIC') throw refusedNode(call, `transforms by ${transform}`)
  if (attributeOf(call, 'n_targets', 'int', 1) !== 1) throw refusedNode(call, 'has several targets')
  const own = output === 'score' ? exchangeMetadata(model.metadata) : null
  const isDirection = behind.length > 0 || transform === 'LOGISTIC' || own?.objective === 'direction'
  const columns = columnsOf(model, node)
  const trees = treesOf(call, columns)
  const source = {
    columns,
    trees,
    base: floats(call, 'base_values')[0] ?? 0,
    objective: isDirection ? ('direction' as const) : ('return' as const),
  }
  const ensemble = assembleTrees(source, options)
  const isOwnTarget = [options.outputUnit, options.targetScale, options.targetCentre].every(
    given => given === undefined,
  )
  if (own === null || !isOwnTarget) return ensemble
  return { ...ensemble, targetScale: own.targetScale, targetCentre: own.targetCentre }
}

function columnsOf({ inputs }: OnnxModel, node: OnnxNode): number {
  const input = inputs.find(({ name }) => name === node.inputs[0])
  const columns = input?.shape[1]
  if (
    input?.elementType === ONNX_FLOAT &&
    input.shape.length === 2 &&
    typeof columns === 'number' &&
    columns >= 1
  )
    return columns
  throw new InvalidInputError(
    'The trees of the ONNX model do not take [rows, features] of binary32 values.',
    {
      facts: { input: node.inputs[0] ?? '' },
      hint: 'Export them with their number of features fixed, in float32.',
    },
  )
}

function treesOf(call: Call, columns: number): ForeignTreeNode[][] {
  const ids = integers(call, 'nodes_treeids')
  const nodeIds = integers(call, 'nodes_nodeids')
  const modes = attributeOf(call, 'nodes_modes', 'texts', [])
  const features = integers(call, 'nodes_featureids')
  const thresholds = floats(call, 'nodes_values')
  const lefts = integers(call, 'nodes_truenodeids')
  const rights = integers(call, 'nodes_falsenodeids')
  const missing = integers(call, 'nodes_missing_value_tracks_true')
  const leaves = leavesOf(call)
  const places = new Map<number, Map<number, number>>()
  for (const [place, id] of ids.entries()) {
    const tree = places.get(id) ?? new Map<number, number>()
    places.set(id, tree.set(nodeIds[place] ?? -1, place))
  }
  return [...places].map(([id, tree]) => {
    // Parents before children, as every converter numbers them, so that no way leads back.
    const order = [...tree].sort(([first], [second]) => first - second)
    const index = new Map(order.map(([nodeId], position) => [nodeId, position]))
    return order.map(([nodeId, place], position): ForeignTreeNode => {
      const mode = modes[place] ?? ''
      if (mode === 'LEAF') return { kind: 'leaf', value: leaves.get(`${id}/${nodeId}`) ?? 0, cover: 1 }
      const threshold = thresholds[place] ?? Number.NaN
      const feature = features[place] ?? -1
      const left = index.get(lefts[place] ?? -1) ?? -1
      const right = index.get(rights[place] ?? -1) ?? -1
      if (mode !== 'BRANCH_LEQ' && mode !== 'BRANCH_LT')
        throw refusedNode(call, `splits by "${mode}" in node ${nodeId} of tree ${id}`)
      if (
        Number.isNaN(threshold) ||
        feature < 0 ||
        feature >= columns ||
        left <= position ||
        right <= position
      )
        throw refusedNode(call, `has no whole node ${nodeId} in tree ${id}`)
      const inclusive = mode === 'BRANCH_LEQ' || !Number.isFinite(threshold)
      return {
        kind: 'split',
        feature,
        threshold: inclusive ? threshold : float32Below(threshold),
        missingGoesLeft: missing[place] === 1,
        left,
        right,
        cover: 1,
      }
    })
  })
}

/** The value of each leaf, by tree and node. */
function leavesOf(call: Call): Map<string, number> {
  const trees = integers(call, 'target_treeids')
  const nodes = integers(call, 'target_nodeids')
  const weights = floats(call, 'target_weights')
  const combine = attributeOf(call, 'aggregate_function', 'text', 'SUM')
  if (combine !== 'SUM' && combine !== 'AVERAGE') throw refusedNode(call, `combines its trees by ${combine}`)
  const share = combine === 'SUM' ? 1 : 1 / Math.max(1, new Set(integers(call, 'nodes_treeids')).size)
  return new Map(
    trees.map((tree, place) => {
      const weight = weights[place] ?? Number.NaN
      if (!Number.isFinite(weight)) throw refusedNode(call, `has no value for a leaf of tree ${tree}`)
      return [`${tree}/${nodes[place]}`, weight * share]
    }),
  )
}

function integers(call: Call, name: string): readonly number[] {
  return attributeOf(call, name, 'ints', [])
}

function floats(call: Call, name: string): Float32Array {
  if (call.node.attributes.has(`${name}_as_tensor`))
    throw refusedNode(call, `has binary64 values in "${name}"`)
  return attributeOf(call, name, 'floats', new Float32Array(0))
}
