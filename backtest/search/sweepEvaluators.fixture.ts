import { setTimeout as sleep } from 'node:timers/promises'
import type { CreateEvaluator, SweepFigures } from './index.ts'

// What the tests of sweeps evaluate, in threads.

export type Pair = { readonly fast: number; readonly slow: number }
type Settings = {
  readonly busyMs?: number
  readonly flags?: Int32Array
  readonly counts?: Int32Array
  /** Its first number is 0 for as long as every point is to wait. */
  readonly gate?: Int32Array
}

function busy(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; );
}

/** Long while the fast average of the prices is above the slow one: the return, and the number of trades. */
export const averageCross: CreateEvaluator<Pair, Settings | undefined> = ({ columns, settings }) => {
  const close = columns['close'] as Float64Array
  return ({ fast, slow }) => {
    if (settings?.counts !== undefined) Atomics.add(settings.counts, 0, 1)
    if (settings?.gate !== undefined) Atomics.wait(settings.gate, 0, 0)
    busy(settings?.busyMs ?? 0)
    return crossOf(close, fast, slow)
  }
}

export function crossOf(close: Float64Array, fast: number, slow: number): SweepFigures {
  let [fastSum, slowSum, equity, trades, squares, sum] = [0, 0, 1, 0, 0, 0]
  let isLong = false
  for (let i = 0; i < close.length; i++) {
    const price = close[i] ?? 0
    if (isLong) {
      const move = price / (close[i - 1] ?? price) - 1
      equity *= 1 + move
      sum += move
      squares += move * move
    }
    fastSum += price - (i >= fast ? (close[i - fast] ?? 0) : 0)
    slowSum += price - (i >= slow ? (close[i - slow] ?? 0) : 0)
    const wants = i >= slow && fastSum / fast > slowSum / slow
    if (wants && !isLong) trades++
    isLong = wants
  }
  const deviation = Math.sqrt(squares / close.length)
  return {
    sharpe: deviation === 0 ? null : (sum / close.length / deviation) * Math.sqrt(365),
    totalReturn: equity - 1,
    trades,
  }
}

/** Does what a number says, each time that it is asked, or the first time only. */
export const misbehaving: CreateEvaluator<{ readonly n: number }, Settings> = ({ settings }) => {
  const { flags } = settings
  return async ({ n }): Promise<SweepFigures> => {
    switch (n) {
      case 3:
        throw new RangeError('no such window')
      case 5:
        return { sharpe: Number.NaN }
      case 7:
        return { other: 1 }
      case 11:
        // Ends the thread the first time only.
        if (flags !== undefined && Atomics.exchange(flags, 0, 1) === 0) process.exit(9)
        return { sharpe: n }
      case 13:
        return process.exit(9)
      case 17:
        await sleep(20)
        return { sharpe: n }
      case 19:
        setTimeout(() => {
          throw new Error('thrown aside')
        })
        await sleep(1_000)
        return { sharpe: n }
      case 27:
        for (;;) busy(1_000)
      case 23:
        return { sharpe: null, note: 'no trade' }
      default:
        return { sharpe: n }
    }
  }
}

/** Gives no evaluator. */
export const useless = () => 5
/** Ends whatever evaluates with it. */
export const deadly = () => () => process.exit(1)
/** Fails to be made. */
export const refusing = () => {
  throw new Error('no column "close"')
}
