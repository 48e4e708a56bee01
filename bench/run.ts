import type { BenchmarkResult } from './benchmark.ts'
import { decode } from './decode.ts'
import { inference } from './inference.ts'
import { ingest } from './ingest.ts'
import { live } from './live.ts'

// npm run bench -- NAME [--json]: measures this project beside its peers, in one run, on one machine.
const BENCHMARKS: Readonly<Record<string, () => Promise<BenchmarkResult>>> = {
  decode,
  inference,
  ingest,
  live,
}

const names = process.argv.slice(2).filter(word => !word.startsWith('--'))
const unknown = names.find(name => BENCHMARKS[name] === undefined)
if (names.length === 0 || unknown !== undefined) {
  console.error(`usage: npm run bench -- NAME… [--json], NAME one of ${Object.keys(BENCHMARKS).join(', ')}`)
  process.exit(2)
}
for (const name of names) {
  const result = await BENCHMARKS[name]?.()
  if (result === undefined) continue
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
    `${name}: touchstone ${ours.toFixed(1)} ${unit}${limit === null ? '' : ` (target ${limit.toFixed(1)})`}, ${memoryMb} MB`,
  )
  for (const [peer, value] of Object.entries(peers))
    console.log(`  ${peer} ${value.toFixed(1)} ${unit}, ratio ${(ours / value).toFixed(3)}`)
}
