import {
  type BlockHeader,
  type Cursor,
  canonicalJson,
  comparePositions,
  deliveredEvent,
  type ObservationStore,
  positionOf,
  type StoredObservation,
  toStoredObservation,
  type UnixMs,
  unixMs,
  type Withdrawal,
} from '../../core/index.ts'

/** An observation store in memory, for tests of this folder that need no database: the port, literally. */
export function createMemoryObservationStore(): ObservationStore {
  const standing = new Map<string, StoredObservation>()
  const withdrawnRows: StoredObservation[] = []
  const withdrawals: (Withdrawal & { readonly event: StoredObservation })[] = []
  /** Forks, and when what follows them is seen at the earliest. */
  const forks: Pick<Withdrawal, 'source' | 'forkBlock' | 'visibleAt'>[] = []
  const cursors = new Map<string, Cursor>()
  const seenThrough = new Map<string, number>()
  const headers = new Map<string, Map<number, BlockHeader>>()
  const headersOf = (source: string) => {
    const known = headers.get(source) ?? new Map<number, BlockHeader>()
    headers.set(source, known)
    return known
  }
  const placeOf = ({ event }: StoredObservation) => {
    const { source, block, logIndex } = positionOf(event)
    return `${source}/${block}/${logIndex}`
  }
  const deliveredAt = (observation: StoredObservation) => positionOf(deliveredEvent(observation))
  const delivered = () =>
    [...standing.values(), ...withdrawnRows, ...withdrawals.map(({ event }) => event)].sort((a, b) =>
      comparePositions(deliveredAt(a), deliveredAt(b)),
    )
  const rowsOf = (wanted: string) =>
    [...standing.values()].filter(({ event }) => positionOf(event).source === wanted)
  const cursorsOf = (wanted: string) => [...cursors.values()].filter(({ source }) => source === wanted)
  const visible = (observation: StoredObservation): StoredObservation => {
    const { source, block, knownAt } = positionOf(observation.event)
    const times = forks
      .filter(each => each.source === source && each.forkBlock < block)
      .map(({ visibleAt }) => visibleAt)
    const latest = Math.max(knownAt, ...times)
    return latest > knownAt ? { ...observation, visibleAt: unixMs(latest) } : observation
  }

  return {
    async append({ observations, cursor, headers: fresh = [] }) {
      let added = 0
      for (const observation of observations) {
        if (standing.has(placeOf(observation))) continue
        standing.set(placeOf(observation), visible(observation))
        added++
      }
      cursors.set(`${cursor.source}/${cursor.stream}`, cursor)
      for (const header of fresh) headersOf(cursor.source).set(header.number, header)
      return added
    },
    async read({ instruments, after, untilMs, limit }) {
      return delivered()
        .filter(observation => {
          const position = deliveredAt(observation)
          return (
            instruments.includes(observation.event.instrument) &&
            (after === undefined || comparePositions(position, after) > 0) &&
            (untilMs === undefined || position.knownAt <= untilMs)
          )
        })
        .slice(0, limit)
    },
    async scan({ source, after, throughBlock = Number.POSITIVE_INFINITY, limit }) {
      return rowsOf(source)
        .map(observation => ({ observation, place: positionOf(observation.event) }))
        .filter(({ place: { block, logIndex } }) => {
          const follows =
            after === undefined || block > after.block || (block === after.block && logIndex > after.logIndex)
          return follows && block <= throughBlock
        })
        .sort((a, b) => a.place.block - b.place.block || a.place.logIndex - b.place.logIndex)
        .slice(0, limit)
        .map(({ observation }) => observation)
    },
    async discard(source, rows) {
      let discarded = 0
      for (const { block, logIndex, digest } of rows) {
        const place = `${source}/${block}/${logIndex}`
        if (standing.get(place)?.digest === digest && standing.delete(place)) discarded++
      }
      return discarded
    },
    async sources() {
      const named = [...standing.values()].map(({ event }) => positionOf(event).source)
      return [...new Set([...named, ...[...cursors.values()].map(({ source }) => source)])].sort()
    },
    cursors: async source => cursorsOf(source).sort((a, b) => (a.stream < b.stream ? -1 : 1)),
    withdrawals: async instruments =>
      withdrawals
        .filter(({ instrument }) => instruments.includes(instrument))
        .map(({ event: _event, ...withdrawal }) => withdrawal),
    count: async instruments =>
      delivered().filter(({ event }) => instruments.includes(event.instrument)).length,
    cursor: async (source, stream) => cursors.get(`${source}/${stream}`) ?? null,
    headers: async (source, aboveBlock) =>
      [...headersOf(source).values()]
        .filter(header => header.number > aboveBlock)
        .sort((a, b) => a.number - b.number),
    async pruneHeaders(source, upToBlock) {
      for (const number of headersOf(source).keys()) if (number <= upToBlock) headersOf(source).delete(number)
    },
    async rollback({ source, toBlock, toBlockHash, noticedAtMs, confirmations }) {
      const gone = rowsOf(source).filter(({ event }) => positionOf(event).block > toBlock)
      const furthest = Math.max(-1, ...cursorsOf(source).map(({ block }) => block))
      const throughBlock = Math.max(seenThrough.get(source) ?? -1, furthest - confirmations)
      seenThrough.set(source, Math.min(throughBlock, toBlock))
      const seen = gone
        .filter(({ event }) => positionOf(event).block <= throughBlock)
        .sort((a, b) => comparePositions(deliveredAt(a), deliveredAt(b)))
      const shown = rowsOf(source)
        .filter(({ event }) => positionOf(event).block <= throughBlock)
        .map(row => deliveredAt(row).knownAt)
      const before = forks.filter(each => each.source === source).map(({ visibleAt }) => visibleAt)
      const visibleAt = unixMs(Math.max(noticedAtMs, ...[...shown, ...before].map(time => time + 1)))
      if (seen.length > 0 || forks.some(each => each.source === source && each.forkBlock > toBlock))
        forks.push({ source, forkBlock: toBlock, visibleAt })
      for (const observation of gone) standing.delete(placeOf(observation))
      withdrawnRows.push(...seen)
      const concerned = [...new Set(seen.map(({ event }) => event.instrument))].sort()
      for (const [ordinal, instrument] of concerned.entries()) {
        const rows = seen.filter(({ event }) => event.instrument === instrument)
        const [first] = rows
        if (first === undefined) continue
        const facts = { source, forkBlock: toBlock, throughBlock, observations: rows.length }
        const event = withdrawalOf(facts, instrument, visibleAt, toBlockHash, ordinal)
        const firstWithdrawn = deliveredAt(first)
        withdrawals.push({ ...facts, instrument, firstWithdrawn, visibleAt, ordinal, event })
      }
      for (const number of headersOf(source).keys()) if (number > toBlock) headersOf(source).delete(number)
      for (const cursor of cursorsOf(source))
        if (cursor.block > toBlock)
          cursors.set(`${source}/${cursor.stream}`, { ...cursor, block: toBlock, blockHash: toBlockHash })
      return { withdrawn: gone.length, visibleAt: seen.length > 0 ? visibleAt : null }
    },
  }
}

function withdrawalOf(
  facts: Pick<Withdrawal, 'source' | 'forkBlock' | 'throughBlock' | 'observations'>,
  instrument: Withdrawal['instrument'],
  visibleAt: UnixMs,
  forkHash: `0x${string}` | null,
  ordinal: number,
): StoredObservation {
  const { source, forkBlock, throughBlock } = facts
  const chainId = Number(source.split(':')[1])
  return toStoredObservation(
    {
      instrument,
      validAt: visibleAt,
      knownAt: visibleAt,
      lineage: { kind: 'reorg', chainId, forkBlock, forkHash, ordinal },
      value: { type: 'withdrawal', ...facts },
    },
    canonicalJson({ forkBlock, forkHash, source, throughBlock }),
  )
}
