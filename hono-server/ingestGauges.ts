import { Gauge, type Registry } from 'prom-client'

/** How far a chain that a project reads is stored, and what became of its nodes' requests. */
export type SourceIngest = {
  /** The source's name in the project. */
  readonly source: string
  /** Last block that is completely stored; null before the first. */
  readonly lastBlock: number | null
  /** Newest block that the nodes have shown to this process; null where it does not follow the chain. */
  readonly headBlock: number | null
  /** Empty for a chain with one node, of which nothing is counted. */
  readonly nodes: readonly NodeRequests[]
}

/** What became of the requests to one node. */
export type NodeRequests = {
  /** Scheme and host: never what may hold a key. */
  readonly node: string
  readonly requests: number
  readonly failures: number
  /** True while it is left alone after a failure. */
  readonly isResting: boolean
}

/** Shows what ingest has read, asking once for each scrape; while it cannot be asked, nothing is shown. */
export function showIngest(registry: Registry, read: () => Promise<readonly SourceIngest[]>): void {
  let asked: Promise<readonly SourceIngest[]> | null = null
  // A scrape collects all gauges in one turn.
  const once = () => {
    asked ??= read()
      .catch(() => [])
      .finally(() => {
        asked = null
      })
    return asked
  }
  const show = <L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    samples: (state: SourceIngest) => readonly (readonly [Record<L, string>, number])[],
  ) =>
    new Gauge<L>({
      name,
      help,
      labelNames,
      registers: [registry],
      async collect() {
        const states = await once()
        this.reset()
        for (const state of states) for (const [labels, value] of samples(state)) this.set(labels, value)
      },
    })
  const nodeGauge = (name: string, help: string, pick: (node: NodeRequests) => number) =>
    show(name, help, ['source', 'node'], ({ source, nodes }) => {
      // Two addresses of one host have one name.
      const sums = new Map<string, number>()
      for (const node of nodes) sums.set(node.node, (sums.get(node.node) ?? 0) + pick(node))
      return [...sums].map(([node, sum]) => [{ source, node }, sum] as const)
    })

  show(
    'touchstone_ingest_last_block',
    'Last block of a chain that is completely stored.',
    ['source'],
    ({ source, lastBlock }) => (lastBlock === null ? [] : [[{ source }, lastBlock]]),
  )
  show(
    'touchstone_ingest_blocks_behind',
    'Blocks between the last stored one and the newest that the nodes have shown.',
    ['source'],
    ({ source, lastBlock, headBlock }) =>
      lastBlock === null || headBlock === null ? [] : [[{ source }, Math.max(0, headBlock - lastBlock)]],
  )
  nodeGauge('touchstone_ingest_node_requests_total', 'Requests to a node.', ({ requests }) => requests)
  nodeGauge(
    'touchstone_ingest_node_failures_total',
    'Requests that a node failed.',
    ({ failures }) => failures,
  )
  nodeGauge(
    'touchstone_ingest_nodes_resting',
    'Nodes of a name that are left alone after a failure.',
    node => (node.isResting ? 1 : 0),
  )
}
