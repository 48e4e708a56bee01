import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectLocalChain } from '../bench/log/localChain.ts'
import { type LogGas, measureLog } from '../bench/log/measureLog.ts'
import { type Anvil, startAnvil } from '../cli/startAnvil.ts'

/** Gas of whole transactions under the rules of Prague, 21,000 for the transaction itself included. */
let anvil: Anvil
let gas: LogGas

beforeAll(async () => {
  anvil = await startAnvil()
  gas = await measureLog(connectLocalChain(anvil.url))
  console.log('gas of the log:', JSON.stringify(gas))
}, 120_000)
afterAll(() => anvil?.stop())

test('a root alone costs the same whatever it is the root of', () => {
  const costs = Object.values(gas.rootOnly)
  expect(costs).toHaveLength(3)
  for (const cost of costs) expect(cost).toBeLessThan(36_000)
  // A number of more bytes is a few bytes more of calldata.
  expect(Math.max(...costs) - Math.min(...costs)).toBeLessThan(200)
})

test('a batch with its leaves costs little more than carrying them', () => {
  expect(gas.leaves[1]).toBeLessThan(32_200)
  expect(gas.leaves[10]! / 10).toBeLessThan(4_500)
  expect(gas.leaves[100]! / 100).toBeLessThan(1_520)
  // 40 gas for each of a leaf's 32 bytes, the floor of EIP-7623: computing the root adds nothing to it.
  expect(gas.leaves[1_000]! / 1_000).toBeLessThan(32 * 40 + 25)
})

test('a relay pays less for each agent than the agent would itself', () => {
  expect(gas.relayedRoots[1]).toBeLessThan(41_000)
  expect(gas.relayedRoots[100]! / 100).toBeLessThan(19_000)
  expect(gas.relayedRoots[100]! / 100).toBeLessThan(gas.rootOnly[1]!)
  expect(gas.relayedLeaves[100]! / 100).toBeLessThan(28_000)
  expect(gas.relayedLeaves[100]! / 100).toBeLessThan(gas.leaves[10]!)
})

test('a first batch writes one slot, and an epoch adds the read of another; its start keeps three', () => {
  expect(gas.first).toBeLessThan(48_500)
  expect(gas.afterEpoch).toBeLessThan(36_000)
  // The key for commits, how the epoch began for challenges, and, as the log's first, the count of all.
  expect(gas.startEpoch).toBeLessThan(100_000)
})
