import { PPM, SCORE_ONE } from '../../core/index.ts'
import type { Objective } from '../learner.ts'
import type { Explanation } from './explanation.ts'

/** What is said about a prediction. */
export type ExplainedPrediction = {
  readonly explanation: Explanation
  readonly objective: Objective
  /** Names, in the order of the contributions. */
  readonly features: readonly string[]
  /** Of a rise, in millionths. */
  readonly probabilityPpm: number
  /** Integer inputs, and those of background rows, to say which features were high or low; of the last step are read. */
  readonly inputs: Int16Array
  readonly background: Int16Array
}

/** Most features that are named on either side. */
const NAMED = 3
/** Smaller shares of all that was moved are not worth a name. */
const NAMED_SHARE = 0.05

/**
 * Says in plain English which way a prediction goes, and which features drove it: what each added to the score, in
 * log-odds (standard deviations for `return`), and how much the others did together. High and low are beside the
 * background rows: above or below two thirds of them.
 *
 * ```
 * Up, 57.2 %: a score of +0.29 log-odds, 0.27 above the usual +0.02. return_24h was high (+0.21) and gap_1h was low
 * (+0.11); against it, spread was high (-0.05).
 * ```
 */
export function describeExplanation(prediction: ExplainedPrediction): string {
  const { explanation, objective, features, probabilityPpm } = prediction
  const { score, base, contributions, standardErrors } = explanation
  const moved = contributions.reduce((sum, value) => sum + Math.abs(value), 0)
  const total = score - base
  const ranked = [...contributions.keys()]
    .filter(feature => Math.abs(contributions[feature] ?? 0) > moved * NAMED_SHARE)
    .sort((a, b) => Math.abs(contributions[b] ?? 0) - Math.abs(contributions[a] ?? 0) || a - b)
  const side = total < 0 ? -1 : 1
  const behind = ranked.filter(feature => (contributions[feature] ?? 0) * side > 0).slice(0, NAMED)
  const against = ranked.filter(feature => (contributions[feature] ?? 0) * side < 0).slice(0, NAMED)
  const phrase = (feature: number) =>
    `${features[feature] ?? `feature ${feature}`} ${level(prediction, feature)} (${signed(contributions[feature] ?? 0)})`
  const unit = objective === 'direction' ? 'log-odds' : 'standard deviations'
  const usual = `${units(Math.abs(total))} ${total < 0 ? 'below' : 'above'} the usual ${signed(base)}`
  const sentences = [
    `${verdict(probabilityPpm)}: a score of ${signed(score)} ${unit}, ${moved === 0 ? 'as usual' : usual}.`,
  ]
  if (behind.length > 0)
    sentences.push(
      `${listed(behind.map(phrase))}${against.length > 0 ? `; against it, ${listed(against.map(phrase))}` : ''}.`,
    )
  else if (against.length > 0) sentences.push(`${listed(against.map(phrase))}.`)
  const unnamed = contributions.length - behind.length - against.length
  const named = [...behind, ...against].reduce((sum, feature) => sum + (contributions[feature] ?? 0), 0)
  if (unnamed > 0 && moved > 0)
    sentences.push(
      `${unnamed === 1 ? 'The other feature' : `The ${unnamed} other features`} added ${signed(total - named)}.`,
    )
  const error = standardErrors.reduce((most, value) => Math.max(most, value), 0)
  if (error > 0)
    sentences.push(`Contributions are sampled: their standard errors are at most ${units(error)}.`)
  return sentences.join(' ')
}

function verdict(ppm: number): string {
  const up = ppm > PPM / 2
  const percent = (((up ? ppm : PPM - ppm) / PPM) * 100).toFixed(1)
  return ppm === PPM / 2 ? 'Undecided, 50.0 %' : `${up ? 'Up' : 'Down'}, ${percent} %`
}

/** Where the present value of a feature lies among those of the background rows, as a verb. */
function level({ inputs, background, features }: ExplainedPrediction, feature: number): string {
  const columns = features.length
  const value = inputs[inputs.length - columns + feature] ?? 0
  let below = 0
  let above = 0
  let rows = 0
  for (let end = inputs.length; end <= background.length; end += inputs.length, rows++) {
    const other = background[end - columns + feature] ?? 0
    if (other < value) below++
    if (other > value) above++
  }
  if (rows > 0 && below * 3 >= rows * 2) return 'was high'
  if (rows > 0 && above * 3 >= rows * 2) return 'was low'
  return rows > 0 ? 'was middling' : 'counted'
}

function listed(phrases: readonly string[]): string {
  return phrases.length < 2
    ? phrases.join('')
    : `${phrases.slice(0, -1).join(', ')} and ${phrases[phrases.length - 1]}`
}

/** A score in units of 1, to two digits behind the point, more where they would all be 0. */
function units(score: number): string {
  const value = score / SCORE_ONE
  return Math.abs(value) >= 0.005 || value === 0 ? value.toFixed(2) : value.toPrecision(1)
}

function signed(score: number): string {
  return score < 0 ? units(score) : `+${units(score)}`
}
