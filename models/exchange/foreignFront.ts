import { InvalidInputError } from '../../core/index.ts'
import { SCALED_LIMIT, type Scaler } from '../scaler.ts'
import type { ChainLink } from './layerChain.ts'

/** The scaling in front of a foreign network in Touchstone's own form. */
export type ForeignFront = {
  readonly scaler: Scaler
  /** By feature: what the first layer saw is factor · (scaled feature) + shift. */
  readonly factors: Float64Array
  readonly shifts: Float64Array
  /** The links behind it, from the first layer on. */
  readonly rest: readonly ChainLink[]
}

/** Missing values as filled: the value in units of the feature, NaN where the feature does not count. */
type Filling = { readonly values: Float64Array; readonly where: string }

/**
 * Takes what stands before the first layer and turns it into a `Scaler`, which cuts at ±`SCALED_LIMIT`, and a factor
 * and a shift to be folded into the first layer. Affine steps compose in binary64; one subtraction and one division
 * pass through unchanged to the bit.
 *
 * @param options the scaler to use in the place of the network's own (`unit` for features that come scaled), or where
 * it has none.
 * @throws InvalidInputError where the network treats missing or outlying values as a `Scaler` cannot.
 */
export function foreignFront(
  columns: number,
  links: readonly ChainLink[],
  { scaler, scalerIfNone }: { readonly scaler?: Scaler | 'unit'; readonly scalerIfNone?: Scaler },
): ForeignFront {
  // First (x − mean) / std, then the clip if there is one, then `after` times that plus `shift`.
  const mean = new Float64Array(columns)
  const std = new Float64Array(columns).fill(1)
  const after = new Float64Array(columns).fill(1)
  const shift = new Float64Array(columns)
  let clip: { readonly low: number; readonly high: number; readonly where: string } | null = null
  const fillings: Filling[] = []
  const firstLayer = links.findIndex(link => link.kind === 'layer')
  const clips = links.slice(0, Math.max(0, firstLayer)).some(link => link.kind === 'clip')
  let isBehind = false

  let place = 0
  for (; place < links.length; place++) {
    const link = links[place]
    if (link === undefined || link.kind === 'layer' || link.kind === 'lastStep') break
    if (link.kind === 'clip') {
      if (clip !== null || after.some(value => value !== 1) || shift.some(value => value !== 0))
        throw unsupported(link.where, 'clips its inputs twice')
      if (!(link.low < link.high)) throw unsupported(link.where, 'clips its inputs to nothing')
      clip = link
    } else if (link.kind === 'fillMissing') {
      const values = Float64Array.from({ length: columns }, (_, column) => {
        const value = ((link.values[column] ?? 0) - at(shift, column)) / at(after, column)
        return value * at(std, column) + at(mean, column)
      })
      fillings.push({ values, where: link.where })
    } else if (link.kind === 'normalise' || link.kind === 'scale') {
      // A gain of its own after the scaling, as batch normalisation has, is no matter of the features' spread.
      const isGain =
        link.kind === 'scale' && hasSpread(std) && Array.from(link.factors).some(value => value !== 1)
      isBehind ||= clip !== null || (isGain && !clips)
      for (let column = 0; column < columns; column++)
        if (isBehind) {
          const [factor, sum] = toScale(link, column)
          after[column] = at(after, column) * factor
          shift[column] = at(shift, column) * factor + sum
        } else {
          const [centre, spread] = toNormalise(link, column)
          // An infinite spread has made it 0 already, and only more of the same can follow.
          if (std[column] === Number.POSITIVE_INFINITY && centre !== 0)
            throw unsupported(link.where, `adds to feature ${column} after scaling it to 0`)
          if (std[column] === Number.POSITIVE_INFINITY) continue
          mean[column] = at(mean, column) + centre * at(std, column)
          std[column] = at(std, column) * spread
        }
    } else throw unsupported(link.where, `has a ${link.kind} before its first layer`)
  }

  const affine = { mean, std, after, shift, clip }
  const isUnscaled = clip === null && !hasSpread(std) && mean.every(value => value === 0)
  const given = scaler ?? (isUnscaled ? scalerIfNone : undefined)
  if (given === undefined && isUnscaled)
    throw new InvalidInputError('The imported network takes its features unscaled.', {
      facts: { columns, limit: SCALED_LIMIT },
      hint: `Pass as \`scaler\` what \`fitScaler\` measures on rows like those it was trained on, or 'unit' if they come scaled: Touchstone cuts features off at ±${SCALED_LIMIT} standard deviations.`,
    })
  const front = given === undefined || given === 'unit' ? ownScaler(affine) : givenScaler(affine, given)
  for (const { values, where } of fillings)
    for (let column = 0; column < columns; column++) {
      const scale = at(front.scaler.std, column)
      const centre = at(front.scaler.mean, column)
      const distance = Math.abs(at(values, column) - centre)
      // A feature that is scaled to 0 whatever it is may be filled with anything.
      if (scale !== 0 && !(distance <= 1e-6 * (scale + Math.abs(centre))))
        throw unsupported(
          where,
          `fills missing values of feature ${column} with ${at(values, column)}`,
          centre,
        )
    }
  return { ...front, rest: links.slice(place) }
}

