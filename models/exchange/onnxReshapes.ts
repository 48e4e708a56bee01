import {
  advance,
  attributeOf,
  type Flow,
  floatsAt,
  flowAt,
  integersAt,
  type NodeCall,
  refusedNode,
} from './onnxFlow.ts'

/** Swaps the axes of steps and channels. */
export function transpose(call: NodeCall): Flow {
  const flow = flowAt(call, 0)
  const order = attributeOf(call, 'perm', 'ints', []).join()
  if (flow.axes === 'rows' || order !== '0,2,1') throw refusedNode(call, `orders its axes as [${order}]`)
  return { ...flow, axes: flow.axes === 'channels-steps' ? 'steps-channels' : 'channels-steps' }
}

/** Takes the last step out. */
export function gather(call: NodeCall): Flow {
  const flow = flowAt(call, 0)
  const axis = axisOf(attributeOf(call, 'axis', 'int', 0), flow)
  const index = call.inputs[1]
  const [step, ...more] = integersAt(call, 1)
  const isLast = axis === stepAxis(flow) && more.length === 0 && (step === -1 || step === flow.steps - 1)
  if (!isLast || flow.excess > 0) throw refusedNode(call, 'takes something other than the last step')
  const isScalar = index?.kind === 'constant' && index.tensor.dims.length === 0
  return advance(call, flow, { kind: 'lastStep' }, { steps: 1, ...(isScalar ? { axes: 'rows' } : {}) })
}

/** Takes the last step, or takes away the steps behind the last one. */
export function slice(call: NodeCall): Flow {
  const flow = flowAt(call, 0)
  const total = flow.steps + flow.excess
  const [start, ...starts] = integersAt(call, 1)
  const [end, ...ends] = integersAt(call, 2)
  const [axis] = integersAt(call, 3, [0])
  const strides = integersAt(call, 4, [1])
  const along = stepAxis(flow)
  if (
    along === null ||
    axisOf(axis ?? 0, flow) !== along ||
    starts.length + ends.length > 0 ||
    strides.some(stride => stride !== 1) ||
    start === undefined ||
    end === undefined
  )
    throw refusedNode(call, 'slices something other than the steps')
  const from = start < 0 ? Math.max(0, total + start) : start
  const to = end < 0 ? total + end : Math.min(end, total)
  if (from === 0 && to === flow.steps) return { ...flow, excess: 0 }
  if (flow.excess > 0 || to !== flow.steps || from !== flow.steps - 1)
    throw refusedNode(call, `takes the steps ${from} to ${to - 1} of ${total}`)
  return advance(call, flow, { kind: 'lastStep' }, { steps: 1 })
}

/** Puts zeros before the first step. */
export function pad(call: NodeCall): Flow {
  const flow = flowAt(call, 0)
  const mode = attributeOf(call, 'mode', 'text', 'constant')
  const fill = call.inputs[2] === undefined ? 0 : floatsAt(call, 2).values[0]
  const axes = flow.axes === 'rows' ? 2 : 3
  const amounts = integersAt(call, 1)
  const before = amounts[stepAxis(flow) ?? 0] ?? 0
  const others = amounts.reduce((sum, amount) => sum + Math.abs(amount), 0) - Math.abs(before)
  if (mode !== 'constant' || fill !== 0 || stepAxis(flow) === null)
    throw refusedNode(call, 'pads with something other than zeros')
  if (amounts.length !== 2 * axes || others !== 0 || before < 0 || flow.excess > 0)
    throw refusedNode(call, `pads [${amounts.join(', ')}], not the steps before the first`)
  return { ...flow, padding: flow.padding + before }
}

/** Drops axes of size 1: the step where one is left, the one output at the end. */
export function squeeze(call: NodeCall): Flow {
  return withoutSteps(call, flowAt(call, 0))
}

export function flatten(call: NodeCall): Flow {
  if (attributeOf(call, 'axis', 'int', 1) !== 1) throw refusedNode(call, 'flattens the rows too')
  return withoutSteps(call, flowAt(call, 0))
}

/** A reshape that leaves the rows what they are. */
export function reshape(call: NodeCall): Flow {
  const flow = flowAt(call, 0)
  const shape = integersAt(call, 1)
  const [rows, width] = shape
  const keepsRows = rows === 0 || rows === -1
  const keepsWidth = width === -1 ? rows === 0 : width === flow.channels
  const isOneNumber = shape.length === 1 && rows === -1 && flow.channels === 1
  if (!isOneNumber && !(shape.length === 2 && keepsRows && keepsWidth))
    throw refusedNode(call, `reshapes to [${shape.join(', ')}]`)
  return withoutSteps(call, flow)
}

function withoutSteps(call: NodeCall, flow: Flow): Flow {
  if (flow.axes === 'rows') return flow
  if (flow.steps !== 1 || flow.excess > 0) throw refusedNode(call, `joins ${flow.steps + flow.excess} steps`)
  return advance(call, flow, { kind: 'lastStep' }, { axes: 'rows' })
}

function stepAxis({ axes }: Flow): number | null {
  return axes === 'rows' ? null : axes === 'steps-channels' ? 1 : 2
}

function axisOf(axis: number, { axes }: Flow): number {
  return axis < 0 ? axis + (axes === 'rows' ? 2 : 3) : axis
}
