import {
  type AgentId,
  cashE8,
  type Decision,
  type DecisionOutput,
  type DecisionRecord,
  type Hash,
  instrumentId,
  type OrderTerms,
  ppm,
  priceE8,
  quantity,
  unixMs,
} from '../../core/index.ts'

/** Keys of anvil's first accounts, which hold funds. */
export const KEYS = [
  '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
  '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
  '0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a',
] as const

export const hashOf = (digit: string): Hash => `0x${digit.repeat(64)}`

/** One output of every kind. */
export const OUTPUTS: readonly DecisionOutput[] = [
  {
    kind: 'signal',
    direction: -1,
    strength: ppm(0.25),
    confidence: ppm(0.61),
    horizonMs: 3_600_000,
    prediction: { score: 467_001, probabilityUp: ppm(0.61) },
  },
  {
    kind: 'order',
    terms: { kind: 'market', side: 'buy', size: { units: quantity(5n * 10n ** 18n) } },
    referencePriceE8: priceE8(3_350_12345678n),
  },
  {
    kind: 'fill',
    order: 1,
    cause: 'order',
    side: 'sell',
    outcome: 'filled',
    reason: null,
    quantity: quantity(7n),
    priceE8: priceE8(3_350_00000000n),
    feeE8: cashE8(-12n),
    pricedBy: { source: 'eip155:1', block: 23_000_000, logIndex: 7 },
  },
  { kind: 'halt', reason: 'dailyLoss', limit: -500_00000000n, observed: -512_00000000n },
  { kind: 'modelChange', cause: 'promoted', from: hashOf('0'), to: hashOf('d') },
  { kind: 'cancel', order: 1 },
  { kind: 'settlement', order: 1, quantity: quantity(10n ** 18n), cashE8: cashE8(0n) },
  { kind: 'adjustment', reason: 'distribution', quantity: 0n, cashE8: cashE8(12_30000000n) },
  {
    kind: 'outcome',
    signal: 0,
    entryPriceE8: priceE8(3_350_00000000n),
    entryPricedBy: { source: 'oanda:XAUUSD', block: 999, logIndex: 0 },
    exitPriceE8: priceE8(3_351_50000000n),
    exitPricedBy: { source: 'eip155:1', block: 23_000_000, logIndex: 7 },
  },
  {
    kind: 'valuation',
    asOfMs: unixMs(1_700_006_400_000),
    cashE8: cashE8(-3_000_00000000n),
    equityE8: cashE8(350_00000000n),
    positions: [
      {
        instrument: instrumentId('oanda:XAUUSD'),
        decimals: 18,
        quantity: quantity(10n ** 18n),
        priceE8: priceE8(3_350_00000000n),
        pricedBy: { source: 'oanda:XAUUSD', block: 999, logIndex: 0 },
      },
      {
        instrument: instrumentId('kraken:XAUT/USD'),
        decimals: 6,
        quantity: quantity(0n),
        priceE8: priceE8(3_349_00000000n),
        pricedBy: { source: 'kraken:XAUT/USD', block: 4, logIndex: 0 },
      },
    ],
  },
]

/** Terms of every kind, which together have every field. */
export const TERMS: readonly OrderTerms[] = [
  {
    kind: 'market',
    side: 'buy',
    size: { equityPpm: ppm(1.5) },
    exclusive: true,
    bracket: { stopLoss: { trailPpm: ppm(0.02) }, takeProfitE8: priceE8(3_500_00000000n) },
  },
  {
    kind: 'limit',
    limitE8: priceE8(3_340_00000000n),
    side: 'buy',
    size: { cashE8: cashE8(1_000_00000000n) },
    goodTillMs: unixMs(1_700_000_000_000),
    bracket: { stopLoss: { stopE8: priceE8(3_300_00000000n) } },
  },
  {
    kind: 'stop',
    stopE8: priceE8(3_300_00000000n),
    side: 'sell',
    size: { units: quantity(25n * 10n ** 17n) },
    lot: 3,
  },
  {
    kind: 'stopLimit',
    stopE8: priceE8(3_300_00000000n),
    limitE8: priceE8(3_295_00000000n),
    side: 'sell',
    size: { units: quantity(10n ** 18n) },
    reduceOnly: true,
    exclusive: false,
  },
  {
    kind: 'trailingStop',
    trailE8: priceE8(15_00000000n),
    side: 'sell',
    size: { units: quantity(1n) },
    bracket: { stopLoss: { trailE8: priceE8(40_00000000n) } },
  },
  { kind: 'trailingStop', trailPpm: ppm(0.015), side: 'buy', size: { units: quantity(1n) } },
  { kind: 'subscribe', amountE8: cashE8(1_000_00000000n) },
  { kind: 'redeem', shares: quantity(500n * 10n ** 18n), instantly: true },
]

/** After so many sample decisions the kinds begin again: every eighth is a signal. */
const CYCLE = 8

/** A decision that looks like an agent's; its numbers vary with the sequence. */
export function sampleDecision(agent: AgentId, sequence: number, output?: DecisionOutput): Decision {
  return {
    agent,
    sequence,
    instrument: instrumentId('oanda:XAUUSD'),
    timeMs: unixMs(1_700_000_000_000 + sequence * 3_600_000),
    observed: { source: 'oanda:XAUUSD', block: 1_000 + sequence, logIndex: 0 },
    featureSet: hashOf('a'),
    features: `0x3f8000007fc00000${sequence.toString(16).padStart(8, '0')}`,
    model: hashOf('b'),
    strategy: hashOf('c'),
    output: output ?? OUTPUTS[sequence % CYCLE] ?? missing(),
    attributions: [
      { feature: 'return-1h@1', effect: 12_345 },
      { feature: 'volatility-1d@1', effect: -sequence - 1 },
    ],
  }
}

export function sampleRecord(agent: AgentId, sequence = 0, output?: DecisionOutput): DecisionRecord {
  return {
    ...sampleDecision(agent, sequence, output),
    dataRoot: hashOf('e'),
    revealAtMs: unixMs(1_700_086_400_000 + sequence),
    salt: hashOf('f'),
  }
}

function missing(): never {
  throw new Error('no sample output')
}
