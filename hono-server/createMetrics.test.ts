import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { createMetrics, type Metrics } from './createMetrics.ts'
import type { SourceIngest } from './ingestGauges.ts'
import type { ModelHealth } from './modelHealth.ts'
import { agentOf } from './test/memoryLog.ts'

const PAGE = resolve(import.meta.dirname, '..', 'docs', 'metrics.md')

const NODES = [
  { node: 'https://one.example', requests: 10, failures: 2, isResting: true },
  { node: 'https://two.example', requests: 5, failures: 0, isResting: false },
  // Another address of the first host.
  { node: 'https://one.example', requests: 1, failures: 1, isResting: true },
]
const CHAIN: SourceIngest = { source: 'pool', lastBlock: 97, headBlock: 100, nodes: NODES }
const MODEL: ModelHealth = {
  serving: '0x01',
  challenger: '0x02',
  contest: { outcomes: 12, meanAdvantage: 0.25, tStatistic: 1.5 },
  drift: { rows: 600, level: 'moderate', feature: 'return_1h', stabilityIndex: 0.125 },
  decay: { outcomes: 40, excessLoss: 0.5, cusum: 5.25, alarm: true },
}
const HEALTH = { name: 'return_1h', ageMs: 90_500, missing: 0.25, referenceMissing: 0, drift: 0.125 }

/** Metrics in which everything has happened once. */
function lived(processMetrics: boolean): Metrics {
  const metrics = createMetrics({ processMetrics })
  const agent = agentOf(1)
  metrics.observationsIngested.inc({ source: 'pool' }, 12)
  metrics.reorgs.inc({ source: 'pool' })
  metrics.outages.inc({ source: 'pool' })
  metrics.decisionsRecorded.inc({ agent })
  metrics.decisionsAnchored.inc({ agent })
  metrics.requestSeconds.observe({ method: 'GET', route: '/metrics', status: '200' }, 0.01)
  metrics.watchFeed(() => ({
    ...{ clients: 3, subscribed: 2, messagesSent: 40, droppedSlow: 1 },
    ...{ droppedDead: 0, refused: 0, next: 7 },
  }))
  metrics.watchIngest(async () => [CHAIN])
  metrics.watchFeatures(() => [{ agent: 'gold', features: [HEALTH] }])
  metrics.watchModels(() => [{ agent: 'gold', health: MODEL }])
  return metrics
}

/** Label names by metric, as the page lists them. */
function listed(): Map<string, string[]> {
  const rows = readFileSync(PAGE, 'utf8').matchAll(/^\| `(touchstone_\w+)` \| ([^|]*)\| [^|]+ \| [^|]+ \|$/gm)
  return new Map(
    [...rows].map(([, name = '', labels = '']) => [
      name,
      [...labels.matchAll(/`(\w+)`/g)].map(match => match[1] ?? '').sort(),
    ]),
  )
}

