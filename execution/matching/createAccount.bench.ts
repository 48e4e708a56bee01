// What an account costs per bar, in nanoseconds: `npx tsx execution/matching/account.bench.ts`.
import { cashE8, PPM, type Ppm, priceE8, quantity, seededRandom, type UnixMs } from '../../core/index.ts'
import { type Account, type AccountSink, createAccount, emptyBarColumns, rateFee } from './index.ts'

const BARS = 1_000_000
const bars = emptyBarColumns(BARS)
const random = seededRandom(1)
let close = 100e8
for (let row = 0; row < BARS; row++) {
  const open = close
  close = Math.max(1e8, Math.round(open * (1 + (random() - 0.5) / 500)))
  bars.openMs[row] = row * 60_000
  bars.closeMs[row] = (row + 1) * 60_000
  bars.bidOpenE8[row] = bars.askOpenE8[row] = open
  bars.bidCloseE8[row] = bars.askCloseE8[row] = close
  bars.bidHighE8[row] = bars.askHighE8[row] = Math.max(open, close) + 1e6
  bars.bidLowE8[row] = bars.askLowE8[row] = Math.min(open, close) - 1e6
}

let fills = 0
const sink: AccountSink = {
  filled() {
    fills++
  },
  lotClosed() {},
  cancelled() {},
  expired() {},
  rejected() {},
  liquidated() {},
  accountClosed() {},
}

const terms = {
  decimals: 8,
  sizeStep: quantity(1n),
  minimumSize: quantity(0n),
  initialMarginPpm: PPM,
  maintenanceMarginPpm: 1 as Ppm,
}
const open = (instruments = 1) =>
  createAccount({
    instruments: Array.from({ length: instruments }, () => terms),
    cashE8: cashE8(1_000_000_00000000n),
    mode: 'netting',
    models: { fees: rateFee({ takerPpm: 1_000 as Ppm }) },
    sink,
  })

const buy = { instrument: 0, side: 'buy', size: { units: quantity(100_000_000n) } } as const
const sell = { ...buy, side: 'sell' } as const
const buyMarket = { ...buy, kind: 'market' } as const
const sellMarket = { ...sell, kind: 'market' } as const
const half = { kind: 'market', size: { equityPpm: 500_000 as Ppm }, exclusive: true } as const
const goLong = { ...buy, ...half } as const
const goShort = { ...sell, ...half } as const
const at = (row: number) => ((row + 1) * 60_000) as UnixMs
const loop = (account: Account) => {
  for (let row = 0; row < BARS; row++) account.onBar(0, bars, row)
}

const runs: Record<string, () => void> = {
  'a bare loop that compares the same five columns': () => {
    let touched = 0
    for (let row = 0; row < BARS; row++) {
      const low = bars.askLowE8[row] as number
      const high = bars.askHighE8[row] as number
      if (low <= 1_00000 || (bars.bidLowE8[row] as number) <= 0) touched++
      if ((bars.bidHighE8[row] as number) >= 1e16 || high >= 1e16) touched++
      if ((bars.closeMs[row] as number) >= 1e15) touched++
    }
    fills = touched
  },
  'no order': () => loop(open()),
  'one limit that rests': () => {
    const account = open()
    account.submit({ ...buy, kind: 'limit', limitE8: priceE8(1_00000n) }, 0 as UnixMs)
    loop(account)
  },
  'one position': () => {
    const account = open()
    account.submit({ ...buy, kind: 'market' }, 0 as UnixMs)
    loop(account)
  },
  'one position and its bracket': () => {
    const account = open()
    const bracket = { stopLoss: { stopE8: priceE8(1n) }, takeProfitE8: priceE8(10n ** 15n) }
    account.submit({ ...buy, kind: 'market', bracket }, 0 as UnixMs)
    loop(account)
  },
  'positions in two instruments': () => {
    const account = open(2)
    account.submit({ ...buy, kind: 'market' }, 0 as UnixMs)
    account.submit({ ...buy, kind: 'market', instrument: 1 }, 0 as UnixMs)
    account.onBar(1, bars, 0)
    loop(account)
  },
  'a trailing stop that ratchets': () => {
    const account = open()
    account.submit({ ...buy, kind: 'market' }, 0 as UnixMs)
    account.onBar(0, bars, 0)
    account.submit({ ...sell, kind: 'trailingStop', trailE8: priceE8(10n ** 13n) }, 60_000 as UnixMs)
    loop(account)
  },
  'a round trip each 20 bars, in units': () => {
    const account = open()
    for (let row = 0; row < BARS; row++) {
      account.onBar(0, bars, row)
      if (row % 20 === 0) account.submit(buyMarket, at(row))
      else if (row % 20 === 10) account.submit(sellMarket, at(row))
    }
  },
  'a reversal each 20 bars, exclusive, by equity': () => {
    const account = open()
    for (let row = 0; row < BARS; row++) {
      account.onBar(0, bars, row)
      if (row % 20 === 0) account.submit(row % 40 === 0 ? goLong : goShort, at(row))
    }
  },
}

for (const [name, run] of Object.entries(runs)) {
  const times: number[] = []
  for (let round = 0; round < 5; round++) {
    fills = 0
    const start = process.hrtime.bigint()
    run()
    times.push(Number(process.hrtime.bigint() - start) / BARS)
  }
  const best = Math.min(...times)
  process.stdout.write(`${name.padEnd(48)} ${best.toFixed(1).padStart(8)} ns per bar, ${fills} fills\n`)
}
