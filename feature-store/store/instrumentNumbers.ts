import { inArray, sql } from 'drizzle-orm'
import { type InstrumentId, IntegrityError } from '../../core/index.ts'
import type { Database } from './database.ts'
import { instruments } from './schema.ts'
import { unnest } from './unnest.ts'

/** The numbers that rows refer to instruments by. */
export type InstrumentNumbers = {
  /** Numbers of instruments, new ones for those that have none yet. */
  assign(names: Iterable<InstrumentId>): Promise<ReadonlyMap<InstrumentId, number>>
  /** Numbers of those that have one. */
  find(names: Iterable<InstrumentId>): Promise<ReadonlyMap<InstrumentId, number>>
  /** Names by number. */
  names(numbers: Iterable<number>): Promise<ReadonlyMap<number, InstrumentId>>
}

/** Remembers what it has read: a number once given never changes. */
export function instrumentNumbers(database: Database): InstrumentNumbers {
  const numbers = new Map<InstrumentId, number>()
  const names = new Map<number, InstrumentId>()

  function remember(rows: readonly { id: number; name: InstrumentId }[]): void {
    for (const { id, name } of rows) {
      numbers.set(name, id)
      names.set(id, name)
    }
  }

  async function find(wanted: Iterable<InstrumentId>): Promise<Map<InstrumentId, number>> {
    const all = [...new Set(wanted)]
    const unknown = all.filter(name => !numbers.has(name))
    if (unknown.length > 0)
      remember(await database.select().from(instruments).where(inArray(instruments.name, unknown)))
    return new Map(
      all.flatMap(name => {
        const number = numbers.get(name)
        return number === undefined ? [] : [[name, number] as const]
      }),
    )
  }

  return {
    find,
    async assign(wanted) {
      const all = [...new Set(wanted)]
      const known = await find(all)
      const missing = all.filter(name => !known.has(name))
      if (missing.length === 0) return known
      // In a statement of its own: a number stays given even when the write that needed it fails.
      await database.execute(
        sql`insert into ${instruments} (name) select * from ${unnest([{ type: 'text', values: missing.sort() }])} on conflict do nothing`,
      )
      return find(all)
    },
    async names(wanted) {
      const all = [...new Set(wanted)]
      const unknown = all.filter(number => !names.has(number))
      if (unknown.length > 0)
        remember(await database.select().from(instruments).where(inArray(instruments.id, unknown)))
      return new Map(
        all.map(number => {
          const name = names.get(number)
          if (name !== undefined) return [number, name] as const
          throw new IntegrityError(`Instrument ${number} has no name.`, {
            facts: { instrument: number },
            hint: 'Restore the store from a copy: its table of instruments was changed.',
          })
        }),
      )
    },
  }
}
