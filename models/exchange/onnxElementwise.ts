import {
  advance,
  attributeOf,
  byChannel,
  type Flow,
  floatsAt,
  flowAt,
  type GraphValue,
  isConstant,
  type NodeCall,
  refusedNode,
} from './onnxFlow.ts'

/** Add, Sub, Mul or Div of the flow and a constant, or an Add of the flow and what its last layer took in. */
export function arithmetic(call: NodeCall): Flow {
  const { operator } = call.node
  const [first, second] = call.inputs
  if (isConstant(first)) {
    const flow = flowAt(call, 1)
    const values = byChannel(call, flow, floatsAt(call, 0))
    const ones = new Float64Array(flow.channels).fill(1)
    if (operator === 'Add') return scale(call, flow, ones, values)
    if (operator === 'Mul') return scale(call, flow, values, new Float64Array(flow.channels))
    if (operator === 'Sub') return scale(call, flow, ones.fill(-1), values)
    throw refusedNode(call, 'divides by a value that depends on the features')
  }
  if (!isConstant(second)) {
    if (operator === 'Add' && first?.kind === 'flow' && second?.kind === 'flow')
      return residual(call, first, second)
    throw refusedNode(call, 'joins two values that depend on the features')
  }
  const flow = flowAt(call, 0)
  const values = byChannel(call, flow, floatsAt(call, 1))
  const zeros = new Float64Array(flow.channels)
  const ones = new Float64Array(flow.channels).fill(1)
  if (operator === 'Add') return scale(call, flow, ones, values)
  if (operator === 'Mul') return scale(call, flow, values, zeros)
  // Kept as they are, so that a scaler comes through to the bit.
  if (operator === 'Sub') return advance(call, flow, { kind: 'normalise', mean: values, std: ones })
  return advance(call, flow, { kind: 'normalise', mean: zeros, std: values })
}

function scale(call: NodeCall, flow: Flow, factors: Float64Array, shifts: Float64Array): Flow {
  return advance(call, flow, { kind: 'scale', factors, shifts })
}

function residual(call: NodeCall, first: Flow, second: Flow): Flow {
  const isFirstNow = first.links === call.links.length
  const [now, earlier] = isFirstNow ? [first, second] : [second, first]
  const layer = call.links.findLastIndex(link => link.kind === 'layer')
  const isSameShape =
    now.axes === earlier.axes && now.steps === earlier.steps && now.channels === earlier.channels
  if (now.links !== call.links.length || earlier.links !== layer || !isSameShape)
    throw refusedNode(call, 'adds two values of which neither is the input of the last layer')
  return advance(call, now, { kind: 'residual' })
}

export function clip(call: NodeCall): Flow {
  const flow = flowAt(call, 0)
  const limit = (place: number, attribute: string, absent: number) =>
    call.inputs[place] === undefined
      ? attributeOf(call, attribute, 'float', absent)
      : Number(floatsAt(call, place).values[0] ?? absent)
  const low = limit(1, 'min', Number.NEGATIVE_INFINITY)
  const high = limit(2, 'max', Number.POSITIVE_INFINITY)
  // So do some exporters write a ReLU.
  if (low === 0 && high === Number.POSITIVE_INFINITY) return advance(call, flow, { kind: 'relu' })
  return advance(call, flow, { kind: 'clip', low, high })
}

/** IsNaN or IsInf of the flow. */
export function isMissing(call: NodeCall): GraphValue {
  return { kind: 'missing', links: flowAt(call, 0).links }
}

export function or(call: NodeCall): GraphValue {
  const [first, second] = call.inputs
  if (first?.kind !== 'missing' || second?.kind !== 'missing' || first.links !== second.links)
    throw refusedNode(call, 'joins something other than tests for missing values')
  return first
}

/** Where(missing, constant, flow). */
export function where(call: NodeCall): Flow {
  const [condition] = call.inputs
  const flow = flowAt(call, 2)
  if (condition?.kind !== 'missing') throw refusedNode(call, 'chooses by something other than missing values')
  // What is missing stays missing through a sum or a product, but not for certain through anything else.
  const between = call.links.slice(condition.links)
  if (!between.every(({ kind }) => kind === 'normalise' || kind === 'scale'))
    throw refusedNode(call, 'looks for missing values too early')
  return advance(call, flow, { kind: 'fillMissing', values: byChannel(call, flow, floatsAt(call, 1)) })
}
