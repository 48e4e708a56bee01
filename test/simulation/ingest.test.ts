import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgresIsAvailable } from '../startPostgres.ts'
import { type SimulationWorld, startSimulationWorld } from './simulateIngest.ts'

/** Seeds that once failed: a database that refused connections for a moment ended the run for good. */
const NOTABLE_SEEDS: readonly number[] = [1_000_005, 1_000_011, 1_000_017, 1_000_018]
/** `TOUCHSTONE_SIMULATION_SEEDS=10000` runs as many as a night allows. */
const SEEDS = Number(process.env['TOUCHSTONE_SIMULATION_SEEDS'] ?? 200)
const SEEDS_PER_TEST = 25

describe.skipIf(!postgresIsAvailable())(
  'ingest under reorgs, failing nodes, kills and database restarts',
  () => {
    let world: SimulationWorld
    const seen: Record<string, number> = {}
    beforeAll(async () => {
      world = await startSimulationWorld()
    })
    afterAll(async () => {
      console.log(`${SEEDS} simulations: ${JSON.stringify(seen)}`)
      await world?.close()
    })

    const all = [...NOTABLE_SEEDS, ...Array.from({ length: SEEDS }, (_, index) => 2_000_000 + index)]
    const batches = Array.from({ length: Math.ceil(all.length / SEEDS_PER_TEST) }, (_, batch) =>
      all.slice(batch * SEEDS_PER_TEST, (batch + 1) * SEEDS_PER_TEST),
    )
    test.each(batches.map(seeds => [seeds[0], seeds.at(-1), seeds] as const))(
      'ends like a clean ingest, row for row (seeds %d to %d)',
      async (_first, _last, seeds) => {
        for (const seed of seeds) {
          const { stored, clean, storedHead, head, faults } = await world.simulate(seed)
          expect({ seed, storedHead }).toEqual({ seed, storedHead: head })
          expect({ seed, rows: stored }).toEqual({ seed, rows: clean })
          for (const [kind, count] of Object.entries(faults)) seen[kind] = (seen[kind] ?? 0) + count
        }
      },
      5 * 60_000,
    )
  },
)
