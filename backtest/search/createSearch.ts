import { canonicalJson, digestOf, type Hash, InvalidInputError } from '../../core/index.ts'
import { finiteLattice, gridLattice } from './lattice.ts'
import type { ParameterSpace, Point } from './parameters.ts'
import { gridSource, type PointSource, randomSource, tpeSource } from './pointSource.ts'
import { TPE_DEFAULTS, type TpeSettings } from './tpe.ts'

/** How points are chosen; a name alone takes the defaults. */
export type SearchMethod = 'grid' | 'random' | 'tpe' | ({ readonly kind: 'tpe' } & Partial<TpeSettings>)

/** Which values are better. */
export type SearchGoal = 'maximise' | 'minimise'

export type SearchOptions<P extends Point> = {
  readonly space: ParameterSpace<P>
  readonly method: SearchMethod
  /** A whole number; without effect on a grid. */
  readonly seed: number
  /** Trials at most. Without it a finite space is searched whole; a continuous one needs it, and so does TPE. */
  readonly trials?: number
  /** `maximise`. */
  readonly goal?: SearchGoal
  /** Goes on from here: what `state()` of a search with the same options gave. */
  readonly state?: SearchState
}

/** A point to evaluate. Trials count from 0, in the order in which they were asked for. */
export type Trial<P extends Point = Point> = { readonly trial: number; readonly point: P }

/** A trial and what it gave. */
export type ToldTrial<P extends Point = Point> = Trial<P> & { readonly value: number }

/** A search as data. */
export type SearchState = {
  readonly version: 1
  /** Hash of space, method, seed and goal. */
  readonly search: Hash
  readonly asked: number
  /** The points that were asked, of a TPE search; the others find theirs again by themselves. */
  readonly points: readonly Point[] | null
  /** Trial and value, in the order of the trials; a failure is null. */
  readonly told: readonly (readonly [number, number | null])[]
}

/**
 * A search over a space. The trials of a grid and of a random search do not depend on what is told. Those of a TPE
 * search depend on the values of the trials `parallel` and more before them and on nothing else: whatever the order
 * of the tells, and however many workers evaluate, the trials are the same.
 */
export type Search<P extends Point> = {
  /** How many trials there will be; an upper bound where `where` leaves an unknown number of points. */
  readonly total: number
  /** The next trial; null when there is none now: see `isExhausted`. */
  ask(): Trial<P> | null
  /** Whether no trial is left to ask for. While it is false, `ask` may wait for results. */
  isExhausted(): boolean
  /**
   * Takes the value of a trial; null when it failed or has none.
   *
   * @throws InvalidInputError for a trial that was not asked or was told before, or a value that is not finite.
   */
  tell(trial: Trial<P>, value: number | null): void
  /** The best of what was told, the first of equals; null before there is one. */
  best(): ToldTrial<P> | null
  state(): SearchState
}

/** The settings of a TPE search, the defaults of those left out included. */
export const tpeSettings = (method: SearchMethod): TpeSettings => ({
  ...TPE_DEFAULTS,
  ...(typeof method === 'object' ? method : {}),
})

/** SHA-256 of a method and its settings. */
export function methodHash(method: SearchMethod): Hash {
  return digestOf(method === 'grid' || method === 'random' ? method : { ...tpeSettings(method), kind: 'tpe' })
}

/**
 * Starts a search, or goes on with one.
 *
 * @throws InvalidInputError naming what is missing or wrong.
 */
