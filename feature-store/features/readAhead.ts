import { BAR_ROW, IntegrityError, type MarketColumns, OTHER_ROW } from '../../core/index.ts'
import type { FeatureContext, FeatureDefinition } from './defineFeature.ts'
import type { HistoryReading } from './featureReading.ts'
import type { FeatureSlot } from './featureSlot.ts'
import { RowBlock } from './rowBlock.ts'

/** Rows that are read ahead together: few enough for their values to stay in a processor's nearest cache. */
const BLOCK_ROWS = 512

/** A feature that is read ahead. */
type Reader = {
  readonly slot: FeatureSlot
  readonly updateRows: NonNullable<FeatureDefinition['updateRows']>
  /** Its place among the features. */
  readonly place: number
  /** Its values at each row of the history, where another run has computed them. */
  readonly whole: Float32Array | null
}

/** Where columns come from that other runs computed; null for one that is not to be had. */
export type ColumnSource = (feature: FeatureDefinition) => Float32Array | null

/**
 * Features of a history whose every row is there: a block of rows at a time, feature by feature, in tight loops. What is
 * given at a row depends on that row and those before it alone, and is to the last bit what `updateRow` leads to.
 */
export class ReadAhead implements HistoryReading {
  readonly columns: (Float32Array | undefined)[]
  at = -1
  private readonly readers: readonly Reader[]
  private readonly block: RowBlock
  /** After each row of the block, the newest time that a bar of the traded instrument describes. */
  private readonly newestMs = new Float64Array(BLOCK_ROWS)
  private lastMs = Number.NEGATIVE_INFINITY
  private readonly values = new Float64Array(BLOCK_ROWS)
  private plain = false

  /** @param slots Of all features; those that `canReadAhead` are read here. */
  constructor(
    slots: readonly FeatureSlot[],
    history: MarketColumns,
    { instrument }: FeatureContext,
    wholeColumn: ColumnSource = () => null,
  ) {
    this.block = new RowBlock(history, history.instruments.indexOf(instrument.id))
    this.readers = slots.flatMap((slot, place) => {
      const { updateRows } = slot.feature
      return updateRows === null || !canReadAhead(slot)
        ? []
        : [{ slot, updateRows, place, whole: wholeColumn(slot.feature) }]
    })
    this.columns = slots.map(slot => (canReadAhead(slot) ? new Float32Array(BLOCK_ROWS) : undefined))
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
    const { columns, at } = this
    for (let place = 0; place < columns.length; place++)
      target[place] = (columns[place] as Float32Array)[at] as number
  }

  /** Writes the values at the row at hand and a time not before it was known, as `writeValue` does. */
  writeAt(nowMs: number, target: Float32Array): void {
    const { readers, columns, at, newestMs } = this
    const ageMs = at === -1 ? Number.NaN : nowMs - (newestMs[at] as number)
    for (let index = 0; index < readers.length; index++) {
      const { slot, place } = readers[index] as Reader
      target[place] =
        at === -1 || ageMs > slot.maxAgeMs ? Number.NaN : ((columns[place] as Float32Array)[at] as number)
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
    for (const { slot, updateRows, place, whole } of this.readers) {
      if (whole !== null && from > 0) {
        this.columns[place] = whole.subarray(from, to)
        continue
      }
      updateRows(slot.state, block, this.values)
      this.round(this.columns[place] as Float32Array, oldestMs > slot.maxAgeMs ? slot.maxAgeMs : null)
      if (whole !== null) assertSame(slot.feature, this.columns[place] as Float32Array, whole, to)
    }
  }

  /** @param maxAgeMs Null where no row of the block is known so late after what it describes. */
  private round(column: Float32Array, maxAgeMs: number | null): void {
    const { block, newestMs, values } = this
    const { knownAt } = block.columns
    const { from, to } = block
    const count = to - from
    for (let at = 0; at < count; at++) {
      const value = Math.fround(values[at] as number)
      // As `roundedValue`: a difference of what is not finite is not a number.
      column[at] = value - value === 0 ? value + 0 : Number.NaN
    }
    if (maxAgeMs === null) return
    for (let at = 0; at < count; at++)
      if ((knownAt[from + at] as number) - (newestMs[at] as number) > maxAgeMs) column[at] = Number.NaN
  }
}

/** Whether a feature takes in nothing but bars of what is traded, many at once. */
export function canReadAhead({ feature }: FeatureSlot): boolean {
  const { updateRows, scope, inputs } = feature
  return updateRows !== null && scope === 'traded' && inputs.length === 1 && inputs[0] === 'bar'
}

/** The first block is computed in any case: two features of one name that differ are found out there. */
function assertSame(
  { name, version }: FeatureDefinition,
  own: Float32Array,
  whole: Float32Array,
  to: number,
) {
  for (let row = 0; row < to; row++)
    if (!Object.is(own[row], whole[row]))
      throw new IntegrityError(
        `Two features "${name}" of version ${version} differ at row ${row} of a history.`,
        {
          facts: { feature: name, version, row },
          hint: 'Put every parameter that its values depend on into the `params` of the feature.',
        },
      )
}

const notNext = (row: number, next: number): RangeError =>
  new RangeError(`Row ${row} of a history was taken in where row ${next} was to come.`)
