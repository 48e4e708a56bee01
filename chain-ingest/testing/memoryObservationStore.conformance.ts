import {
  type BlockHeader,
  type Cursor,
  comparePositions,
  type ObservationStore,
  positionOf,
  type StoredObservation,
} from '../../core/index.ts'

/** An observation store in memory, for tests of this folder that need no database. */
export function createMemoryObservationStore(): ObservationStore {
  let rows = new Map<string, StoredObservation>()
  const cursors = new Map<string, Cursor>()
  const headers = new Map<string, Map<number, BlockHeader>>()
  const headersOf = (source: string) => {
    const known = headers.get(source) ?? new Map<number, BlockHeader>()
    headers.set(source, known)
    return known
  }
  const place = ({ event }: StoredObservation) => {
    const { source, block, logIndex } = positionOf(event)
    return `${source}/${block}/${logIndex}`
  }
  const ordered = () =>
    [...rows.values()].sort((a, b) => comparePositions(positionOf(a.event), positionOf(b.event)))
  return {
    async append({ observations, cursor, headers: fresh = [] }) {
      let added = 0
      for (const observation of observations) {
        if (rows.has(place(observation))) continue
        rows.set(place(observation), observation)
        added++
      }
      cursors.set(`${cursor.source}/${cursor.stream}`, cursor)
      for (const header of fresh) headersOf(cursor.source).set(header.number, header)
      return added
    },
    async read({ instruments, after, untilMs, limit }) {
      return ordered()
        .filter(
          ({ event }) =>
            instruments.includes(event.instrument) &&
            (after === undefined || comparePositions(positionOf(event), after) > 0) &&
            (untilMs === undefined || event.knownAt <= untilMs),
        )
        .slice(0, limit)
    },
    count: async instruments =>
      ordered().filter(({ event }) => instruments.includes(event.instrument)).length,
    cursor: async (source, stream) => cursors.get(`${source}/${stream}`) ?? null,
    headers: async (source, aboveBlock) =>
      [...headersOf(source).values()]
        .filter(header => header.number > aboveBlock)
        .sort((a, b) => a.number - b.number),
    async pruneHeaders(source, upToBlock) {
      for (const number of headersOf(source).keys()) if (number <= upToBlock) headersOf(source).delete(number)
    },
    async rollback(source, toBlock, toBlockHash) {
      const before = rows.size
      rows = new Map(
        [...rows].filter(([, { event }]) => {
          const position = positionOf(event)
          return position.source !== source || position.block <= toBlock
        }),
      )
      for (const number of headersOf(source).keys()) if (number > toBlock) headersOf(source).delete(number)
      for (const [key, cursor] of cursors)
        if (cursor.source === source && cursor.block > toBlock)
          cursors.set(key, { ...cursor, block: toBlock, blockHash: toBlockHash })
      return before - rows.size
    },
  }
}
