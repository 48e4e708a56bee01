import {
  type Address,
  type MarketEvent,
  MINUTE_MS,
  type Random,
  seededRandom,
  ZERO_ADDRESS,
} from '../../core/index.ts'
import {
  bar,
  clock,
  liquidity,
  nav,
  swap,
  transfer,
  vaultFlow,
  yieldCurve,
} from './sampleEvents.conformance.ts'

/** A stream of events of every type, in the total order, of a fixed set of holders. The same for one seed. */
export function randomStream(seed: number, length: number, meanGapMs = MINUTE_MS): MarketEvent[] {
  const random = seededRandom(seed)
  const state = { price: 100, liquidity: 1_000_000n }
  let time = 1_600_000_000_000
  return Array.from({ length }, () => {
    // A fifth of the events share the time of the one before, as logs of one block do.
    time += random() < 0.2 ? 0 : Math.floor(random() * 2 * meanGapMs)
    return randomEvent(random, time, state)
  })
}

function randomEvent(random: Random, time: number, state: { price: number; liquidity: bigint }): MarketEvent {
  const whole = (below: number) => Math.floor(random() * below)
  const holder = (): Address => `0x${String(whole(20)).padStart(40, '1')}`
  state.price *= 1 + (random() - 0.5) / 100
  switch (whole(12)) {
    case 0:
      return bar(time, state.price, state.price / 1_000, MINUTE_MS, {
        range: (random() * state.price) / 500,
        // A source that has volumes leaves one out now and then.
        ...(random() < 0.02 ? {} : { volumeE8: BigInt(whole(1e10)) }),
      })
    case 1:
      state.liquidity = BigInt(whole(2_000_000))
      return liquidity(time, BigInt(whole(2_001) - 1_000), -whole(50), whole(50))
    case 2:
      return transfer(time, holder(), holder(), whole(3) * random())
    case 3:
      return transfer(time, ZERO_ADDRESS, holder(), random() * 10)
    case 4:
      return transfer(time, holder(), ZERO_ADDRESS, random() * 5)
    case 5:
      return nav(time, state.price, Math.max(0, time - whole(3) * 86_400_000))
    case 6:
      return vaultFlow(time, random() < 0.5 ? 'deposit' : 'withdraw', BigInt(whole(1_000)))
    case 7:
      return yieldCurve(time, {
        '3M': whole(60_000),
        '2Y': whole(60_000),
        ...(random() < 0.8 ? { '10Y': whole(60_000) } : {}),
      })
    case 8:
      return clock(time)
    default:
      return swap(time, {
        price: state.price,
        // Some trades are of nothing: dust rounds to zero.
        base: random() < 0.05 ? 0 : (random() - 0.5) * 10,
        liquidity: random() < 0.02 ? 0n : state.liquidity,
        tick: whole(100) - 50,
      })
  }
}
