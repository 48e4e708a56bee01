import { exactExp, exactLog, type Random } from '../../core/index.ts'
import { normalCdf, normalQuantile } from '../luck/normalDistribution.ts'
import type { UnitScale } from './unitScale.ts'

/** A density over points in unit scale, as a mixture of a kernel around each observation and of the uniform one. */
export type ParzenEstimator = {
  sample(random: Random): Float64Array
  logDensity(units: Float64Array): number
}

/** Widths of the kernels of one observation and of no fewer than one to a hundred. */
const FIRST_WIDTH = 0.2
const LEAST_WIDTH = 0.01
/** A kernel this far below another, in logarithms, adds nothing that a double holds beside it. */
const NEGLIGIBLE = -40
const LOG_SQRT_TAU = 0.9189385332046727

/**
 * Estimates the density that observations come from (E. Parzen 1962; multivariate as in Falkner, Klein and Hutter,
 * "BOHB", 2018). An ordered parameter has a normal kernel, truncated to [0, 1], of width 0.2 · n^(−1/(4 + d)), no
 * less than half the distance of two values, and than 0.01; a choice counts: (hit + 1/n) / (1 + K/n) for K values. Each
 * kernel weighs 1/(n + 1), and so does the uniform density, which keeps every point possible.
 */
export function parzenEstimator(
  scales: readonly UnitScale[],
  observations: readonly Float64Array[],
): ParzenEstimator {
  const kernels = observations.length
  const dimensions = scales.length
  const base = FIRST_WIDTH * exactExp(-exactLog(Math.max(1, kernels)) / (4 + dimensions))
  const widths = Float64Array.from(scales, ({ levels }) =>
    Math.max(base, LEAST_WIDTH, levels === null ? 0 : 0.5 / levels),
  )
  const choices = scales.map(({ ordered, levels }) => (ordered ? 0 : (levels ?? 0)))
  const miss = Float64Array.from(choices, count => exactLog(1 / kernels / (1 + count / kernels)))
  const hit = Float64Array.from(choices, count => exactLog((1 + 1 / kernels) / (1 + count / kernels)))

  /** Logarithms of what the kernels' truncated densities are multiplied by. */
  const heights = Float64Array.from(observations, centre => {
    let height = 0
    for (let d = 0; d < dimensions; d++) {
      if (choices[d] !== 0) continue
      const [mean, width] = [centre[d] ?? 0, widths[d] ?? 1]
      const inside = normalCdf((1 - mean) / width) - normalCdf(-mean / width)
      height -= exactLog(width * inside) + LOG_SQRT_TAU
    }
    return height
  })
  let uniform = 0
  for (const count of choices) if (count !== 0) uniform -= exactLog(count)
  const logs = new Float64Array(kernels + 1)

  return {
    sample(random) {
      const centre = observations[Math.floor(random() * (kernels + 1))]
      return Float64Array.from(scales, (_, d) => {
        const draw = random()
        if (centre === undefined) return draw
        const mean = centre[d] ?? 0
        const count = choices[d] ?? 0
        if (count !== 0) {
          // 1/n of a hit is spread over all values.
          const spread = count / kernels / (1 + count / kernels)
          return draw < spread ? draw / spread : mean
        }
        return truncatedNormal(mean, widths[d] ?? 1, draw)
      })
    },
    logDensity(units) {
      logs[kernels] = uniform
      let most = uniform
      for (let kernel = 0; kernel < kernels; kernel++) {
        const centre = observations[kernel]
        if (centre === undefined) break
        let log = heights[kernel] ?? 0
        for (let d = 0; d < dimensions; d++) {
          const [unit, mean] = [units[d] ?? 0, centre[d] ?? 0]
          if (choices[d] !== 0) log += (unit === mean ? hit[d] : miss[d]) ?? 0
          else {
            const distance = (unit - mean) / (widths[d] ?? 1)
            log -= 0.5 * distance * distance
          }
        }
        logs[kernel] = log
        if (log > most) most = log
      }
      let sum = 0
      for (let kernel = 0; kernel <= kernels; kernel++) {
        const below = (logs[kernel] ?? 0) - most
        if (below > NEGLIGIBLE) sum += exactExp(below)
      }
      return most + exactLog(sum / (kernels + 1))
    },
  }
}

/** A normal number within [0, 1], by the inverse of its distribution function. */
function truncatedNormal(mean: number, width: number, uniform: number): number {
  const low = normalCdf(-mean / width)
  const high = normalCdf((1 - mean) / width)
  const share = low + uniform * (high - low)
  if (!(share > 0 && share < 1)) return mean
  return Math.min(1, Math.max(0, mean + width * normalQuantile(share)))
}
