import type { FeatureDefinition } from '../defineFeature.ts'
import type { BarPrices } from './barPrices.ts'
import { assertBars, type BarRun, defineIndicator, type IndicatorOptions } from './defineIndicator.ts'
import { DirectionalMovement } from './directionalMovement.ts'
import { isTaZero } from './taZero.ts'
import { WilderMean } from './wilderMean.ts'

type Side = 'plus' | 'minus'

/** Bars of a directional indicator; 14 unless given. */
export type DirectionalOptions = { readonly length?: number } & IndicatorOptions

/**
 * +DI: 100 · Wilder's sum of the upward movements / that of the true ranges; 0 where nothing moved. Null for
 * the first `length` bars. Unit: percent. Source: Wilder, "New Concepts in Technical Trading Systems" (1978);
 * TA-Lib, `PLUS_DI`.
 */
export const plusDi = (options: DirectionalOptions = {}): FeatureDefinition =>
  directional('plus_di', 'Upward directional indicator', 'plus', options)

/** −DI: as `plusDi`, of the downward movements. Source: TA-Lib, `MINUS_DI`. */
export const minusDi = (options: DirectionalOptions = {}): FeatureDefinition =>
  directional('minus_di', 'Downward directional indicator', 'minus', options)

function directional(
  name: string,
  description: string,
  side: Side,
  options: DirectionalOptions,
): FeatureDefinition {
  const { length = 14 } = options
  assertBars('A directional indicator', length)
  return defineIndicator(
    {
      name: `${name}_${length}`,
      unit: 'percent',
      description: `${description} over ${length} bars`,
      params: { length },
      start: () => new Di(side, length),
    },
    options,
  )
}

/**
 * Average directional index: Wilder's mean of DX = 100 · |+DI − −DI| / (+DI + −DI). Null for the first
 * 2 · `length` − 1 bars; a bar where both are 0 leaves it as it was. Unit: percent. Source: Wilder, "New
 * Concepts in Technical Trading Systems" (1978); TA-Lib, `ADX`.
 */
export function adx(options: DirectionalOptions = {}): FeatureDefinition {
  const { length = 14 } = options
  assertBars('An average directional index', length)
  return defineIndicator(
    {
      name: `adx_${length}`,
      unit: 'percent',
      description: `Average directional index over ${length} bars`,
      params: { length },
      start: () => new Adx(length),
    },
    options,
  )
}

class Di implements BarRun {
  private readonly side: Side
  private readonly movement: DirectionalMovement

  constructor(side: Side, length: number) {
    this.side = side
    this.movement = new DirectionalMovement(length)
  }

  add(bar: BarPrices): number {
    if (!this.movement.add(bar)) return Number.NaN
    return this.side === 'plus' ? this.movement.plus : this.movement.minus
  }
}

class Adx implements BarRun {
  private readonly movement: DirectionalMovement
  private readonly length: number
  private readonly mean: WilderMean
  private indexes = 0
  private value = Number.NaN

  constructor(length: number) {
    this.length = length
    this.movement = new DirectionalMovement(length)
    this.mean = new WilderMean(length)
  }

  add(bar: BarPrices): number {
    if (!this.movement.add(bar)) return Number.NaN
    const { plus, minus } = this.movement
    const sum = plus + minus
    this.indexes += 1
    // In the seed a bar without movement counts as 0, as in TA-Lib, and after it not at all.
    if (!isTaZero(sum)) this.value = this.mean.add((100 * Math.abs(minus - plus)) / sum)
    else if (this.indexes <= this.length) this.value = this.mean.add(0)
    return this.value
  }
}
