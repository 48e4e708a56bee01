import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { gaussian, seededRandom } from '../core/index.ts'
import { type CliResult, runCli } from './runCli.ts'

/** When its bars begin. */
export const BARS_FROM_MS = Date.UTC(2020, 0, 1)
export const BAR_MS = 3_600_000

/** A project with hourly bars, whose agents have a small network over them. */
export type ModelProject = {
  readonly directory: string
  /** A file beside the project. */
  path(name: string): string
  /** Writes the first bars of the series into the file that the project reads. */
  writeBars(rows: number): Promise<void>
  run(...args: string[]): Promise<CliResult>
  /** Runs a command that must succeed, and gives its JSON. */
  json(...args: string[]): Promise<ReturnType<typeof JSON.parse>>
  /** Runs a command that must be refused, and gives what it says. */
  refused(exit: number, ...args: string[]): Promise<string>
  remove(): Promise<void>
}

/** Features of the agents, in their order. */
export const FEATURES = 3

const MODULE = `import { defineAgent } from 'touchstone/agents'
import { cashE8, DAY_MS, E8, HOUR_MS, ppm } from 'touchstone/core'
import { logReturn } from 'touchstone/feature-store'
import { defineStrategy, directionOf } from 'touchstone/strategies'

const strategy = defineStrategy({
  name: 'likelier-side', version: 1, params: {},
  decide({ prediction }) {
    if (prediction === null) return null
    const edge = prediction.probabilityUp - 0.5
    const signal = { direction: directionOf(edge), strength: ppm(2 * Math.abs(edge)), confidence: ppm(0.5 + Math.abs(edge)), horizonMs: 2 * HOUR_MS }
    return { signal, target: { exposure: ppm(directionOf(edge) * 0.5) } }
  },
})

export function createAgent({ instrument, settings }) {
  const capital = cashE8(100_000n * E8)
  return defineAgent({
    name: 'learner', version: 1, instrument, capitalE8: capital, everyMs: 2 * HOUR_MS, allowShort: true, strategy,
    features: [1, 3, 8].map(hours => logReturn({ horizonMs: hours * HOUR_MS })),
    model: {
      name: 'small', version: 1, seed: 3, embargoMs: HOUR_MS,
      label: { kind: 'forward-return', horizonMs: (settings.horizonHours ?? 2) * HOUR_MS },
      learner: { kind: 'mlp', hidden: [4], epochs: 6, batchSize: 32, learningRate: 0.01 },
    },
    promotion: settings.promoted ? { minOutcomes: 400, minAdvantage: 0.01, minTStatistic: 3 } : null,
    limits: { maxPositionE8: cashE8(capital * 2n), maxOrderE8: cashE8(capital * 2n), maxDailyLossE8: capital, maxStalenessMs: 5 * DAY_MS },
    venue: { feePpm: ppm(0.0001), halfSpreadPpm: ppm(0.0001), maxPriceAgeMs: DAY_MS },
  })
}
`

/** Hourly quotes whose moves go on for some hours, so that there is something to learn. */
function bars(count: number): string[] {
  const random = seededRandom(23)
  let price = 1_500
  let drift = 0
  return Array.from({ length: count }, (_, hour) => {
    const open = price
    drift = 0.8 * drift + 0.001 * gaussian(random)
    price *= 1 + drift + 0.0005 * gaussian(random)
    const [low, high] = [Math.min(open, price), Math.max(open, price)]
    const side = (spread: number) => [open, high, low, price].map(value => (value + spread).toFixed(3))
    const time = new Date(BARS_FROM_MS + hour * BAR_MS).toISOString().replace('.000', '')
    return [time, ...side(0), ...side(0.2)].join(',')
  })
}

/** Makes a project of so many bars, with the agents `learner` (it has a rule of promotion), `plain`, `far` and `boosted`. */
export async function createModelProject(rows: number): Promise<ModelProject> {
  const root = await mkdtemp(join(tmpdir(), 'touchstone-models-'))
  const directory = join(root, 'project')
  const path = (name: string) => join(root, name)
  const run = (...args: string[]) => runCli(['--dir', directory, ...args])
  const project: ModelProject = {
    directory,
    path,
    run,
    async writeBars(count) {
      const header = 'time_utc,bid_open,bid_high,bid_low,bid_close,ask_open,ask_high,ask_low,ask_close'
      await writeFile(path('gold.csv'), `${[header, ...bars(count)].join('\n')}\n`)
    },
    async json(...args) {
      const { status, stdout, stderr } = await run('--json', ...args)
      expect(status, `${args.join(' ')}: ${stderr}`).toBe(0)
      return JSON.parse(stdout)
    },
    async refused(exit, ...args) {
      const { status, stdout, stderr } = await run(...args)
      expect({ status, stdout }, stderr).toEqual({ status: exit, stdout: '' })
      expect(stderr).not.toMatch(/^\s+at /m)
      return stderr
    },
    remove: () => rm(root, { recursive: true, force: true }),
  }
  await project.writeBars(rows)
  await writeFile(path('learner.mjs'), MODULE)
  await project.json('ingest', '--bars', path('gold.csv'), '--instrument', 'test:XAU', '--symbol', 'XAU')
  const file = join(directory, 'project.json')
  const written = JSON.parse(await readFile(file, 'utf8'))
  const [{ instrument }] = written.sources
  const agent = (name: string, definition: string, settings: object = {}) => ({
    name,
    definition,
    instrument,
    observes: [],
    settings,
  })
  written.agents = [
    agent('learner', path('learner.mjs'), { promoted: true }),
    agent('plain', path('learner.mjs')),
    agent('far', path('learner.mjs'), { horizonHours: 12 }),
    agent('boosted', 'gold-boosted'),
    agent('trend', 'gold-trend'),
  ]
  await writeFile(file, JSON.stringify(written))
  return project
}
