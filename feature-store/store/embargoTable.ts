import { and, asc, eq, gt, isNotNull, lte } from 'drizzle-orm'
import type { EmbargoStore, Grant, RevealTime } from '../../core/index.ts'
import type { Database } from './database.ts'
import { decisions, grants } from './schema.ts'

/** The embargo store over the tables `decisions` and `grants`. */
export function embargoTable(database: Database): EmbargoStore {
  return {
    async revealTimes(agent, afterMs, throughMs): Promise<RevealTime[]> {
      const rows = await database
        .selectDistinct({ revealAtMs: decisions.revealAtMs, keyHash: decisions.keyHash })
        .from(decisions)
        .where(
          and(
            eq(decisions.agent, agent),
            isNotNull(decisions.revealAtMs),
            gt(decisions.revealAtMs, afterMs),
            lte(decisions.revealAtMs, throughMs),
          ),
        )
        .orderBy(asc(decisions.revealAtMs), asc(decisions.keyHash))
      return rows.flatMap(({ revealAtMs, keyHash }) =>
        revealAtMs === null || keyHash === null ? [] : [{ revealAtMs, keyHash }],
      )
    },

    async saveGrant(grant: Grant): Promise<void> {
      const { agent: _agent, publicKey: _publicKey, ...rest } = grant
      await database
        .insert(grants)
        .values(grant)
        .onConflictDoUpdate({ target: [grants.agent, grants.publicKey], set: rest })
    },

    async grants(of): Promise<Grant[]> {
      return database
        .select()
        .from(grants)
        .where('agent' in of ? eq(grants.agent, of.agent) : eq(grants.publicKey, of.publicKey))
        .orderBy(asc(grants.agent), asc(grants.publicKey))
    },
  }
}
