import { setImmediate } from 'node:timers/promises'

/** Waits to be written: a group of rows, and who waits for it. */
type Waiting<Group, Result> = {
  readonly group: Group
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/**
 * Writes what many ask for at the same moment in as few transactions as possible: while one is under way, the next
 * gathers. Nobody is answered before the transaction that holds his group is on the disk.
 *
 * @param write Writes groups in one transaction, all or none, and returns a result for each.
 */
export function createGroupCommit<Group, Result>({
  write,
  sizeOf,
  maxSize,
  isOfOne,
  gathers,
}: {
  readonly write: (groups: readonly Group[]) => Promise<readonly Result[]>
  readonly sizeOf: (group: Group) => number
  /** Most that one transaction takes, unless one group alone is larger. */
  readonly maxSize: number
  /** Whether a failure may be the doing of one group, nothing having been written: then each is written by itself. */
  readonly isOfOne: (error: unknown) => boolean
  /** Whether whoever can go on does, and joins, before the next transaction begins: where it would stop them. */
  readonly gathers: boolean
}): (group: Group) => Promise<Result> {
  let waiting: Waiting<Group, Result>[] = []
  let isWriting = false

  async function writeTogether(batch: readonly Waiting<Group, Result>[]): Promise<void> {
    try {
      const results = await write(batch.map(({ group }) => group))
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result)
    } catch (error) {
      if (batch.length > 1 && isOfOne(error)) for (const each of batch) await writeTogether([each])
      else for (const { reject } of batch) reject(error)
    }
  }

  /** The oldest that fit. */
  function take(): Waiting<Group, Result>[] {
    let [count, size] = [0, 0]
    for (const { group } of waiting) {
      size += sizeOf(group)
      if (count > 0 && size > maxSize) break
      count++
    }
    const taken = waiting.slice(0, count)
    waiting = waiting.slice(count)
    return taken
  }

  async function writeAll(): Promise<void> {
    isWriting = true
    while (waiting.length > 0) {
      if (gathers) await setImmediate()
      await writeTogether(take())
    }
    isWriting = false
  }

  return group =>
    new Promise((resolve, reject) => {
      waiting.push({ group, resolve, reject })
      if (!isWriting) void writeAll()
    })
}
