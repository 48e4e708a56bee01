import { defineConfig } from 'touchstone/config'

// What this project reads and trades. `touchstone ingest` reads every source into the store; every field is
// described in docs/config.md of touchstone.
export default defineConfig({
  files: {
    // Simulated, so that the project runs at once and without a network. Put your own bars in its place.
    gold: {
      kind: 'bars',
      file: 'data/simulated-gold.csv',
      instrument: { id: 'simulated:XAUUSD', symbol: 'XAUUSD' },
    },
  },
  agents: {
    trend: { definition: 'agents/trend.ts', instrument: 'XAUUSD', settings: { capital: 100_000 } },
  },

  // Treasury bills on Plume (`import { defineConfig, env, plume } from 'touchstone/config'`). A kind and an
  // address are enough: decimals and symbols are asked of the chain. Start near the blocks that you need.
  //
  // chains: {
  //   plume: {
  //     ...plume.chain,
  //     rpc: [`https://plume.example.com/v2/${env('PLUME_KEY')}`, 'https://rpc.plume.org'],
  //     fromBlock: 46_000_000,
  //     contracts: [plume.nTBILL.accountant, plume.nTBILL.vault, plume.nTBILL.share],
  //   },
  // },
  //
  // A market of an exchange, by its ids in ccxt.
  //
  // exchanges: {
  //   paxg: { exchange: 'binance', symbol: 'PAXG/USDT', timeframe: '1m', since: '2026-01-01' },
  // },
})
