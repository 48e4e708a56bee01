import {
  type AgentId,
  type Attribution,
  type Cancel,
  DECISION_KINDS,
  type Decision,
  type DecisionKind,
  type DecisionOutput,
  type Fill,
  type Hash,
  type Hex,
  type InstrumentId,
  type MarketColumns,
  type ModelOutput,
  type Order,
  type Ppm,
  positionAt,
  type Signal,
  type SourcePosition,
  unixMs,
  ZERO_HASH,
} from '../core/index.ts'

/** A fill whose price is that of the row that it was decided at. */
export type FillAtRow = Omit<Fill, 'pricedBy'>

/** What a decision concluded, but for signals, whose fields have columns of their own. */
type OutputAtRow = Exclude<DecisionOutput, Signal> | FillAtRow

/** What happened at a venue. Its output may be made when it is asked for. */
type OutcomeAtRow = { readonly market: number; readonly output: OutputAtRow }

/** A decision that a venue acts on. */
export type Placement = Pick<
  Decision<Order | Cancel>,
  'agent' | 'sequence' | 'instrument' | 'timeMs' | 'output'
>

/** What is the same in every decision of a run. */
export type DecisionFrame = {
  readonly agent: AgentId
  readonly instruments: readonly InstrumentId[]
  readonly featureSet: Hash
  /** In the order that they serve: what explains a signal's prediction from its feature vector. */
  readonly models: readonly {
    readonly hash: Hash
    explain(vector: Float32Array): readonly Attribution[]
  }[]
  readonly strategy: Hash
  /** Values of one instrument's feature vector. */
  readonly width: number
  /** Writes a feature vector as a record holds it. */
  readonly pack: (vector: Float32Array) => Hex
}

/**
 * Decisions as columns, made into objects when they are asked for: a backtest decides at every bar, and looks at few
 * of its signals again. Rows stay with their columns, so these must not be overwritten.
 */
export type DecisionBuffer = DecisionSink & {
  /** Sequence of the oldest that is still held. */
  readonly first: number
  kindAt(sequence: number): DecisionKind
  at(sequence: number): Decision
  /** All that are held, oldest first. */
  held(): Decision[]
  /** Drops what is held; the count goes on. */
  drop(): void
}

/** The feature vectors that a conclusion is drawn from, by market: written as they are asked for. */
export type Vectors = { vector(market: number): Float32Array }

/** Where a kernel's decisions go. */
export type DecisionSink = {
  /** Decisions ever made: the next one's sequence. */
  readonly length: number
  /** Which of the frame's models the next decisions are made with; its owner sets it. */
  model: number
  /** Adds a signal that follows from the feature vector of its market, which is copied where it is kept. */
  signal(
    market: number,
    columns: MarketColumns,
    row: number,
    signal: Omit<Signal, 'kind' | 'prediction'>,
    prediction: ModelOutput | null,
    features: Vectors,
  ): number
  /**
   * Adds any other decision.
   *
   * @param reasons Sequence of the signal that it follows from; -1 for none.
   */
  output(market: number, columns: MarketColumns, row: number, output: OutputAtRow, reasons: number): number
  /** Adds what happened at the venue, which follows from no signal. */
  outcome(outcome: OutcomeAtRow, columns: MarketColumns, row: number): number
}

/** Counts decisions and keeps none: for runs of which only the trades are looked at. */
export function createDecisionCount(): DecisionSink {
  return new DecisionCount()
}

class DecisionCount implements DecisionSink {
  length = 0
  model = 0

  signal(): number {
    return this.length++
  }

  output(): number {
    return this.length++
  }

  outcome(): number {
    return this.length++
  }
}

const FIRST_CAPACITY = 256
const NO_REASONS: readonly Attribution[] = Object.freeze([])

