import { readdirSync } from 'node:fs'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type AgentId,
  IntegrityError,
  InvalidInputError,
  instrumentId,
  NotFoundError,
  priceE8,
  type StoredObservation,
  toStoredObservation,
  UnavailableError,
  type UnsequencedDecision,
  unixMs,
  ZERO_HASH,
} from '../../core/index.ts'
import { type PostgresServer, postgresIsAvailable, startPostgres } from '../../test/startPostgres.ts'
import { openPostgres } from './index.ts'
import { migrationsFolder } from './migrations.ts'

const GOLD = instrumentId('test:GOLD')
const agentOf = (index: number): AgentId => `0x${index.toString(16).padStart(40, '0')}`

const decision = (agent: AgentId, sequence: number): UnsequencedDecision => ({
  agent,
  sequence,
  kind: 'signal',
  instrument: GOLD,
  timeMs: unixMs(sequence),
  body: '{}',
  leaf: ZERO_HASH,
  signature: '0x',
})

function bar(row: number): StoredObservation {
  const one = priceE8(1n)
  const side = { open: one, high: one, low: one, close: one }
  const at = unixMs(row)
  return toStoredObservation(
    {
      validAt: at,
      knownAt: at,
      instrument: GOLD,
      lineage: { kind: 'feed', feed: 'test:ROWS', sequence: row },
      value: { type: 'bar', closeMs: at, bid: side, ask: side },
    },
    String(row),
  )
}

test.each(['not a url', 'mysql://user:hunter2@localhost/x', 'postgres://user:hunter2@[/x'])(
  'the URL %j is refused without being repeated',
  async url => {
    const error = await openPostgres({ url }).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(InvalidInputError)
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('hunter2')
  },
)

test('a server that is not there is unavailable, and the password stays out of the message', async () => {
  const url = 'postgres://user:hunter2@127.0.0.1:1/touchstone'
  const error = await openPostgres({ url }).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(UnavailableError)
  expect(String(error)).toContain('PostgreSQL at 127.0.0.1:1, database "touchstone", is unavailable')
  expect(error).toMatchObject({ retryable: true, exitCode: 3 })
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('hunter2')
})

