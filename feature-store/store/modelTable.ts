import { asc, desc, eq } from 'drizzle-orm'
import type { Hash, ModelStore, StoredModel } from '../../core/index.ts'
import type { Database } from './database.ts'
import { models } from './schema.ts'

/** The model store over the table `models`. A model that is already stored is left as it is. */
export function modelTable(database: Database): ModelStore {
  return {
    async save(model: StoredModel): Promise<void> {
      await database.insert(models).values(model).onConflictDoNothing()
    },

    async find(hash: Hash): Promise<StoredModel | null> {
      const [row] = await database.select().from(models).where(eq(models.hash, hash))
      return row ?? null
    },

    async list(): Promise<StoredModel[]> {
      return database.select().from(models).orderBy(desc(models.createdAtMs), asc(models.hash))
    },
  }
}