type Affine = {
  readonly mean: Float64Array
  readonly std: Float64Array
  readonly after: Float64Array
  readonly shift: Float64Array
  readonly clip: { readonly low: number; readonly high: number; readonly where: string } | null
}

type Scaled = Omit<ForeignFront, 'rest'>

/** The network's own scaling; a clip to other limits than ±`SCALED_LIMIT` is stretched to them. */
function ownScaler({ mean, std, after, shift, clip }: Affine): Scaled {
  const half = clip === null ? 1 : (clip.high - clip.low) / 2 / SCALED_LIMIT
  const middle = clip === null ? 0 : (clip.high + clip.low) / 2
  if (clip !== null && !(Number.isFinite(half) && Number.isFinite(middle)))
    throw unsupported(clip.where, 'clips its inputs on one side only')
  const scaler = { mean: new Float32Array(mean.length), std: new Float32Array(mean.length) }
  const factors = new Float64Array(mean.length)
  const shifts = new Float64Array(mean.length)
  for (let column = 0; column < mean.length; column++) {
    const spread = at(std, column)
    const isConstant = !Number.isFinite(spread)
    if (isConstant && middle !== 0 && clip !== null)
      throw unsupported(clip.where, `clips feature ${column} after scaling it to 0`)
    scaler.mean[column] = isConstant ? at(mean, column) : at(mean, column) + middle * spread
    scaler.std[column] = isConstant ? 0 : Math.abs(spread) * half
    const isScale = Number.isFinite(at(scaler.mean, column)) && Number.isFinite(at(scaler.std, column))
    if (!isScale || (at(scaler.std, column) === 0 && !isConstant))
      throw new InvalidInputError(`The imported network scales feature ${column} beyond binary32.`, {
        facts: { column, centre: at(mean, column), spread },
        hint: 'Give the feature in a unit of its own size, and train again.',
      })
    factors[column] = at(after, column) * half * (spread < 0 ? -1 : 1)
    shifts[column] = at(after, column) * middle + at(shift, column)
  }
  return { scaler, factors, shifts }
}

/** The given scaler, with the difference from the network's own scaling left to the first layer. */
function givenScaler({ mean, std, after, shift, clip }: Affine, scaler: Scaler): Scaled {
  if (clip !== null)
    throw new InvalidInputError(`The imported network clips its inputs itself, in ${clip.where}.`, {
      facts: { where: clip.where },
      hint: 'Leave the option `scaler` out: the network brings its own.',
    })
  if (scaler.mean.length !== mean.length || scaler.std.length !== mean.length)
    throw new InvalidInputError(
      `The scaler is of ${scaler.mean.length} features, the imported network of ${mean.length}.`,
      { facts: { given: scaler.mean.length, expected: mean.length }, hint: 'Fit it on the same features.' },
    )
  const factors = new Float64Array(mean.length)
  const shifts = new Float64Array(mean.length)
  for (let column = 0; column < mean.length; column++) {
    const spread = at(std, column)
    factors[column] = (at(after, column) * at(scaler.std, column)) / spread
    shifts[column] =
      (at(after, column) * (at(scaler.mean, column) - at(mean, column))) / spread + at(shift, column)
  }
  return { scaler, factors, shifts }
}

function hasSpread(std: Float64Array): boolean {
  return std.some(value => value !== 1)
}

type AffineLink = Extract<ChainLink, { kind: 'normalise' | 'scale' }>

/** A feature's part of a link as x · factor + shift. */
function toScale(link: AffineLink, column: number): [factor: number, shift: number] {
  if (link.kind === 'scale') return [at(link.factors, column), at(link.shifts, column)]
  const [centre, spread] = toNormalise(link, column)
  return [1 / spread, -centre / spread]
}

/** A feature's part of a link as (x − centre) / spread. */
function toNormalise(link: AffineLink, column: number): [centre: number, spread: number] {
  if (link.kind === 'normalise') {
    const centre = at(link.mean, column)
    const spread = at(link.std, column)
    if (spread === 0 || Number.isNaN(spread) || !Number.isFinite(centre))
      throw unsupported(link.where, `divides feature ${column} by ${spread}`)
    return [centre, spread]
  }
  const factor = at(link.factors, column)
  const shift = at(link.shifts, column)
  if (!Number.isFinite(factor) || !Number.isFinite(shift))
    throw unsupported(link.where, `multiplies feature ${column} by ${factor} and adds ${shift}`)
  if (factor !== 0) return [shift === 0 ? 0 : -shift / factor, 1 / factor]
  if (shift === 0) return [0, Number.POSITIVE_INFINITY]
  throw unsupported(link.where, `turns feature ${column} into the constant ${shift}`)
}

function at(values: ArrayLike<number>, place: number): number {
  return values[place] ?? Number.NaN
}

function unsupported(where: string, fact: string, centre?: number): InvalidInputError {
  return new InvalidInputError(`The imported network ${fact}, in ${where}; Touchstone has no such scaling.`, {
    facts: { where, fact, ...(centre === undefined ? {} : { centre }) },
    hint: 'Features are scaled to (value − mean) / std within fixed limits, with missing values at the mean.',
  })
}
