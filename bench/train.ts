import type { BenchmarkResult } from './benchmark.ts'
import { trainNetworksBench } from './train/networks.ts'
import { trainTreesBench } from './train/trees.ts'

/** Training of networks and trees on the CPU, beside their peers. */
export async function train(): Promise<BenchmarkResult[]> {
  return [...(await trainNetworksBench()), ...[await trainTreesBench()].flat()]
}
