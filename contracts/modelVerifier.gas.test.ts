import { mnemonicToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { measureVerifier, medianOf, type VerifierGas } from '../bench/log/measureVerifier.ts'
import { type Anvil, DEFAULT_ANVIL_MNEMONIC, startAnvil } from '../cli/startAnvil.ts'

let anvil: Anvil
let gas: VerifierGas

beforeAll(async () => {
  anvil = await startAnvil()
  gas = await measureVerifier({ rpcUrl: anvil.url, account: mnemonicToAccount(DEFAULT_ANVIL_MNEMONIC) })
  for (const [name, figures] of Object.entries(gas))
    console.log(`${name}: median ${medianOf(figures)}, worst ${figures.at(-1)} of ${figures.length}`)
}, 120_000)

afterAll(() => anvil?.stop())

describe('a transaction that runs a model, all in', () => {
  test('costs less than 50,000 gas for a network of 32-16-8-1, whichever of 10,000 vectors it is', () => {
    expect(gas.network.length).toBe(10_000)
    expect(medianOf(gas.network)).toBeLessThan(45_000)
    expect(gas.network.at(-1)).toBeLessThan(47_000)
  })

  test('costs less than 400 gas more for each input halfway between two integers, and 500 far off', () => {
    // All of the 32 are: without that they would be among the others.
    expect(gas.betweenSteps[0]).toBeGreaterThan(50_000)
    expect(gas.betweenSteps.at(-1)).toBeLessThan(45_000 + 32 * 400)
    expect(gas.farBetweenSteps.at(-1)).toBeLessThan(45_000 + 32 * 500)
  })

  test('costs less than 200,000 gas for 100 complete trees of depth 6, with all edges that there may be', () => {
    expect(gas.trees.at(-1)).toBeLessThan(200_000)
  })
})
