import { prepareBareLoop } from './bareLoop.ts'
import { prepareGrademark, tradesByItsRules } from './inGrademark.ts'
import { prepareOurs } from './ours.ts'
import { apart, isSameWork } from './sameWork.ts'
import { type RunOnce, SIZING, type SmaRun, type SmaTask } from './smaTask.ts'

/** What the contenders took for one task, once their results were found to agree. */
export type SideBySide = {
  /** Median seconds of a run. */
  readonly ours: number
  readonly bareLoop: number
  readonly grademark: number
  /** Closed round trips of ours and of the bare loop, which are as many. */
  readonly trades: number
  readonly grademarkTrades: number
  /** Relative difference of final equity to the bare loop's. */
  readonly apart: number
  /** Most memory that the process took until this project had run, its peers not yet. */
  readonly memoryMb: number
}

const FAST = 10
const SLOW = 20
/** Relative difference of a statistic. */
const MOST_FIGURE_APART = 1e-7
const COMPARED = [
  'totalReturn',
  'annualisedVolatility',
  'sharpe',
  'maxDrawdown',
  'winRate',
  'exposure',
  'turnover',
  'averageTradeReturn',
] as const

/**
 * Runs one task in every contender. The bare loop must make the same trades and equity, and grademark as many
 * trades as its rules leave: a comparison of different work would say nothing.
 *
 * @throws Error that says what differs.
 */
export async function sideBySide(task: SmaTask): Promise<SideBySide> {
  const ours = prepareOurs(task)
  const own = await ours(FAST, SLOW)
  const seconds = { ours: await medianSeconds(ours), bareLoop: 0, grademark: 0 }
  const memoryMb = Math.round(process.resourceUsage().maxRSS / 1_024)

  const bareLoop = prepareBareLoop(task, SIZING)
  const bare = await bareLoop(FAST, SLOW)
  assertSameWork(own, bare)
  seconds.bareLoop = await medianSeconds(bareLoop)

  const grademark = prepareGrademark(task)
  const { trades } = await grademark(FAST, SLOW)
  const left = tradesByItsRules(task, FAST, SLOW)
  if (trades !== left) throw new Error(`grademark made ${trades} trades where its rules leave ${left}`)
  seconds.grademark = await medianSeconds(grademark)
  return { ...seconds, trades: own.trades, grademarkTrades: trades, apart: apart(own, bare), memoryMb }
}

function assertSameWork(ours: SmaRun, bare: SmaRun): void {
  if (ours.bars !== bare.bars || !isSameWork(ours, bare))
    throw new Error(
      `not the same work: ${ours.bars} bars, ${ours.trades} trades, equity ${ours.finalEquityE8}; bare loop ${bare.bars}, ${bare.trades}, ${bare.finalEquityE8}`,
    )
  for (const name of COMPARED) {
    const [own, other] = [ours.statistics?.[name] ?? Number.NaN, bare.statistics?.[name] ?? Number.NaN]
    if (!(Math.abs(own - other) <= MOST_FIGURE_APART * (1 + Math.abs(other))))
      throw new Error(`not the same work: ${name} ${own}, of the bare loop ${other}`)
  }
}

const LEAST_ROUNDS = 4
const MOST_ROUNDS = 1_000
const ENOUGH_SECONDS = 3

/** The median of as many runs as take some seconds, the first half of which are left out: they compile. */
async function medianSeconds(run: RunOnce): Promise<number> {
  const times: number[] = []
  for (let spent = 0; times.length < MOST_ROUNDS; ) {
    if (times.length >= LEAST_ROUNDS && spent > ENOUGH_SECONDS) break
    const from = performance.now()
    await run(FAST, SLOW)
    const seconds = (performance.now() - from) / 1_000
    times.push(seconds)
    spent += seconds
  }
  const warm = times.slice(times.length >> 1).toSorted((a, b) => a - b)
  return warm[warm.length >> 1] ?? Number.NaN
}
