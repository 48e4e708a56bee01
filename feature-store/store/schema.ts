import { sql } from 'drizzle-orm'
import { bigint, customType, index, integer, numeric, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type {
  Address,
  AgentId,
  AnchorBatch,
  DecisionKind,
  GivenModel,
  Hash,
  Hex,
  InstrumentId,
  StoredAgent,
  UnixMs,
} from '../../core/index.ts'

// A server's default collation may sort by locale. Whatever is ordered or paged through sorts by bytes, which
// is the order of code units for every text that the stores admit (`assertStorable`).
const bytewiseText = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' })

// Read as hexadecimal only, within a row's line (`lineOf`).
const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' })
const wei = (name: string) => numeric(name, { precision: 78, scale: 0, mode: 'bigint' })
const integer53 = (name: string) => bigint(name, { mode: 'number' })

/** Names of instruments: a row refers to one by its number. */
export const instruments = pgTable('instruments', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  name: bytewiseText('name').$type<InstrumentId>().notNull().unique(),
})

/** The columns of an observation: see `ObservationRow`. */
const observationColumns = {
  source: bytewiseText('source').notNull(),
  block: integer53('block').notNull(),
  logIndex: integer('log_index').notNull(),
  /** When agents see it: `known_at_ms`, or later where it replaced what a reorg withdrew. */
  visibleAtMs: integer53('visible_at_ms').$type<UnixMs>().notNull(),
  knownAtMs: integer53('known_at_ms').$type<UnixMs>().notNull(),
  validAtMs: integer53('valid_at_ms').$type<UnixMs>().notNull(),
  instrument: integer('instrument').notNull(),
  lineage: bytes('lineage').notNull(),
  /** Canonical JSON of the market value. */
  value: text('value').notNull(),
  raw: bytes('raw').notNull(),
  digest: bytes('digest').notNull(),
}

/** Observations with their source rows. A position in a source holds one observation. */
export const observations = pgTable('observations', observationColumns, table => [
  primaryKey({ columns: [table.source, table.block, table.logIndex] }),
  // One ordered range per instrument; a read of several merges them.
  index('observations_replay').on(
    table.instrument,
    table.visibleAtMs,
    table.source,
    table.block,
    table.logIndex,
  ),
])

/** Observations that a reorg withdrew after agents may have seen them. */
export const withdrawnObservations = pgTable('withdrawn_observations', observationColumns, table => [
  // A place may be withdrawn several times; each time its row was visible later.
  primaryKey({ columns: [table.source, table.block, table.logIndex, table.visibleAtMs] }),
  index('withdrawn_observations_replay').on(
    table.instrument,
    table.visibleAtMs,
    table.source,
    table.block,
    table.logIndex,
  ),
])

/** What a reorg withdrew, one row for each instrument concerned. */
export const withdrawals = pgTable(
  'withdrawals',
  {
    source: bytewiseText('source').notNull(),
    visibleAtMs: integer53('visible_at_ms').$type<UnixMs>().notNull(),
    /** Counts the instruments of one reorg. */
    ordinal: integer('ordinal').notNull(),
    instrument: integer('instrument').notNull(),
    forkBlock: integer53('fork_block').notNull(),
    forkHash: text('fork_hash').$type<Hash>(),
    throughBlock: integer53('through_block').notNull(),
    observations: integer('observations').notNull(),
    /** Position of the first observation that it withdrew. */
    firstVisibleAtMs: integer53('first_visible_at_ms').$type<UnixMs>().notNull(),
    firstBlock: integer53('first_block').notNull(),
    firstLogIndex: integer('first_log_index').notNull(),
  },
  table => [
    primaryKey({ columns: [table.source, table.visibleAtMs, table.ordinal] }),
    index('withdrawals_replay').on(table.instrument, table.visibleAtMs),
  ],
)

/** How far each stream of a source is stored. */
export const cursors = pgTable(
  'cursors',
  {
    source: bytewiseText('source').notNull(),
    stream: text('stream').notNull(),
    block: integer53('block').notNull(),
    blockHash: text('block_hash').$type<Hash>(),
    /** Last block that agents may have seen of what still stands; a rollback moves it, as it moves the block. */
    seenThrough: integer53('seen_through').notNull().default(-1),
  },
  table => [primaryKey({ columns: [table.source, table.stream] })],
)

/** Headers of unfinalised blocks. */
export const blockHeaders = pgTable(
  'block_headers',
  {
    source: bytewiseText('source').notNull(),
    number: integer53('number').notNull(),
    hash: text('hash').$type<Hash>().notNull(),
    parentHash: text('parent_hash').$type<Hash>().notNull(),
    timestampMs: integer53('timestamp_ms').$type<UnixMs>().notNull(),
  },
  table => [primaryKey({ columns: [table.source, table.number] })],
)

