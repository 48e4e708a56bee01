import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { PoolClient } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { copyFile } from './copyFormat.ts'

/**
 * Writes rows into a table by binary COPY.
 *
 * @param target The table with its columns, in the order of the rows' fields: `table (column, …)`.
 * @param runs Rows one behind the other, cut anywhere.
 */
export type CopyInto = (target: string, runs: Iterable<Uint8Array>) => Promise<void>

/** Copies rows over a connection; see `CopyInto`. */
export async function copyInto(
  client: PoolClient,
  target: string,
  runs: Iterable<Uint8Array>,
): Promise<void> {
  const copy = client.query(copyFrom(`copy ${target} from stdin (format binary)`))
  await unlessEnded(client, pipeline(Readable.from(copyFile(runs), { objectMode: false }), copy))
}

// The stream of a COPY may wait for ever for a server that is gone: the connection itself says so.
async function unlessEnded(client: PoolClient, work: Promise<void>): Promise<void> {
  let lost: () => void = () => undefined
  const ended = new Promise<never>((_resolve, reject) => {
    lost = () => reject(new Error('Connection terminated in the middle of a COPY'))
    client.once('end', lost)
  })
  try {
    await Promise.race([work, ended])
  } finally {
    client.off('end', lost)
  }
}
