import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const ROOT = import.meta.dirname

/**
 * The files that take longest, the longest first. They start before all others: one that began last would keep the
 * other workers waiting for it. A clean clone has no times of an earlier run to go by.
 */
const LONGEST: readonly string[] = [
  'test/wholeRoad.test.ts',
  'test/simulation/ingest.test.ts',
  'test/killedRun.test.ts',
  'cli/commands/history.test.ts',
  'test/configuration.test.ts',
  'test/recordedDemo.test.ts',
  'test/sweepCommand.test.ts',
  'contracts/contracts.test.ts',
  'test/modelRefusals.test.ts',
  'decision-log/anchorSimulation.test.ts',
  'feature-store/history/history.test.ts',
  'test/badInput.test.ts',
  'test/modelLife.test.ts',
  'execution/reorganisedRun.test.ts',
  'test/barFiles.test.ts',
  'test/backtestData.test.ts',
  'test/ownProject.test.ts',
  'test/backtestCommand.test.ts',
  'chain-ingest/history/rangeThreads.test.ts',
  'feature-store/history/archiveObservations.test.ts',
  'backtest/search/sweepFile.test.ts',
  'backtest/report/reportPage.test.ts',
  'cli/retraining.test.ts',
  'test/embargo.test.ts',
  'feature-store/history/tieredObservationStore.test.ts',
]
for (const file of LONGEST)
  if (!existsSync(join(ROOT, file))) throw new Error(`${file} is gone: take it from LONGEST.`)

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = new Map(LONGEST.map((file, index) => [join(ROOT, file), index]))
    const of = ({ moduleId }: TestSpecification) => rank.get(moduleId) ?? LONGEST.length
    return (await super.sort(files)).sort((a, b) => of(a) - of(b))
  }
}

const SEEDED = join(ROOT, 'test', 'seededProperties.ts')

/** Gives every test a fast-check whose properties run from one seed. */
const seededProperties = {
  name: 'seeded-properties',
  enforce: 'pre' as const,
  resolveId: (id: string, importer: string | undefined) =>
    id === 'fast-check' && importer !== SEEDED ? SEEDED : null,
}

export default defineConfig({
  plugins: [seededProperties],
  resolve: {
    alias: [
      { find: 'touchstone/verify', replacement: `${ROOT}/decision-log/verify/index.ts` },
      { find: /^touchstone\/(.*)$/, replacement: `${ROOT}/$1/index.ts` },
    ],
  },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**'],
    // Several times what any test takes by itself that does not say more: the machine may be busy.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // By default one processor is left free; the longest files wait for a chain, a store or a command half the time.
    maxWorkers: availableParallelism(),
    sequence: { sequencer: LongestFirst },
  },
})
