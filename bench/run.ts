import type { BenchmarkResult } from './benchmark.ts'

// npm run bench -- NAME [--json]: measures this project beside its peers, in one run, on one machine. Each is loaded
// when it is run: the memory that one takes is not counted with another's libraries.
const BENCHMARKS: Readonly<Record<string, () => Promise<BenchmarkResult | BenchmarkResult[]>>> = {
  backtest: async () => (await import('./backtest.ts')).backtest(),
  decode: async () => (await import('./decode.ts')).decode(),
  features: async () => (await import('./features.ts')).features(),
  infer: async () => (await import('./infer.ts')).infer(),
  ingest: async () => (await import('./ingest.ts')).ingest(),
  live: async () => (await import('./live.ts')).live(),
  record: async () => (await import('./record.ts')).record(),
  log: async () => (await import('./log.ts')).log(),
  'train-gpu': async () => (await import('./trainGpu.ts')).trainGpu(),
  train: async () => (await import('./train.ts')).train(),
}

const names = process.argv.slice(2).filter(word => !word.startsWith('--'))
const unknown = names.find(name => BENCHMARKS[name] === undefined)
if (names.length === 0 || unknown !== undefined) {
  console.error(`usage: npm run bench -- NAME… [--json], NAME one of ${Object.keys(BENCHMARKS).join(', ')}`)
  process.exit(2)
}
for (const name of names)
  for (const result of [(await BENCHMARKS[name]?.()) ?? []].flat()) {
    const memoryMb = result.memoryMb ?? Math.round(process.memoryUsage().rss / 2 ** 20)
    const ratios = Object.fromEntries(
      Object.entries(result.peers).map(([peer, value]) => [peer, result.ours / value]),
    )
    if (process.argv.includes('--json')) {
      console.log(JSON.stringify({ ...result, ratios, memoryMb }))
      continue
    }
    const { unit, ours, peers, limit } = result
    console.log(
      `${result.name}: touchstone ${ours.toFixed(1)} ${unit}${limit === null ? '' : ` (target ${limit.toFixed(1)})`}, ${memoryMb} MB`,
    )
    for (const [peer, value] of Object.entries(peers))
      console.log(`  ${peer} ${value.toFixed(1)} ${unit}, ratio ${(ours / value).toFixed(3)}`)
    for (const note of result.notes ?? []) console.log(`  ${note}`)
  }
