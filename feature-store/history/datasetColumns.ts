import {
  canonicalJson,
  type MarketEvent,
  type MarketEventType,
  type MarketValue,
  type Ohlc,
  type YieldTenor,
} from '../../core/index.ts'

/** What a cell of a Parquet file may hold. */
export type Cell = string | number | bigint | boolean | null

/** Types of DuckDB that the files use. */
export type ColumnType = 'VARCHAR' | 'DOUBLE' | 'BIGINT' | 'INTEGER'

/** A column for analysis, read from a market value. What is read back comes from elsewhere (`archivedRow`). */
export type ValueColumn = {
  readonly name: string
  readonly type: ColumnType
  readonly read: (event: MarketEvent) => Cell
}

type Read<V, T> = (value: V) => T

/** Columns of one market value type. */
function columns<T extends MarketEventType>(
  _type: T,
  ...given: readonly ColumnsOf<Extract<MarketValue, { type: T }>>[]
): readonly ValueColumn[] {
  return given.flatMap(group =>
    group.map(({ name, type, read }) => ({
      name,
      type,
      // The dataset is the type: no other value comes here.
      read: ({ value }: MarketEvent) => read(value as Extract<MarketValue, { type: T }>),
    })),
  )
}

type ColumnsOf<V> = readonly {
  readonly name: string
  readonly type: ColumnType
  readonly read: Read<V, Cell>
}[]

const text = <V>(name: string, read: Read<V, string | null>): ColumnsOf<V> => [
  { name, type: 'VARCHAR', read },
]
const real = <V>(name: string, read: Read<V, number | null>): ColumnsOf<V> => [{ name, type: 'DOUBLE', read }]
const integer = <V>(name: string, read: Read<V, number>): ColumnsOf<V> => [{ name, type: 'INTEGER', read }]
const time = <V>(name: string, read: Read<V, number>): ColumnsOf<V> => [
  { name, type: 'BIGINT', read: value => BigInt(read(value)) },
]

/** A count of smallest units: as text, exact, since a DECIMAL ends at 38 digits, and as a double to count with. */
const amount = <V>(name: string, read: Read<V, bigint | null>): ColumnsOf<V> => [
  { name, type: 'VARCHAR', read: value => read(value)?.toString() ?? null },
  { name: `${name}_double`, type: 'DOUBLE', read: value => asNumber(read(value), 1) },
]

/** A fixed-point number of eight places: exact as `<name>_e8`, and as a double in whole units. */
const e8 = <V>(name: string, read: Read<V, bigint | null>): ColumnsOf<V> => [
  { name: `${name}_e8`, type: 'VARCHAR', read: value => read(value)?.toString() ?? null },
  { name, type: 'DOUBLE', read: value => asNumber(read(value), 1e8) },
]

const asNumber = (value: bigint | null, scale: number) => (value === null ? null : Number(value) / scale)

const ohlc = <V>(name: string, read: Read<V, Ohlc>): ColumnsOf<V> =>
  (['open', 'high', 'low', 'close'] as const).flatMap(field =>
    e8<V>(`${name}_${field}`, value => read(value)[field]),
  )

const yieldOf = <V extends { readonly yieldsPpm: Readonly<Record<YieldTenor, number | null>> }>(
  tenor: YieldTenor,
): ColumnsOf<V> =>
  real(`yield_${tenor.toLowerCase()}`, ({ yieldsPpm }) => {
    const ppm = yieldsPpm[tenor]
    return ppm === null ? null : ppm / 1e6
  })

/**
 * The columns for analysis of each dataset, a dataset being a type of market value. A new type needs its columns
 * here; a file keeps those that it was written with.
 */
export const DATASET_COLUMNS: Readonly<Record<MarketEventType, readonly ValueColumn[]>> = {
  bar: columns(
    'bar',
    time('close_ms', value => value.closeMs),
    ohlc('bid', value => value.bid),
    ohlc('ask', value => value.ask),
    e8('volume', value => value.volumeE8 ?? null),
  ),
  trade: columns(
    'trade',
    text('side', value => value.side),
    e8('price', value => value.priceE8),
    e8('size', value => value.sizeE8),
  ),
  quote: columns(
    'quote',
    e8('bid', value => value.bidE8),
    e8('bid_size', value => value.bidSizeE8),
    e8('ask', value => value.askE8),
    e8('ask_size', value => value.askSizeE8),
  ),
  gap: columns(
    'gap',
    text('missing_type', value => value.of),
    time('from_ms', value => value.fromMs),
    time('to_ms', value => value.toMs),
    real('missing', value => value.missing),
  ),
  swap: columns(
    'swap',
    text('pool', value => value.pool),
    amount('base_delta', value => value.baseDelta),
    amount('quote_delta', value => value.quoteDelta),
    e8('notional', value => value.notionalE8),
    e8('price', value => value.priceE8),
    amount('sqrt_price_x96', value => value.sqrtPriceX96),
    amount('liquidity', value => value.liquidity),
    integer('tick', value => value.tick),
    text('sender', value => value.sender),
    text('recipient', value => value.recipient),
  ),
  liquidity: columns(
    'liquidity',
    text('pool', value => value.pool),
    text('owner', value => value.owner),
    amount('liquidity_delta', value => value.liquidityDelta),
    integer('tick_lower', value => value.tickLower),
    integer('tick_upper', value => value.tickUpper),
    amount('amount0', value => value.amount0),
    amount('amount1', value => value.amount1),
  ),
  collect: columns(
    'collect',
    text('pool', value => value.pool),
    text('owner', value => value.owner),
    amount('amount0', value => value.amount0),
    amount('amount1', value => value.amount1),
  ),
  transfer: columns(
    'transfer',
    // Not `from` and `to`, which SQL would have to quote.
    text('sender', value => value.from),
    text('recipient', value => value.to),
    amount('amount', value => value.amount),
  ),
  nav: columns(
    'nav',
    e8('nav', value => value.navE8),
  ),
  vaultFlow: columns(
    'vaultFlow',
    text('direction', value => value.direction),
    text('owner', value => value.owner),
    text('controller', value => value.controller ?? null),
    amount('assets', value => value.assets),
    amount('shares', value => value.shares),
  ),
  vaultRequest: columns(
    'vaultRequest',
    text('stage', value => value.stage),
    text('controller', value => value.controller),
    text('request_id', value => value.requestId?.toString() ?? null),
    amount('assets', value => value.assets),
    amount('shares', value => value.shares),
  ),
  tokenControl: columns(
    'tokenControl',
    text('action', value => value.action),
    text('account', value => value.account),
    text('successor', value => value.successor),
    amount('amount', value => value.amount),
  ),
  distribution: columns(
    'distribution',
    text('token', value => value.token),
    amount('amount', value => value.amount),
  ),
  contractEvent: columns(
    'contractEvent',
    text('contract', value => value.contract),
    text('event', value => value.event),
    text('args', value => canonicalJson(value.args)),
  ),
  yieldCurve: columns(
    'yieldCurve',
    yieldOf('1M'),
    yieldOf('3M'),
    yieldOf('1Y'),
    yieldOf('2Y'),
    yieldOf('10Y'),
  ),
  withdrawal: columns(
    'withdrawal',
    text('withdrawn_source', value => value.source),
    real('fork_block', value => value.forkBlock),
    real('through_block', value => value.throughBlock),
    integer('observations', value => value.observations),
  ),
  clock: columns('clock'),
}
