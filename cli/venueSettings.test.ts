import { expect, test } from 'vitest'
import { agentDefinitionHash } from '../agents/index.ts'
import { E8, instrumentId } from '../core/index.ts'
import { loadAgent } from './agentCatalogue.ts'
import { withSettings } from './agentSettings.ts'
import type { AgentConfig } from './projectSchema.ts'

const config = (settings: AgentConfig['settings'] = {}): AgentConfig => ({
  name: 'trend',
  definition: 'gold-trend',
  instrument: { id: instrumentId('test:WETH'), kind: 'spot', symbol: 'WETH', decimals: 18, quote: 'USD' },
  observes: [],
  settings,
})
const POOL = { 'venue.poolFeePpm': 500, 'venue.poolBaseIsToken0': false, 'venue.poolQuoteDecimals': 6 }
const GAS = { 'venue.gasUnits': 150_000, 'venue.gasPriceGwei': 20.5 }

test('an agent’s venue is as its settings say, and its definition says so', async () => {
  const plain = await loadAgent(config())
  const set = await withSettings(config(), [
    'venue.feePpm=0',
    ...Object.entries({ ...POOL, ...GAS }).map(([name, value]) => `${name}=${value}`),
    'venue.latencyBlocks=1',
    'venue.blockMs=12000',
  ])
  const chained = await loadAgent(set)
  expect(chained.venue).toEqual({
    ...plain.venue,
    feePpm: 0,
    pools: [
      {
        instrument: 'test:WETH',
        curve: 'uniswapV3',
        feePpm: 500,
        baseIsToken0: false,
        quoteDecimals: 6,
      },
    ],
    // Gas is paid in what is traded, unless another price is named.
    gas: { units: 150_000n, gasPrice: { wei: 20_500_000_000n }, coinPrice: { priceOf: 'test:WETH' } },
    latencyBlocks: { blocks: 1, periodMs: 12_000 },
  })
  expect(agentDefinitionHash(chained)).not.toBe(agentDefinitionHash(plain))
  expect({ ...chained, venue: plain.venue }).toMatchObject({ name: 'gold-trend', observes: [] })
})

test('what prices gas and coin is observed', async () => {
  const { venue, observes } = await loadAgent(
    config({
      'venue.gasUnits': 1,
      'venue.gasPriceOf': 'file:GAS',
      'venue.coinPriceOf': 'file:ETH',
    }),
  )
  expect(observes).toEqual(['file:GAS', 'file:ETH'])
  expect(venue.gas).toMatchObject({ gasPrice: { gweiOf: 'file:GAS' }, coinPrice: { priceOf: 'file:ETH' } })
  const priced = await loadAgent(config({ ...GAS, 'venue.coinPrice': 2500 }))
  expect(priced.venue.gas?.coinPrice).toEqual({ priceE8: 2_500n * E8 })
})

test.each<[string, AgentConfig['settings'], string]>([
  ['an unknown setting', { 'venue.fee': 1 }, 'The setting "venue.fee" is 1.'],
  [
    'a pool without its quote token',
    { 'venue.poolFeePpm': 500, 'venue.poolBaseIsToken0': true },
    'The setting "venue.poolQuoteDecimals" is missing beside the others of its kind.',
  ],
  [
    'a pool without its order',
    { ...POOL, 'venue.poolBaseIsToken0': 'yes' },
    'The setting "venue.poolBaseIsToken0" is yes.',
  ],
  ['another curve', { ...POOL, 'venue.poolCurve': 'flat' }, 'The setting "venue.poolCurve" is flat.'],
  [
    'blocks without a period',
    { 'venue.latencyBlocks': 1 },
    'The setting "venue.blockMs" is missing beside the others of its kind.',
  ],
  [
    'gas without a price',
    { 'venue.gasUnits': 1 },
    'The setting "venue.gasPriceGwei" is missing beside the others of its kind.',
  ],
  ['half a unit of gas', { ...GAS, 'venue.gasUnits': 0.5 }, 'The setting "venue.gasUnits" is 0.5.'],
  ['what the venue refuses', { 'venue.feePpm': -1 }, 'Agent "gold-trend" has venue.feePpm -1.'],
])('refuses %s', async (_, settings, message) => {
  await expect(loadAgent(config(settings))).rejects.toThrow(message)
})
