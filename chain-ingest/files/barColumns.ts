/** A column of a file by its place and its name there. */
export type Column = { readonly index: number; readonly name: string }

/** The four prices of one side. */
export type PriceColumns = {
  readonly open: Column
  readonly high: Column
  readonly low: Column
  readonly close: Column
}

/** Where a row of a file of bars says what. */
export type BarColumns = {
  readonly separator: string
  readonly count: number
  readonly time: Column
  readonly bid: PriceColumns
  /** The columns of the bid where the file has one price. */
  readonly ask: PriceColumns
  readonly volume: Column | null
}

/** What a file's columns are called, where the usual names do not tell. */
export type BarColumnNames = {
  readonly [name in 'time' | 'open' | 'high' | 'low' | 'close' | 'volume']?: string | undefined
}

/** Of several, the first counts: an instant says more than a date. */
const TIME_NAMES = ['time_utc', 'open_time', 'timestamp', 'unix', 'datetime', 'date_utc', 'date', 'time']
const MOMENTS = ['open', 'high', 'low', 'close'] as const
type Moment = (typeof MOMENTS)[number]

/**
 * Reads the header of a file of bars: a time, `open`, `high`, `low` and `close`, or the same with `bid_` and with
 * `ask_` before them, and a `volume` if there is one, in any order, case and company. Separated by commas,
 * semicolons or tabs.
 *
 * @returns a text that says what is wrong with it, as the rest of a sentence.
 */
export function readBarHeader(header: string, names: BarColumnNames = {}): BarColumns | string {
  const separator = [',', ';', '\t'].find(each => header.includes(each)) ?? ','
  const cells = splitRow(header, separator).map(cell => cell.trim())
  if (cells.filter(cell => /^[+-]?\d*\.?\d+$/.test(cell)).length > 1)
    return 'it is a row, and not a header that names the columns'
  const normal = cells.map(normalised)
  const twice = normal.find((name, index) => name !== '' && normal.indexOf(name) < index)
  const missing: string[] = []
  const find = (name: string): Column | null => {
    const index = normal.indexOf(normalised(name))
    return index < 0 ? null : { index, name: cells[index] ?? name }
  }
  const need = (name: string): Column => {
    const found = find(name)
    if (found === null) missing.push(name)
    return found ?? { index: -1, name }
  }
  const prices = (nameOf: (moment: Moment) => string): PriceColumns => ({
    open: need(nameOf('open')),
    high: need(nameOf('high')),
    low: need(nameOf('low')),
    close: need(nameOf('close')),
  })

  const timeName = names.time ?? TIME_NAMES.find(name => find(name) !== null)
  if (timeName === undefined) missing.push('time (time_utc, open_time, timestamp, datetime or date)')
  if (names.time === undefined && timeName === 'date' && find('time') !== null)
    return 'date and time are two columns; a row needs one, such as 2024-01-05 12:30:00'
  const time = timeName === undefined ? { index: -1, name: '' } : need(timeName)
  const isQuoted = isTwoSided(normal, names)
  const bid = prices(moment => (isQuoted ? `bid_${moment}` : (names[moment] ?? moment)))
  const ask = isQuoted ? prices(moment => `ask_${moment}`) : bid
  const volume = names.volume === undefined ? find('volume') : need(names.volume)
  if (missing.length > 0) return `it has no column ${missing.join(', ')}; its columns are ${shown(cells)}`
  if (twice !== undefined) return `it names the column ${twice} twice`
  return { separator, count: cells.length, time, bid, ask, volume }
}

/** True where a file has prices of both sides, or part of them and no whole bar of one. */
function isTwoSided(columns: readonly string[], names: BarColumnNames): boolean {
  if (MOMENTS.some(moment => names[moment] !== undefined)) return false
  const sides = MOMENTS.flatMap(moment => [`bid_${moment}`, `ask_${moment}`])
  if (sides.every(name => columns.includes(name))) return true
  return sides.some(name => columns.includes(name)) && !MOMENTS.every(name => columns.includes(name))
}

/** The cells of a row, without quotation marks. */
export function splitRow(row: string, separator: string): string[] {
  const cells = row.split(separator)
  return row.includes('"') ? cells.map(cell => cell.replaceAll('"', '')) : cells
}

/** Columns that a message lists: a file of something else may have thousands. */
const SHOWN_COLUMNS = 20

function shown(cells: readonly string[]): string {
  const names = cells.slice(0, SHOWN_COLUMNS).map(cell => cell || '""')
  return [...names, ...(cells.length > SHOWN_COLUMNS ? ['…'] : [])].join(', ')
}

const normalised = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/^<(.*)>$/, '$1')
    .replace(/[\s-]+/g, '_')
