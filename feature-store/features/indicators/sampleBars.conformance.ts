import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import {
  type BarValue,
  HOUR_MS,
  type MarketEvent,
  parseInstant,
  priceE8,
  seededRandom,
  unixMs,
} from '../../../core/index.ts'
import type { FeatureDefinition } from '../defineFeature.ts'
import { event, GOLD } from '../sampleEvents.conformance.ts'
import { type BarPrices, barPrices } from './barPrices.ts'

export type SampleBar = MarketEvent<BarValue>

/**
 * Prices about 200,000 steps high, so that some repeat, and volumes that are nothing now and then. The same for
 * one seed.
 */
export function randomBars(seed: number, count: number, stepE8 = 1_000_000): SampleBar[] {
  const random = seededRandom(seed)
  let price = 200_000
  return Array.from({ length: count }, (_, index) => {
    const change = () => Math.round((random() - 0.5) * 300)
    const open = price
    price = Math.max(1_000, price + change())
    const high = Math.max(open, price) + Math.floor(random() * 100)
    const low = Math.min(open, price) - Math.floor(random() * 100)
    const spread = 2 * Math.floor(random() * 20)
    const volumeE8 = random() < 0.05 ? 0n : randomVolume(random)
    return bar(index * HOUR_MS, [open, high, low, price], { spread, stepE8, volumeE8 })
  })
}

function bar(
  openMs: number,
  steps: readonly number[],
  { spread, stepE8, volumeE8 }: { spread: number; stepE8: number; volumeE8: bigint },
): SampleBar {
  const side = (offset: number) => {
    const [open = 0, high = 0, low = 0, close = 0] = steps.map(price => price + offset)
    const at = (price: number) => priceE8(BigInt(price * stepE8))
    return { open: at(open), high: at(high), low: at(low), close: at(close) }
  }
  const closeMs = openMs + HOUR_MS
  return event(
    closeMs,
    { type: 'bar', closeMs: unixMs(closeMs), bid: side(-spread / 2), ask: side(spread / 2), volumeE8 },
    { validAt: openMs },
  )
}

const randomVolume = (random: () => number): bigint => BigInt(Math.floor(random() * 1e12))

const RECORDED = join(
  resolve(process.env['TOUCHSTONE_DATA'] ?? '../shared/data'),
  'xauusd/xauusd-hourly-2006-2016.csv',
)

/** Ten years of hourly gold quotes, with volumes of chance since they have none; null where they are absent. */
export function recordedGoldBars(): SampleBar[] | null {
  if (!existsSync(RECORDED)) return null
  const random = seededRandom(20_060_320)
  const [, ...lines] = readFileSync(RECORDED, 'utf8').trim().split('\n')
  return lines.map(line => {
    const [time = '', ...prices] = line.split(',')
    const [bid, ask] = [prices.slice(0, 4), prices.slice(4, 8)].map(side => {
      const [open, high, low, close] = side.map(price => priceE8(BigInt(Math.round(Number(price) * 1e8))))
      return {
        open: open ?? priceE8(1n),
        high: high ?? priceE8(1n),
        low: low ?? priceE8(1n),
        close: close ?? priceE8(1n),
      }
    })
    if (bid === undefined || ask === undefined) throw new Error(`not a bar: ${line}`)
    const openMs = parseInstant(time)
    const closeMs = openMs + HOUR_MS
    return event(
      closeMs,
      { type: 'bar', closeMs: unixMs(closeMs), bid, ask, volumeE8: randomVolume(random) },
      { validAt: openMs },
    )
  })
}

/** The value of an indicator after each bar, as a double; null where there is none. */
export function valuesOf(feature: FeatureDefinition, bars: readonly SampleBar[]): (number | null)[] {
  const context = { instrument: GOLD }
  const state = feature.init(context)
  return bars.map(each => {
    feature.update(state, each, context)
    const value = feature.value(state, each.knownAt)
    return Number.isNaN(value) ? null : value
  })
}

/** Columns of bars as TA-Lib takes them. */
export function columnsOf(bars: readonly SampleBar[]) {
  const prices: BarPrices[] = bars.map(each => ({ ...barPrices(each) }))
  return {
    high: prices.map(({ high }) => high),
    low: prices.map(({ low }) => low),
    close: prices.map(({ close }) => close),
    volume: prices.map(({ volumeE8 }) => Number(volumeE8) / 1e8),
  }
}