export function createSearch<P extends Point>(options: SearchOptions<P>): Search<P> {
  const { space, method, seed, goal = 'maximise', state } = options
  if (!Number.isSafeInteger(seed))
    throw new InvalidInputError(`${seed} is no seed.`, { facts: { seed }, hint: 'Pass a whole number.' })
  const total = totalTrials(options)
  const source = pointSource(options)
  const identity = digestOf({
    space: space.hash,
    method: methodHash(method),
    seed: method === 'grid' ? 0 : seed,
    goal,
  })
  const sign = goal === 'maximise' ? 1 : -1
  /** Undefined while a trial is out. */
  const values: (number | null | undefined)[] = []
  /** All trials before this one were told. */
  let toldBefore = 0
  let hasEnded = false
  let best: ToldTrial<P> | null = null
  const meritOf = (trial: number) => {
    const value = values[trial] ?? null
    return value === null ? null : sign * value
  }
  const isBetter = (value: number, trial: number): boolean =>
    best === null || sign * value > sign * best.value || (value === best.value && trial < best.trial)

  const search: Search<P> = {
    total,
    ask() {
      const trial = values.length
      if (hasEnded || trial >= total || toldBefore <= trial - source.lag) return null
      const point = source.next(trial, meritOf)
      if (point === null) {
        hasEnded = true
        return null
      }
      values.push(undefined)
      return { trial, point }
    },
    isExhausted: () => hasEnded || values.length >= total,
    tell({ trial, point }, value) {
      if (!Number.isSafeInteger(trial) || trial < 0 || trial >= values.length)
        throw misplaced(trial, 'was never asked for')
      if (values[trial] !== undefined) throw misplaced(trial, 'was told before')
      if (value !== null && !Number.isFinite(value))
        throw new InvalidInputError(`The value of trial ${trial} is ${value}, not a finite number.`, {
          facts: { trial, value },
          hint: 'Tell null for a trial that failed or has no value.',
        })
      values[trial] = value
      while (toldBefore < values.length && values[toldBefore] !== undefined) toldBefore++
      if (value !== null && isBetter(value, trial)) best = { trial, point, value }
    },
    best: () => best,
    state: () => ({
      version: 1,
      search: identity,
      asked: values.length,
      points: source.points === null ? null : [...source.points],
      told: values.flatMap((value, trial) => (value === undefined ? [] : [[trial, value] as const])),
    }),
  }
  if (state === undefined) return search

  if (state.search !== identity)
    throw new InvalidInputError('This state is of another search.', {
      facts: { state: state.search, search: identity },
      hint: 'Pass the space, method, seed and goal that it was made with.',
    })
  const again = new Map<number, Trial<P>>()
  for (let trial = 0; trial < state.asked; trial++) {
    if (source.adopt === null) {
      const found = search.ask()
      if (found !== null) again.set(trial, found)
      continue
    }
    const point = space.check(state.points?.[trial])
    source.adopt(point)
    values.push(undefined)
    again.set(trial, { trial, point })
  }
  for (const [trial, value] of state.told) {
    const found = again.get(trial)
    if (found === undefined) throw misplaced(trial, 'was never asked for')
    search.tell(found, value)
  }
  return search
}

function pointSource<P extends Point>({ space, method, seed }: SearchOptions<P>): PointSource<P> {
  switch (method) {
    case 'grid':
      return gridSource(space)
    case 'random':
      return randomSource(space, seed)
    default:
      return tpeSource(space, seed, tpeSettings(method))
  }
}

function totalTrials<P extends Point>({ space, method, trials }: SearchOptions<P>): number {
  if (trials !== undefined && !(Number.isSafeInteger(trials) && trials >= 1))
    throw new InvalidInputError(`${trials} is no number of trials.`, {
      facts: { trials },
      hint: 'Pass a whole number above 0.',
    })
  const lattice = method === 'grid' ? gridLattice(space) : finiteLattice(space)
  // Few trials of a great space: counting its points would take longer than trying some.
  const points = lattice === null ? null : lattice.points
  if (points === 0)
    throw new InvalidInputError('No combination of the parameters is a point of this search.', {
      facts: { cells: lattice?.cells ?? 0 },
      hint: 'Widen the ranges, or let `where` admit some.',
    })
  const isEndless = method !== 'grid' && method !== 'random'
  if (trials === undefined && (isEndless || points === null))
    throw new InvalidInputError(
      isEndless
        ? 'A TPE search has no end of its own.'
        : 'This space has no number of points to search whole.',
      { facts: { method: canonicalJson(method) }, hint: 'Pass `trials`.' },
    )
  return Math.min(trials ?? Number.POSITIVE_INFINITY, points ?? Number.POSITIVE_INFINITY)
}

function misplaced(trial: number, reason: string): InvalidInputError {
  return new InvalidInputError(`Trial ${trial} ${reason}.`, {
    facts: { trial },
    hint: 'Tell each trial that `ask` gave once.',
  })
}
