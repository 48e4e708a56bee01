import { createRpcSource, ingestHistory } from 'touchstone/chain-ingest'
import { erc20InstrumentId } from 'touchstone/core'
import { openPostgres } from 'touchstone/feature-store'

// One ingest in a process of its own, of the built package, as users run it. Prints its time and memory as JSON.
// node bench/ingestProcess.js RPC_URL CHAIN_ID TOKEN DATABASE_URL
const [rpcUrl = '', chainId = '', token = '', databaseUrl = ''] = process.argv.slice(2)
const instrument = {
  id: erc20InstrumentId(Number(chainId), token),
  kind: 'spot',
  symbol: 'BENCH',
  decimals: 18,
  quote: 'USD',
}
const store = await openPostgres({ url: databaseUrl })
const source = await createRpcSource({ url: rpcUrl })
const from = performance.now()
const { observations } = await ingestHistory({
  source,
  store: store.observations,
  contracts: [{ kind: 'erc20', address: token, instrument }],
})
const seconds = (performance.now() - from) / 1_000
const stored = await store.observations.count([instrument.id])
await source.close()
await store.close()
const memoryMb = Math.round(process.resourceUsage().maxRSS / 1_024)
console.log(JSON.stringify({ seconds, observations, stored, memoryMb }))
