import { onchainTable } from 'ponder'

export const transfer = onchainTable('transfer', table => ({
  id: table.text().primaryKey(),
  from: table.hex().notNull(),
  to: table.hex().notNull(),
  amount: table.bigint().notNull(),
  timestamp: table.integer().notNull(),
}))