test('docs/metrics.md lists every metric with its labels, and no other', async () => {
  const text = await lived(true).registry.metrics()
  const page = listed()
  const given = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => ({
    name,
    type,
  }))
  expect(given.length).toBeGreaterThan(40)
  expect([...page.keys()].toSorted()).toEqual(given.map(({ name }) => name).toSorted())
  for (const { name, type } of given) {
    const sample = new RegExp(
      `^${name}${type === 'histogram' ? '_(?:count|sum|bucket)' : ''}\\{(.*)\\} `,
      'gm',
    )
    for (const [, labels = ''] of text.matchAll(sample)) {
      const names = [...labels.matchAll(/(\w+)="/g)]
        .map(match => match[1] ?? '')
        .filter(label => label !== 'le')
      expect(names.toSorted(), name).toEqual(page.get(name))
    }
  }
  // Every metric of our own has a sample, so that its labels were compared.
  for (const { name } of given.filter(metric => !/_(process|nodejs)_/.test(metric.name)))
    expect(text, name).toMatch(new RegExp(`^${name}(_count)?(\\{.*\\})? \\d`, 'm'))
})

test('ingest shows blocks and nodes; what is not known is left out', async () => {
  const metrics = createMetrics({ processMetrics: false })
  let asked = 0
  let answer: () => Promise<readonly SourceIngest[]> = async () => [
    CHAIN,
    { source: 'new', lastBlock: null, headBlock: 5, nodes: [] },
    { source: 'stored', lastBlock: 9, headBlock: null, nodes: [] },
  ]
  metrics.watchIngest(() => {
    asked += 1
    return answer()
  })
  const samples = async () =>
    (await metrics.registry.metrics()).split('\n').filter(line => line.startsWith('touchstone_ingest'))
  const shown = await samples()
  expect(shown).toEqual([
    'touchstone_ingest_last_block{source="pool"} 97',
    'touchstone_ingest_last_block{source="stored"} 9',
    'touchstone_ingest_blocks_behind{source="pool"} 3',
    'touchstone_ingest_node_requests_total{source="pool",node="https://one.example"} 11',
    'touchstone_ingest_node_requests_total{source="pool",node="https://two.example"} 5',
    'touchstone_ingest_node_failures_total{source="pool",node="https://one.example"} 3',
    'touchstone_ingest_node_failures_total{source="pool",node="https://two.example"} 0',
    'touchstone_ingest_nodes_resting{source="pool",node="https://one.example"} 2',
    'touchstone_ingest_nodes_resting{source="pool",node="https://two.example"} 0',
  ])
  expect(asked).toBe(1)
  answer = () => Promise.reject(new Error('the store is down'))
  expect(await samples()).toEqual([])
  expect(asked).toBe(2)
})

test('features show age in seconds, missing and drift; what is not known is left out', async () => {
  const metrics = createMetrics({ processMetrics: false })
  const unknown = { name: 'new', ageMs: null, missing: null, referenceMissing: null, drift: null }
  metrics.watchFeatures(() => [{ agent: 'gold', features: [HEALTH, unknown] }])
  const text = await metrics.registry.metrics()
  expect(text.split('\n').filter(line => line.startsWith('touchstone_feature'))).toEqual([
    'touchstone_feature_age_seconds{agent="gold",feature="return_1h"} 90.5',
    'touchstone_feature_missing_ratio{agent="gold",feature="return_1h"} 0.25',
    'touchstone_feature_drift_psi{agent="gold",feature="return_1h"} 0.125',
  ])
})

test('models show contest, drift and decay; what is not known is left out', async () => {
  const metrics = createMetrics({ processMetrics: false })
  metrics.watchModels(() => [
    { agent: 'gold', health: MODEL },
    {
      agent: 'new',
      health: {
        serving: '0x03',
        challenger: '0x01',
        contest: { outcomes: 0, meanAdvantage: 0, tStatistic: null },
        drift: { rows: 3, level: null, feature: null, stabilityIndex: null },
        decay: { outcomes: 0, excessLoss: null, cusum: 0, alarm: false },
      },
    },
    {
      agent: 'imported',
      health: { serving: '0x04', challenger: null, contest: null, drift: null, decay: null },
    },
  ])
  const text = await metrics.registry.metrics()
  expect(text.split('\n').filter(line => line.startsWith('touchstone_model'))).toEqual([
    'touchstone_model_serving{agent="gold",model="0x01"} 1',
    'touchstone_model_serving{agent="new",model="0x03"} 1',
    'touchstone_model_serving{agent="imported",model="0x04"} 1',
    'touchstone_model_challenger{agent="gold",model="0x02"} 1',
    'touchstone_model_challenger{agent="new",model="0x01"} 1',
    'touchstone_model_contest_outcomes{agent="gold"} 12',
    'touchstone_model_contest_outcomes{agent="new"} 0',
    'touchstone_model_contest_advantage_nats{agent="gold"} 0.25',
    'touchstone_model_contest_t_statistic{agent="gold"} 1.5',
    'touchstone_model_drift_level{agent="gold"} 1',
    'touchstone_model_drift_psi{agent="gold",feature="return_1h"} 0.125',
    'touchstone_model_decay_outcomes{agent="gold"} 40',
    'touchstone_model_decay_outcomes{agent="new"} 0',
    'touchstone_model_decay_excess_nats{agent="gold"} 0.5',
    'touchstone_model_decay_cusum{agent="gold"} 5.25',
    'touchstone_model_decay_cusum{agent="new"} 0',
    'touchstone_model_decay_alarm{agent="gold"} 1',
    'touchstone_model_decay_alarm{agent="new"} 0',
  ])
})
