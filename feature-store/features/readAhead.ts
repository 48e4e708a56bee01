import { BAR_ROW, type MarketColumns, OTHER_ROW } from '../../core/index.ts'
import type { FeatureContext, FeatureDefinition } from './defineFeature.ts'
import { type FeatureSlot, roundedValue } from './featureSlot.ts'
import { RowBlock } from './rowBlock.ts'

/** Rows that are read ahead together: few enough for their values to stay in a processor's nearest cache. */
const BLOCK_ROWS = 512

/** A feature that is read ahead, and what it was after each row of the block. */
type Column = {
  readonly slot: FeatureSlot
  readonly updateRows: NonNullable<FeatureDefinition['updateRows']>
  /** Its place among the features. */
  readonly place: number
  readonly values: Float64Array
}

/**
 * Features of a history whose every row is there: a block of rows at a time, feature by feature, in tight loops. What is
 * given at a row depends on that row and those before it alone, and is to the last bit what `updateRow` leads to.
 */
export class ReadAhead {
  private readonly columnsOfFeatures: readonly Column[]
  private readonly block: RowBlock
  /** After each row of the block, the newest time that a bar of the traded instrument describes. */
  private readonly newestMs = new Float64Array(BLOCK_ROWS)
  private lastMs = Number.NEGATIVE_INFINITY
  /** Where all features are read here, the vector at each row of the block, one after the other; else empty. */
  private readonly vectors: Float32Array
  private readonly width: number
  /** The row at hand, counted from the first of the block. */
  private at = -1
  private plain = false

  /** @param slots Of all features; those that `canReadAhead` are read here. */
  constructor(slots: readonly FeatureSlot[], history: MarketColumns, { instrument }: FeatureContext) {
    this.block = new RowBlock(history, history.instruments.indexOf(instrument.id))
    this.columnsOfFeatures = slots.flatMap((slot, place) => {
      const { updateRows } = slot.feature
      if (updateRows === null || !canReadAhead(slot)) return []
      return [{ slot, updateRows, place, values: new Float64Array(BLOCK_ROWS) }]
    })
    this.width = this.columnsOfFeatures.length === slots.length ? slots.length : 0
    this.vectors = new Float32Array(BLOCK_ROWS * this.width)
  }

  /** The row after those whose values are at hand. */
  get to(): number {
    return this.block.to
  }

  /** The row that was moved to last; −1 before the first. */
  get row(): number {
    return this.block.from + this.at
  }

  /**
   * Moves to a row: the next one, or another of the block that it is in.
   *
   * @throws RangeError when the row is neither.
   */
  moveTo(row: number): void {
    const { block } = this
    if (row === block.to) this.fill(row)
    else if (row < block.from || row > block.to) throw notNext(row, block.to)
    this.at = row - block.from
  }

  /**
   * Whether the block is of nothing but prices, each known later than the row before it: then nothing of it remains to be
   * looked at row by row.
   */
  get isPlain(): boolean {
    return this.plain
  }

  /** Whether every row of the block is a bar of what is traded, known and closing later than the row before it. */
  get isBars(): boolean {
    return this.block.isBars
  }

  /** Newest time that an input describes at the row at hand; −∞ before the first. */
  newest(): number {
    return this.at === -1 ? Number.NEGATIVE_INFINITY : (this.newestMs[this.at] as number)
  }

  /** Writes the vector at the row at hand and the time that it was known, where all features are read here. */
  write(target: Float32Array): void {
    const { vectors, width } = this
    const from = this.at * width
    for (let index = 0; index < width; index++) target[index] = vectors[from + index] as number
  }

  /** Writes the values at the row at hand and any time, as `writeValue` does. */
  writeAt(nowMs: number, target: Float32Array): void {
    const { columnsOfFeatures, at, newestMs } = this
    const ageMs = at === -1 ? Number.NaN : nowMs - (newestMs[at] as number)
    for (let index = 0; index < columnsOfFeatures.length; index++) {
      const { slot, place, values } = columnsOfFeatures[index] as Column
      target[place] = at === -1 || ageMs > slot.maxAgeMs ? Number.NaN : roundedValue(values[at] as number)
    }
  }

  private fill(row: number): void {
    const { block, newestMs } = this
    const { columns, traded } = block
    const { closeMs, kind, instrument, knownAt } = columns
    block.from = row
    block.to = Math.min(row + BLOCK_ROWS, columns.length)
    if (block.to === row) throw notNext(row, columns.length)
    let { lastMs } = this
    let lastKnownAt = row === 0 ? Number.NEGATIVE_INFINITY : (knownAt[row - 1] as number)
    let isPlain = true
    let isBars = true
    /** Oldest that what a row tells of is when the row is known. */
    let oldestMs = 0
    const { from, to } = block
    for (let each = from; each < to; each++) {
      const known = knownAt[each] as number
      const rowKind = kind[each]
      if (!(known > lastKnownAt) || rowKind === OTHER_ROW) isPlain = false
      lastKnownAt = known
      const describedMs = closeMs[each] as number
      if (rowKind === BAR_ROW && instrument[each] === traded && describedMs > lastMs) lastMs = describedMs
      else isBars = false
      newestMs[each - from] = lastMs
      if (known - lastMs > oldestMs) oldestMs = known - lastMs
    }
    this.lastMs = lastMs
    this.plain = isPlain
    block.isBars = isBars && isPlain
    for (const column of this.columnsOfFeatures) {
      column.updateRows(column.slot.state, block, column.values)
      if (this.width > 0) this.toVectors(column, oldestMs > column.slot.maxAgeMs)
    }
  }

  private toVectors({ values, place, slot: { maxAgeMs } }: Column, mayBeOld: boolean): void {
    const { block, newestMs, vectors, width } = this
    const { knownAt } = block.columns
    const { from, to } = block
    const count = to - from
    for (let at = 0, into = place; at < count; at++, into += width) {
      const value = Math.fround(values[at] as number)
      // As `roundedValue`: a difference of what is not finite is not a number.
      vectors[into] = value - value === 0 ? value + 0 : Number.NaN
    }
    if (!mayBeOld) return
    for (let at = 0; at < count; at++)
      if ((knownAt[from + at] as number) - (newestMs[at] as number) > maxAgeMs)
        vectors[at * width + place] = Number.NaN
  }
}

/** Whether a feature takes in nothing but bars of what is traded, many at once. */
export function canReadAhead({ feature }: FeatureSlot): boolean {
  const { updateRows, scope, inputs } = feature
  return updateRows !== null && scope === 'traded' && inputs.length === 1 && inputs[0] === 'bar'
}

const notNext = (row: number, next: number): RangeError =>
  new RangeError(`Row ${row} of a history was taken in where row ${next} was to come.`)
