import type { NetworkLayer } from './floatNetwork.ts'

/**
 * The steps that the score depends on, as steps before the present one, oldest first: at place 0 those of the
 * input, at place l + 1 those of the output of layer l. Nothing else is computed, forward or backward. Steps before
 * the first of the window are left out: there a convolution reads 0.
 *
 * @param steps feature vectors of the window.
 */
export function neededSteps(layers: readonly NetworkLayer[], steps: number): number[][] {
  const needed: number[][] = [[0]]
  for (const { taps, dilation, residual } of layers.toReversed()) {
    const read = new Set<number>()
    for (const back of needed[0] ?? []) {
      for (let tap = 0; tap < taps; tap++) {
        const from = back + stepsBack(tap, taps, dilation)
        if (from < steps) read.add(from)
      }
      if (residual) read.add(back)
    }
    needed.unshift([...read].sort((a, b) => b - a))
  }
  return needed
}

/** How many steps before its output's a tap reads; the oldest tap is tap 0. */
export function stepsBack(tap: number, taps: number, dilation: number): number {
  return (taps - 1 - tap) * dilation
}