/** Signed decisions: gapless per agent by `sequence`, and over all agents by `feed_sequence`. */
export const decisions = pgTable(
  'decisions',
  {
    agent: bytewiseText('agent').$type<AgentId>().notNull(),
    sequence: integer53('sequence').notNull(),
    feedSequence: integer53('feed_sequence').notNull().unique(),
    kind: text('kind').$type<DecisionKind>().notNull(),
    instrument: bytewiseText('instrument').$type<InstrumentId>().notNull(),
    timeMs: integer53('time_ms').$type<UnixMs>().notNull(),
    /** Canonical JSON of the decision record. */
    body: text('body').notNull(),
    leaf: text('leaf').$type<Hash>().notNull(),
    signature: text('signature').$type<Hex>().notNull(),
    /** These four are null together, where the decision is public at once. */
    revealAtMs: integer53('reveal_at_ms').$type<UnixMs>(),
    keyHash: text('key_hash').$type<Hash>(),
    ciphertext: text('ciphertext').$type<Hex>(),
    envelopeSignature: text('envelope_signature').$type<Hex>(),
  },
  table => [
    primaryKey({ columns: [table.agent, table.sequence] }),
    index('decisions_by_instrument').on(table.instrument, table.feedSequence),
    index('decisions_by_reveal')
      .on(table.agent, table.revealAtMs, table.keyHash)
      .where(sql`${table.revealAtMs} is not null`),
  ],
)

/** Batches of decisions with the transaction that commits each. */
export const anchorBatches = pgTable(
  'anchor_batches',
  {
    agent: bytewiseText('agent').$type<AgentId>().notNull(),
    firstSequence: integer53('first_sequence').notNull(),
    count: integer('count').notNull(),
    root: text('root').$type<Hash>().notNull(),
    status: text('status').$type<AnchorBatch['status']>().notNull(),
    transactionHash: text('transaction_hash').$type<Hash>().notNull(),
    nonce: integer53('nonce').notNull(),
    maxFeePerGas: wei('max_fee_per_gas').notNull(),
    maxPriorityFeePerGas: wei('max_priority_fee_per_gas').notNull(),
    blockNumber: integer53('block_number'),
    blockHash: text('block_hash').$type<Hash>(),
    gasUsed: integer53('gas_used'),
  },
  table => [primaryKey({ columns: [table.agent, table.firstSequence] })],
)

/** The epoch that the store works in for each agent, and the host that does. */
export const agentEpochs = pgTable('agent_epochs', {
  agent: text('agent').$type<AgentId>().primaryKey(),
  epoch: integer('epoch').notNull(),
  key: text('key').$type<Address>().notNull(),
  host: text('host').$type<Hash>().notNull(),
  authority: text('authority').$type<Hex>(),
  since: integer53('since').notNull(),
})

/** Model artifacts by the hash of their text. */
export const models = pgTable('models', {
  hash: text('hash').$type<Hash>().primaryKey(),
  name: text('name').notNull(),
  artifact: text('artifact').notNull(),
  createdAtMs: integer53('created_at_ms').$type<UnixMs>().notNull(),
})

/** Deployed agents. */
export const agents = pgTable('agents', {
  id: text('id').$type<AgentId>().primaryKey(),
  name: bytewiseText('name').notNull().unique(),
  version: integer('version').notNull(),
  instrument: text('instrument').$type<InstrumentId>().notNull(),
  observes: text('observes').array().$type<InstrumentId[]>().notNull(),
  definition: text('definition').$type<Hash>().notNull(),
  model: text('model').$type<Hash>().notNull(),
  activeFromMs: integer53('active_from_ms').$type<UnixMs>().notNull(),
  status: text('status').$type<StoredAgent['status']>().notNull(),
})

/** Models that agents were given after their first. */
export const agentModels = pgTable(
  'agent_models',
  {
    agent: text('agent')
      .$type<AgentId>()
      .notNull()
      .references(() => agents.id),
    /** Gapless per agent, from 0. */
    place: integer('place').notNull(),
    model: text('model').$type<Hash>().notNull(),
    cause: text('cause').$type<GivenModel['cause']>().notNull(),
    givenAtMs: integer53('given_at_ms').$type<UnixMs>().notNull(),
  },
  table => [primaryKey({ columns: [table.agent, table.place] })],
)

/** Keys that agents let read their sealed decisions at once. */
export const grants = pgTable(
  'grants',
  {
    agent: bytewiseText('agent').$type<AgentId>().notNull(),
    publicKey: bytewiseText('public_key').$type<Hash>().notNull(),
    fromMs: integer53('from_ms').$type<UnixMs>().notNull(),
    untilMs: integer53('until_ms').$type<UnixMs>(),
    revokedAtMs: integer53('revoked_at_ms').$type<UnixMs>(),
    signature: text('signature').$type<Hex>().notNull(),
  },
  table => [primaryKey({ columns: [table.agent, table.publicKey] })],
)
