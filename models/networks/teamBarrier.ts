/** Numbers that the threads of a fit share beside its values, by their places. */
export const CONTROL = { arrived: 0, generation: 1, nextSlot: 2, verdict: 3, count: 4 } as const

/** Turns of the loop that looks before a thread sleeps: some microseconds, about what waking one up costs. */
const LOOKS = 2_000

/**
 * Where the threads of a team wait for one another; returns when all of them came. What each wrote before, all see
 * after.
 *
 * @param control shared; at first all 0.
 */
export function meet(control: Int32Array, threads: number): void {
  const { arrived, generation } = CONTROL
  if (threads === 1) return
  const current = Atomics.load(control, generation)
  if (Atomics.add(control, arrived, 1) === threads - 1) {
    Atomics.store(control, arrived, 0)
    Atomics.add(control, generation, 1)
    Atomics.notify(control, generation)
    return
  }
  for (let look = 0; look < LOOKS; look++) if (Atomics.load(control, generation) !== current) return
  while (Atomics.load(control, generation) === current) Atomics.wait(control, generation, current)
}
