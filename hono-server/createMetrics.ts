import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { type AgentFeatures, showFeatures } from './featureGauges.ts'
import type { FeedStats } from './feedOptions.ts'
import { type SourceIngest, showIngest } from './ingestGauges.ts'
import { type AgentModel, showModels } from './modelGauges.ts'

/** What the process counts, for Prometheus. The composition root increments; `/metrics` prints `registry`. */
export type Metrics = {
  readonly registry: Registry
  readonly observationsIngested: Counter<'source'>
  readonly reorgs: Counter<'source'>
  readonly outages: Counter<'source'>
  readonly decisionsRecorded: Counter<'agent'>
  readonly decisionsAnchored: Counter<'agent'>
  readonly requestSeconds: Histogram<'method' | 'route' | 'status'>
  /** Shows the feed's clients, messages and drops; call it once when the feed exists. */
  watchFeed(stats: () => FeedStats): void
  /** Shows how far the chains of a project are stored; call it once. */
  watchIngest(read: () => Promise<readonly SourceIngest[]>): void
  /** Shows the features of the agents that run; call it once. */
  watchFeatures(read: () => readonly AgentFeatures[]): void
  /** Shows the models of the agents that run; call it once. */
  watchModels(read: () => readonly AgentModel[]): void
}

/** Creates the metrics in a registry of their own; `processMetrics` adds Node's memory, CPU and event loop. */
export function createMetrics({ processMetrics = true }: { processMetrics?: boolean } = {}): Metrics {
  const registry = new Registry()
  const registers = [registry]
  if (processMetrics) collectDefaultMetrics({ register: registry, prefix: 'touchstone_' })
  return {
    registry,
    observationsIngested: new Counter({
      name: 'touchstone_observations_ingested_total',
      help: 'Observations stored since the process started.',
      labelNames: ['source'],
      registers,
    }),
    reorgs: new Counter({
      name: 'touchstone_ingest_reorgs_total',
      help: 'Reorgs that were found and undone in the store since the process started.',
      labelNames: ['source'],
      registers,
    }),
    outages: new Counter({
      name: 'touchstone_ingest_outages_total',
      help: 'Failed attempts to read a source since the process started.',
      labelNames: ['source'],
      registers,
    }),
    decisionsRecorded: new Counter({
      name: 'touchstone_decisions_recorded_total',
      help: 'Decisions made durable and signed since the process started.',
      labelNames: ['agent'],
      registers,
    }),
    decisionsAnchored: new Counter({
      name: 'touchstone_decisions_anchored_total',
      help: 'Decisions whose Merkle root reached the chain since the process started.',
      labelNames: ['agent'],
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'touchstone_http_request_duration_seconds',
      help: 'Time from request to response, by route pattern.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
      registers,
    }),
    watchIngest: read => showIngest(registry, read),
    watchFeatures: read => showFeatures(registry, read),
    watchModels: read => showModels(registry, read),
    watchFeed(stats) {
      const show = (name: string, help: string, read: (stats: FeedStats) => number) =>
        new Gauge({
          name,
          help,
          registers,
          collect() {
            this.set(read(stats()))
          },
        })
      show('touchstone_feed_clients', 'Open feed connections.', s => s.clients)
      show('touchstone_feed_subscribed', 'Subscribed feed connections.', s => s.subscribed)
      show('touchstone_feed_next_sequence', 'Next feed sequence to be distributed.', s => s.next)
      // Totals of the feed's own; a gauge that never falls reads like a counter in queries.
      show('touchstone_feed_messages_sent_total', 'Messages handed to feed sockets.', s => s.messagesSent)
      show(
        'touchstone_feed_dropped_slow_total',
        'Clients dropped for reading too slowly.',
        s => s.droppedSlow,
      )
      show('touchstone_feed_dropped_dead_total', 'Clients dropped for answering no ping.', s => s.droppedDead)
      show('touchstone_feed_refused_total', 'Clients turned away or closed for an error.', s => s.refused)
    },
  }
}
