import type { DuckDBConnection } from '@duckdb/node-api'
import type { DecisionStore } from '../../core/index.ts'
import type { DuckDbLibrary } from './openDuckDb.ts'

const PAGE_ROWS = 2_000

/** Copies all decisions into a table of DuckDB. */
export async function stageDecisions(
  library: DuckDbLibrary,
  connection: DuckDBConnection,
  decisions: DecisionStore,
  name: string,
): Promise<void> {
  const { BIGINT, VARCHAR } = library
  const columns = [
    ['agent', VARCHAR],
    ['sequence', BIGINT],
    ['feed_sequence', BIGINT],
    ['kind', VARCHAR],
    ['instrument', VARCHAR],
    ['time_ms', BIGINT],
    ['body', VARCHAR],
    ['leaf', VARCHAR],
    ['signature', VARCHAR],
  ] as const
  const staged = `staged_${name}`
  await connection.run(
    `create table ${staged} (${columns.map(([column, type]) => `${column} ${type.toString()}`).join(', ')})`,
  )
  const appender = await connection.createAppender(staged)
  for (let fromFeedSequence = 0; ; ) {
    const page = await decisions.list({ fromFeedSequence, limit: PAGE_ROWS })
    if (page.length > 0) {
      const chunk = library.DuckDBDataChunk.create(
        columns.map(([, type]) => type),
        page.length,
      )
      chunk.setRows(
        page.map(row => [
          row.agent,
          BigInt(row.sequence),
          BigInt(row.feedSequence),
          row.kind,
          row.instrument,
          BigInt(row.timeMs),
          row.body,
          row.leaf,
          row.signature,
        ]),
      )
      appender.appendDataChunk(chunk)
    }
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE_ROWS) break
    fromFeedSequence = last.feedSequence + 1
  }
  appender.closeSync()
  await connection.run(
    `create view ${name} as select agent, sequence, feed_sequence, kind, instrument, epoch_ms(time_ms) as time,
     time_ms, body, leaf, signature from ${staged}`,
  )
}

/** Columns of the view of decisions. */
export const DECISION_COLUMNS = [
  'agent',
  'sequence',
  'feed_sequence',
  'kind',
  'instrument',
  'time',
  'time_ms',
  'body',
  'leaf',
  'signature',
] as const