// Without binaries for this platform there is no server to test on.
describe.skipIf(!postgresIsAvailable())('with a server', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server?.stop())

  const query = async (url: string, statement: string): Promise<unknown[]> => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    try {
      return (await client.query(statement)).rows
    } finally {
      await client.end()
    }
  }

  test('a wrong password and a missing database are told apart', async () => {
    const wrong = new URL(server.url)
    wrong.password = 'hunter2'
    const refused = await openPostgres({ url: wrong.href }).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(InvalidInputError)
    expect(JSON.stringify(refused, Object.getOwnPropertyNames(refused))).not.toContain('hunter2')
    const missing = new URL(server.url)
    missing.pathname = '/nowhere'
    await expect(openPostgres({ url: missing.href })).rejects.toThrow(NotFoundError)
  })

  test('a server that takes no writes is named as such', async () => {
    const standby = new URL(await server.createDatabase())
    standby.search = '?options=-c%20default_transaction_read_only%3Don'
    const refused = openPostgres({ url: standby.href })
    await expect(refused).rejects.toThrow(UnavailableError)
    await expect(refused).rejects.toThrow(/ takes no writes: it is read-only\.$/)
  })

  test('processes that start together migrate once', async () => {
    const url = await server.createDatabase()
    const stores = await Promise.all(Array.from({ length: 5 }, () => openPostgres({ url, connections: 2 })))
    const migrations = await query(url, 'select hash from drizzle.__drizzle_migrations')
    const files = readdirSync(migrationsFolder()).filter(file => file.endsWith('.sql'))
    expect(migrations).toHaveLength(files.length)
    await Promise.all(stores.map(store => store.close()))
  })

  test('writers over many connections leave the feed without gap or double, failures included', async () => {
    const url = await server.createDatabase()
    const stores = await Promise.all(Array.from({ length: 4 }, () => openPostgres({ url, connections: 3 })))
    const writers = Array.from({ length: 12 }, (_, index) => index)
    await Promise.all(
      writers.map(async index => {
        const store = stores[index % stores.length]!
        const agent = agentOf(index)
        for (let sequence = 0; sequence < 20; sequence += 2) {
          await store.decisions.append([decision(agent, sequence), decision(agent, sequence + 1)])
          await expect(store.decisions.append([decision(agent, sequence)])).rejects.toThrow(IntegrityError)
          // Fails in the insert itself, after the feed sequence was given out.
          const broken = { ...decision(agent, sequence + 2), body: 'zero \0 byte' }
          await expect(store.decisions.append([broken])).rejects.toThrow(InvalidInputError)
        }
      }),
    )
    const listed = await stores[0]!.decisions.list({ limit: 1_000 })
    expect(listed.map(each => each.feedSequence)).toEqual(Array.from({ length: 240 }, (_, index) => index))
    for (const index of writers)
      expect(listed.filter(each => each.agent === agentOf(index)).map(each => each.sequence)).toEqual(
        Array.from({ length: 20 }, (_, sequence) => sequence),
      )
    await Promise.all(stores.map(store => store.close()))
  })

  test('writers of the same rows over many connections store each once', async () => {
    const url = await server.createDatabase()
    const stores = await Promise.all(Array.from({ length: 4 }, () => openPostgres({ url, connections: 2 })))
    const rows = Array.from({ length: 300 }, (_, row) => bar(row))
    const cursor = { source: 'test:ROWS', stream: 'all', block: 299, blockHash: null }
    const added = await Promise.all(
      stores.flatMap(store => [
        store.observations.append({ observations: rows, cursor }),
        store.observations.append({ observations: rows.toReversed(), cursor }),
      ]),
    )
    expect(added.reduce((sum, each) => sum + each, 0)).toBe(300)
    expect(await stores[0]!.observations.read({ instruments: [GOLD], limit: 1_000 })).toEqual(rows)
    await Promise.all(stores.map(store => store.close()))
  })

  test('writers at the same moment share transactions, of which each is whole', async () => {
    const url = await server.createDatabase()
    const store = await openPostgres({ url })
    const agents = Array.from({ length: 20 }, (_, index) => agentOf(index))
    await Promise.all(agents.map(agent => store.decisions.append([decision(agent, 0), decision(agent, 1)])))
    // xmin: the transaction that wrote a row.
    const written = await query(
      url,
      'select count(distinct xmin::text) as transactions, count(*) as rows from decisions',
    )
    expect(written).toEqual([{ transactions: '2', rows: '40' }])
    await store.close()
  })

  test('a decision is durable where the server is set not to wait', async () => {
    const url = await server.createDatabase()
    const name = new URL(url).pathname.slice(1)
    await query(url, `alter database ${name} set synchronous_commit = off`)
    const store = await openPostgres({ url })
    await query(
      url,
      `create function note() returns trigger language plpgsql as $$
        begin new.body := current_setting('synchronous_commit'); return new; end $$;
       create trigger note before insert on decisions for each row execute function note()`,
    )
    await store.decisions.append([decision(agentOf(1), 0)])
    expect((await store.decisions.find(agentOf(1), 0))?.body).toBe('on')
    await store.close()
  })

  test('an event whose text was changed is named by its position; decisions stay readable', async () => {
    const url = await server.createDatabase()
    const store = await openPostgres({ url })
    const rows = [0, 1, 2].map(bar)
    const cursor = { source: 'test:ROWS', stream: 'all', block: 2, blockHash: null }
    await store.observations.append({ observations: rows, cursor })
    await store.decisions.append([decision(agentOf(1), 0)])
    await query(url, `update decisions set body = '{"cut'`)
    expect((await store.decisions.find(agentOf(1), 0))?.body).toBe('{"cut')
    for (const text of ['{"cut', 'null', '{}', '{"$int":"x"}', '[1]']) {
      await query(url, `update observations set value = '${text}' where block = 1`)
      const reading = store.observations.read({ instruments: [GOLD], limit: 10 })
      await expect(reading).rejects.toThrow(IntegrityError)
      await expect(reading).rejects.toThrow(
        'The stored event at test:ROWS, block 1, log 0 cannot be read: its text was changed.',
      )
    }
    await store.close()
  })

  test('lost connections fail the call, not the process, and the next call works', async () => {
    const url = await server.createDatabase()
    const store = await openPostgres({ url, connections: 2 })
    await store.decisions.append([decision(agentOf(1), 0)])
    // A transaction that waits for the lock while its connection is ended.
    const holder = new pg.Client({ connectionString: url })
    await holder.connect()
    await holder.query('begin; lock table decisions in exclusive mode')
    const waiting = store.decisions.append([decision(agentOf(1), 1)]).catch((error: unknown) => error)
    const others = `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'touchstone'`
    while ((await query(url, `select 1 from pg_locks where not granted`)).length === 0);
    await query(url, others)
    const error = await waiting
    expect(error).toBeInstanceOf(UnavailableError)
    await holder.query('rollback')
    await holder.end()
    expect(await store.decisions.nextSequence(agentOf(1))).toBe(1)
    await store.decisions.append([decision(agentOf(1), 1)])
    await store.close()
  })

  test('a server that stops makes calls unavailable', async () => {
    const short = await startPostgres()
    const store = await openPostgres({ url: short.url })
    expect(await store.decisions.nextFeedSequence()).toBe(0)
    await short.stop()
    await expect(store.decisions.nextFeedSequence()).rejects.toThrow(UnavailableError)
    await expect(store.decisions.append([decision(agentOf(1), 0)])).rejects.toThrow(UnavailableError)
    await store.close()
  })
})
