import { describe, expect, test } from 'vitest'
import { cashE8, PPM, type Ppm, quantity, type UnixMs } from '../../core/index.ts'
import { type AccountSink, createAccount, rateFee } from '../../execution/matching/index.ts'
import { prepareBareLoop } from './bareLoop.ts'
import { prepareOurs } from './ours.ts'
import { apart } from './sameWork.ts'
import { dailyBars, minuteBars, type SmaBars } from './smaMarket.ts'
import { CAPITAL_E8, DECIMALS, SIZING, type SmaTask } from './smaTask.ts'

const tasks: SmaTask[] = [false, true].flatMap(reversing => [
  { bars: dailyBars(), reversing, feePpm: 2_000 as Ppm },
  { bars: minuteBars(5_000), reversing, feePpm: 10 as Ppm },
])
const named = tasks.map(
  task =>
    [`${task.bars.openMs.length} bars, ${task.reversing ? 'long and short' : 'long or flat'}`, task] as const,
)

describe.each(named)('the bare loop on %s', (_, task) => {
  test('makes the trades and the equity of an agent in the kernel', async () => {
    const ours = await prepareOurs(task)(10, 20)
    const bare = await prepareBareLoop(task, SIZING)(10, 20)
    expect(bare.trades).toBe(ours.trades)
    expect(bare.trades).toBeGreaterThan(50)
    expect(apart(ours, bare)).toBeLessThan(1e-9)
  })

  test('sized at the fill, makes those of the simulated account', async () => {
    const account = inAccount(task, 10, 20)
    const bare = await prepareBareLoop(task, 'atFill')(10, 20)
    expect(bare.trades).toBe(account.trades)
    expect(apart(account, bare)).toBeLessThan(1e-9)
  })
})

/** The same strategy with orders for a share of equity, averages summed anew at each bar. */
function inAccount({ bars, reversing, feePpm }: SmaTask, fast: number, slow: number) {
  let trades = 0
  const sink: AccountSink = {
    filled() {},
    lotClosed: () => trades++,
    cancelled() {},
    expired() {},
    rejected: (order, _timeMs, rejection) => {
      throw new Error(`order ${order} was rejected: ${rejection.reason}`)
    },
    liquidated() {},
    accountClosed() {},
  }
  const account = createAccount({
    instruments: [
      {
        decimals: DECIMALS,
        sizeStep: quantity(1n),
        minimumSize: quantity(0n),
        initialMarginPpm: PPM as Ppm,
        maintenanceMarginPpm: 1 as Ppm,
      },
    ],
    cashE8: cashE8(CAPITAL_E8),
    mode: 'netting',
    models: { fees: rateFee({ takerPpm: feePpm }) },
    sink,
  })
  const columns = accountColumns(bars)
  for (let row = 0; row < bars.openMs.length; row++) {
    account.onBar(0, columns, row)
    if (row + 1 < slow) continue
    const isAbove = meanOf(bars, row, fast) > meanOf(bars, row, slow)
    const held = account.lots(0).reduce((sum, lot) => sum + lot.quantity, 0n)
    const wanted = isAbove ? 1 : reversing ? -1 : 0
    if (wanted === (held > 0n ? 1 : held < 0n ? -1 : 0)) continue
    const order = { instrument: 0, kind: 'market', side: wanted > 0 ? 'buy' : 'sell' } as const
    account.submit(
      wanted === 0
        ? { ...order, size: { units: quantity(held) }, reduceOnly: true }
        : { ...order, size: { equityPpm: PPM as Ppm }, exclusive: true },
      (bars.closeMs[row] ?? 0) as UnixMs,
    )
  }
  return { trades, finalEquityE8: Number(account.equityE8()) }
}

const meanOf = ({ closeE8 }: SmaBars, row: number, length: number): number => {
  let sum = 0
  for (let i = row + 1 - length; i <= row; i++) sum += (closeE8[i] ?? 0) / 1e8
  return Math.fround(sum / length)
}

const accountColumns = ({ openMs, closeMs, openE8, highE8, lowE8, closeE8 }: SmaBars) => ({
  openMs,
  closeMs,
  bidOpenE8: openE8,
  bidHighE8: highE8,
  bidLowE8: lowE8,
  bidCloseE8: closeE8,
  askOpenE8: openE8,
  askHighE8: highE8,
  askLowE8: lowE8,
  askCloseE8: closeE8,
  volumeE8: null,
})
