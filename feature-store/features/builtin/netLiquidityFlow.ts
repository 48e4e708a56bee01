import { InvalidInputError, type MarketEvent } from '../../../core/index.ts'
import { defineFeature, type FeatureDefinition } from '../defineFeature.ts'
import { durationName } from '../durationName.ts'
import { WindowSum } from '../windows/windowSum.ts'

/** Half the band in which liquidity counts: 200 ticks are a price 2 % away, the usual measure of depth. */
export const DEFAULT_BAND_TICKS = 200

type LiquidityFlow = { readonly flow: WindowSum; tick: number | null; liquidity: number }

/**
 * Net liquidity flow over a window: Σ ΔL · (share of the band that the position covers) / L, over the mints
 * (+) and burns (−), where the band is the pool's tick ± `bandTicks` when the position changed and L the
 * in-range liquidity of the last swap. Counting a band, and not the current tick alone, lets liquidity that
 * comes for one trade and goes again cancel although the tick has moved. Null until swaps cover a window, and
 * while the pool has no liquidity in range. Unit: 1. Source: ΔL as in Adams et al., "Uniswap v3 Core" (2021),
 * section 6.3; depth within ±2 % as exchanges' market-depth tables report it.
 */
export function netLiquidityFlow(options: {
  readonly windowMs: number
  readonly bandTicks?: number
}): FeatureDefinition {
  const { windowMs, bandTicks = DEFAULT_BAND_TICKS } = options
  const window = durationName(windowMs)
  if (!Number.isSafeInteger(bandTicks) || bandTicks < 1)
    throw new InvalidInputError(`A liquidity band of ${bandTicks} ticks is not possible.`, {
      facts: { bandTicks },
      hint: 'Pass a whole number of at least 1.',
    })
  return defineFeature({
    name: `net_liquidity_flow_${bandTicks}_${window}`,
    version: 1,
    unit: '1',
    description: `Liquidity minted less burned within ${bandTicks} ticks in the last ${window}, relative to what is in range`,
    inputs: ['swap', 'liquidity'],
    params: { windowMs, bandTicks },
    dependsOn: (inputs, nowMs) => usedBy(inputs, nowMs - windowMs),
    init: (): LiquidityFlow => ({ flow: new WindowSum(windowMs), tick: null, liquidity: 0 }),
    update(state, { knownAt, value }) {
      if (value.type === 'swap') {
        state.flow.start(knownAt)
        state.tick = value.tick
        state.liquidity = Number(value.liquidity)
      } else if (state.tick !== null) {
        const low = Math.max(value.tickLower, state.tick - bandTicks)
        const high = Math.min(value.tickUpper, state.tick + bandTicks)
        if (low < high)
          state.flow.add(knownAt, (Number(value.liquidityDelta) * (high - low)) / (2 * bandTicks))
      }
    },
    value({ flow, liquidity }, nowMs) {
      const net = flow.sumAt(nowMs)
      return net === null || liquidity <= 0 ? null : net / liquidity
    },
  })
}

/**
 * Of swaps and liquidity events, those that the flow since a time depends on: the liquidity events, the swap
 * before each, whose tick it was judged by, the last swap, and the one that shows that the window is covered.
 */
function usedBy(inputs: readonly MarketEvent[], sinceMs: number): readonly MarketEvent[] {
  const used = new Set<MarketEvent>()
  let swap: MarketEvent | null = null
  let covering: MarketEvent | null = null
  for (const event of inputs) {
    if (event.value.type === 'swap') {
      swap = event
      if (event.knownAt <= sinceMs || covering === null) covering = event
    } else if (swap !== null && event.knownAt > sinceMs) {
      used.add(swap)
      used.add(event)
    }
  }
  if (swap !== null) used.add(swap)
  if (covering !== null) used.add(covering)
  return inputs.filter(event => used.has(event))
}