/** Creates an empty buffer. */
export function createDecisionBuffer(frame: DecisionFrame): DecisionBuffer {
  const { agent, instruments, featureSet, models, strategy, width, pack } = frame
  const held = new Held()
  let capacity = FIRST_CAPACITY
  const chunks: MarketColumns[] = []
  let kinds = new Uint8Array(capacity)
  let markets = new Uint16Array(capacity)
  let chunkOf = new Uint32Array(capacity)
  let rows = new Uint32Array(capacity)
  let reasonsOf = new Int32Array(capacity)
  let directions = new Int8Array(capacity)
  let strengths = new Int32Array(capacity)
  let confidences = new Int32Array(capacity)
  let horizons = new Float64Array(capacity)
  let modelOf = new Uint16Array(capacity)
  let scores = new Int32Array(capacity)
  /** -1 for a signal without a prediction. */
  let probabilities = new Int32Array(capacity)
  let vectors = new Float32Array(capacity * width)
  let outputs = new Map<number, OutputAtRow>()
  /** What was explained last: an order follows from the signal before it. */
  let explained = -1
  let explanation = NO_REASONS

  function grow(): void {
    capacity *= 2
    kinds = larger(kinds, new Uint8Array(capacity))
    markets = larger(markets, new Uint16Array(capacity))
    chunkOf = larger(chunkOf, new Uint32Array(capacity))
    rows = larger(rows, new Uint32Array(capacity))
    reasonsOf = larger(reasonsOf, new Int32Array(capacity))
    directions = larger(directions, new Int8Array(capacity))
    strengths = larger(strengths, new Int32Array(capacity))
    confidences = larger(confidences, new Int32Array(capacity))
    horizons = larger(horizons, new Float64Array(capacity))
    modelOf = larger(modelOf, new Uint16Array(capacity))
    scores = larger(scores, new Int32Array(capacity))
    probabilities = larger(probabilities, new Int32Array(capacity))
    vectors = larger(vectors, new Float32Array(capacity * width))
  }

  function add(kind: number, market: number, columns: MarketColumns, row: number, reasons: number): number {
    if (held.count === capacity) grow()
    if (chunks[chunks.length - 1] !== columns) chunks.push(columns)
    kinds[held.count] = kind
    markets[held.count] = market
    chunkOf[held.count] = chunks.length - 1
    rows[held.count] = row
    reasonsOf[held.count] = reasons
    modelOf[held.count] = held.model
    return held.count++
  }

  function place(index: number): { columns: MarketColumns; row: number } {
    const columns = chunks[chunkOf[index] ?? 0]
    if (columns === undefined) throw new RangeError(`No decision ${index} is held.`)
    return { columns, row: rows[index] ?? 0 }
  }

  function outputAt(index: number, position: SourcePosition): DecisionOutput {
    const output = outputs.get(index)
    if (output !== undefined)
      return output.kind === 'fill' && !('pricedBy' in output) ? { ...output, pricedBy: position } : output
    const probabilityUp = probabilities[index] ?? -1
    return {
      kind: 'signal',
      direction: (directions[index] ?? 0) as Signal['direction'],
      strength: (strengths[index] ?? 0) as Signal['strength'],
      confidence: (confidences[index] ?? 0) as Signal['confidence'],
      horizonMs: horizons[index] ?? 0,
      prediction:
        probabilityUp < 0 ? null : { score: scores[index] ?? 0, probabilityUp: probabilityUp as Ppm },
    }
  }

  const vectorAt = (index: number) => vectors.slice(index * width, (index + 1) * width)

  function explain(signal: number): readonly Attribution[] {
    if (signal === -1 || (probabilities[signal] ?? -1) < 0) return NO_REASONS
    if (signal !== explained) {
      explanation = models[modelOf[signal] ?? 0]?.explain(vectorAt(signal)) ?? NO_REASONS
      explained = signal
    }
    return explanation
  }

  function materialise(index: number): Decision {
    const { columns, row } = place(index)
    const { source, block, logIndex, knownAt } = positionAt(columns, row)
    const instrument = instruments[markets[index] ?? 0]
    if (instrument === undefined) throw new RangeError(`Decision ${held.first + index} has no instrument.`)
    const observed = { source, block, logIndex }
    const reasons = reasonsOf[index] ?? -1
    const features: Hex = reasons === -1 ? '0x' : pack(vectorAt(reasons))
    return {
      agent,
      sequence: held.first + index,
      instrument,
      timeMs: unixMs(knownAt),
      observed,
      featureSet: reasons === -1 ? ZERO_HASH : featureSet,
      features,
      model: models[modelOf[index] ?? 0]?.hash ?? ZERO_HASH,
      strategy,
      output: outputAt(index, observed),
      attributions: explain(reasons),
    }
  }

  return Object.assign(held, {
    signal(market, columns, row, signal, prediction, features) {
      const vector = features.vector(market)
      const index = add(SIGNAL, market, columns, row, held.count)
      directions[index] = signal.direction
      strengths[index] = signal.strength
      confidences[index] = signal.confidence
      horizons[index] = signal.horizonMs
      scores[index] = prediction?.score ?? 0
      probabilities[index] = prediction?.probabilityUp ?? -1
      const at = index * width
      for (let place = 0; place < width; place++) vectors[at + place] = vector[place] ?? Number.NaN
      return held.first + index
    },
    output(market, columns, row, output, reasons) {
      const index = add(
        DECISION_KINDS.indexOf(output.kind),
        market,
        columns,
        row,
        reasons === -1 ? -1 : reasons - held.first,
      )
      outputs.set(index, output)
      return held.first + index
    },
    outcome({ market, output }, columns, row) {
      return this.output(market, columns, row, output, -1)
    },
    kindAt: sequence => DECISION_KINDS[kinds[sequence - held.first] ?? 0] ?? 'signal',
    at(sequence) {
      if (sequence < held.first || sequence >= held.first + held.count)
        throw new RangeError(`Decision ${sequence} is not held.`)
      return materialise(sequence - held.first)
    },
    held() {
      const decisions: Decision[] = []
      for (let index = 0; index < held.count; index++) decisions.push(materialise(index))
      return decisions
    },
    drop() {
      held.first += held.count
      held.count = 0
      chunks.length = 0
      if (outputs.size > 0) outputs = new Map()
      explained = -1
    },
  } satisfies Omit<DecisionBuffer, keyof Held>)
}

// A getter of a class, and not of an object literal: one that has some is read as slowly as a map.
class Held {
  first = 0
  count = 0
  model = 0

  get length(): number {
    return this.first + this.count
  }
}

const SIGNAL = DECISION_KINDS.indexOf('signal')

function larger<T extends { set(source: ArrayLike<number>): void }>(from: T & ArrayLike<number>, to: T): T {
  to.set(from)
  return to
}
