import type { Figure } from '../statisticsFigure.ts'
import type { ReportAssumption, ReportInput } from './reportInput.ts'
import { cashText, countText, dayText, figureText, formatValue, spanText } from './reportNumbers.ts'
import { requestFeesE8, wasPriced } from './rwaRequest.ts'

/** What a report says first, in sentences. */
export type Headline = {
  /** What was achieved, over what. */
  readonly lead: string
  /** At what risk, beside what, after how much in fees. */
  readonly details: readonly string[]
  /** The costs that the run was charged, as it was told to charge them. */
  readonly costs: readonly ReportAssumption[]
  /** How much of it luck may explain. */
  readonly luck: readonly string[]
}

/** From so high a probability on, luck alone is called unlikely; below the second, likelier than not. */
const CONFIDENT = 0.95
const EVEN = 0.5

/** Says what a run achieved without praise: every number is one of its figures. */
export function headline(input: ReportInput): Headline {
  const figures = new Map([...input.statistics, ...input.luck].map(figure => [figure.name, figure]))
  return {
    lead: lead(input, figures),
    details: [assumed(input), risk(figures), benchmark(input, figures), fees(input)].filter(
      sentence => sentence !== '',
    ),
    costs: hasTraded(input) ? input.assumptions.filter(({ topic }) => topic === 'costs') : [],
    luck: luck(
      figures,
      assumed(input) === '' ? '' : ' in the assumed market, which says nothing of the real one',
    ),
  }
}

type Figures = ReadonlyMap<string, Figure>

/** Null where the figure is missing, undefined for the run, or not finite. */
function numberOf(figures: Figures, name: string): number | null {
  const value = figures.get(name)?.value ?? null
  return value === null || !Number.isFinite(Number(value)) ? null : Number(value)
}

/** The value of a figure as it stands in the table, without its sign. */
const size = (figures: Figures, name: string): string => {
  const figure = figures.get(name)
  return figure === undefined ? formatValue(null, 'share') : figureText(figure).replace(/^-/, '')
}

/** Whether anything was bought or sold: on a market, or from an issuer. */
const hasTraded = ({ markets, rwaRequests = [] }: ReportInput): boolean =>
  markets.some(({ fills }) => fills.length > 0) || rwaRequests.some(wasPriced)

function lead(input: ReportInput, figures: Figures): string {
  const { markets, equity } = input
  const from = equity.timeMs[0] ?? 0
  const to = equity.timeMs[equity.timeMs.length - 1] ?? 0
  const period = `${dayText(from)} to ${dayText(to)}${to > from ? ` (${spanText(to - from)})` : ''}`
  const names = markets.map(({ instrument }) => instrument)
  const instruments = names.length > 3 ? `${names.length} instruments` : names.join(', ')
  if (!hasTraded(input)) return `The agent did not trade ${instruments} from ${period}.`
  const total = numberOf(figures, 'totalReturn')
  if (total === null) return `The agent traded ${instruments} from ${period}; a return is not defined.`
  const text = size(figures, 'totalReturn')
  if (!/[1-9]/.test(text)) return `The agent ended where it began, trading ${instruments} from ${period}.`
  return `The agent ${total > 0 ? 'gained' : 'lost'} ${text} trading ${instruments} from ${period}.`
}

function fees(input: ReportInput): string {
  if (!hasTraded(input)) return ''
  const { markets, currency, rwaRequests = [] } = input
  const feesE8 = markets.reduce(
    (sum, { fills }) => fills.reduce((all, { feeE8 }) => all + feeE8, sum),
    requestFeesE8(rwaRequests),
  )
  const paid =
    feesE8 === 0n
      ? 'No fee was charged: what a venue charges would lower the result.'
      : `Fees of ${cashText(feesE8)} ${currency} are deducted.`
  return input.assumptions.some(({ topic }) => topic === 'costs') ? paid : `${paid} No other cost is stated.`
}

function risk(figures: Figures): string {
  const depth = numberOf(figures, 'maxDrawdown')
  if (depth === null) return ''
  if (depth === 0) return 'The equity never stood below an earlier peak.'
  const lasted = numberOf(figures, 'maxDrawdownDurationMs')
  return `At worst the equity stood ${size(figures, 'maxDrawdown')} below its peak${lasted === null ? '' : `; the longest time below a peak was ${size(figures, 'maxDrawdownDurationMs')}`}.`
}

function benchmark(input: ReportInput, figures: Figures): string {
  if (input.benchmark === null) return 'The run is compared with no benchmark.'
  const total = numberOf(figures, 'benchmarkReturn')
  if (total === null) return ''
  const text = size(figures, 'benchmarkReturn')
  return `The benchmark (${input.benchmark.label}) ${total < 0 ? 'lost' : 'gained'} ${text} over the same time.`
}

/** Says what was not recorded. */
function assumed({ assumptions }: ReportInput): string {
  const stated = assumptions.filter(({ replacesRecords }) => replacesRecords).map(({ value }) => value)
  return stated.length === 0 ? '' : `Not all of it was recorded: ${stated.join('; ')}.`
}

/** @param where Added to what is said of luck. */
function luck(figures: Figures, where: string): string[] {
  const total = numberOf(figures, 'totalReturn')
  const trials = numberOf(figures, 'trials')
  if (total !== null && total <= 0)
    return ['There is no gain that luck would have to explain.', ...among(trials)]
  const deflated = numberOf(figures, 'deflatedSharpe')
  const probabilistic = numberOf(figures, 'probabilisticSharpe')
  if (deflated === null && probabilistic === null)
    return [
      `The ${countText(numberOf(figures, 'periods') ?? 0)} returns of the run are too few, or too alike, to tell skill from luck.`,
      ...among(trials),
    ]
  if (deflated !== null && trials !== null && trials > 1)
    return [
      `This run is one of ${countText(trials)} trials. The best of as many without any skill would be expected to show a Sharpe ratio of ${size(figures, 'expectedMaximumSharpe')}; it shows ${signedText(figures, 'sharpe')}.`,
      `The probability that its true ratio is above that luck is ${size(figures, 'deflatedSharpe')} (deflated Sharpe ratio): ${verdict(deflated)}${where}.`,
    ]
  const needed = numberOf(figures, 'minimumTrackRecord')
  const periods = numberOf(figures, 'periods')
  const longer =
    needed !== null && periods !== null && needed > periods
      ? [
          `To say so with 95 % confidence takes ${countText(needed)} returns like these; it has ${countText(periods)}.`,
        ]
      : []
  const probability = deflated ?? probabilistic ?? 0
  return [
    `${trials === 1 ? 'This run is the only trial in the ledger' : 'If nothing else was tried'}, the probability that its true Sharpe ratio is above zero is ${formatValue(probability, 'share')}: ${verdict(probability)}${where}.`,
    ...longer,
    ...(trials === null ? ['No trial ledger is attached; every further trial lowers this probability.'] : []),
  ]
}

const among = (trials: number | null): string[] =>
  trials !== null && trials > 1 ? [`This run is one of ${countText(trials)} trials.`] : []

const signedText = (figures: Figures, name: string): string => {
  const figure = figures.get(name)
  return figure === undefined ? formatValue(null, 'ratio') : figureText(figure)
}

function verdict(probability: number): string {
  if (probability >= CONFIDENT) return 'luck alone is an unlikely explanation'
  if (probability >= EVEN) return 'luck is not ruled out'
  return 'luck explains the result at least as well as skill does'
}
