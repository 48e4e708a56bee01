import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type AbiEvent, toEventHash } from 'viem'
import { describe, expect, test } from 'vitest'
import * as abi from './abi/index.ts'
import { CONTRACTS_FOLDER, findForge, runForge, SNAPSHOT_ARGUMENTS } from './script/forge.ts'

const NO_FORGE = `no forge for ${process.platform}-${process.arch}: install Foundry from https://getfoundry.sh`

describe('contracts', () => {
  const forge = findForge()
  if (forge === undefined) console.warn(`Skipped the contracts' own tests: ${NO_FORGE}`)

  // A cold compiler takes about 10 s on an idle machine, the calls of the invariants about 25 s.
  test.skipIf(forge === undefined)(
    'are what abi/ was generated from, pass their tests, and cost the recorded gas',
    async () => {
      await promisify(execFile)(process.execPath, [
        ...['--import', 'tsx', join(CONTRACTS_FOLDER, 'script', 'build.ts'), '--check'],
      ])

      const tests = await runForge(['test'])
      expect(tests.status, tests.output).toBe(0)
      const [, passed = '0', failed, skipped] =
        /(\d+) tests passed, (\d+) failed, (\d+) skipped/.exec(tests.output) ?? []
      expect(Number(passed)).toBeGreaterThan(120)
      expect([failed, skipped]).toEqual(['0', '0'])

      expect(existsSync(join(CONTRACTS_FOLDER, '.gas-snapshot'))).toBe(true)
      const gas = await runForge([...SNAPSHOT_ARGUMENTS, '--check'])
      expect(gas.status, gas.output).toBe(0)
    },
    480_000,
  )

  test('emit the events that the markets they stand for emit', () => {
    // Topics of deployed contracts: ERC-7540, Nest.
    expect(topicOf(abi.treasuryBillVaultAbi, 'RedeemRequest')).toBe(
      '0x1fdc681a13d8c5da54e301c7ce6542dcde4581e4725043fdab2db12ddc574506',
    )
    expect(topicOf(abi.treasuryBillVaultAbi, 'RedeemFulfilled')).toBe(
      '0xfaa234a1781dd0ca647cada24c6572fd2621b67d67cf142c7c927fe008ed20fd',
    )
    expect(topicOf(abi.treasuryBillVaultAbi, 'ExchangeRateUpdated')).toBe(
      '0xa95bc6aba40bbc4d95fc35f118c4cd8b53fc5d5b89ed264002af03503a7a9439',
    )
  })

  test('need no assembly, but for running models, where every block says that it keeps to its memory', () => {
    const sources = readdirSync(join(CONTRACTS_FOLDER, 'src'), { recursive: true, encoding: 'utf8' }).filter(
      file => file.endsWith('.sol'),
    )
    expect(sources.length).toBeGreaterThan(5)
    for (const file of sources) {
      const text = readFileSync(join(CONTRACTS_FOLDER, 'src', file), 'utf8')
      const blocks = text.match(/^ *assembly\b.*$/gm) ?? []
      const allowed = file.startsWith(join('models', '')) ? 'assembly ("memory-safe") {' : undefined
      expect(
        blocks.filter(block => block.trim() !== allowed),
        file,
      ).toEqual([])
    }
  })
})

function topicOf(contract: readonly { type: string; name?: string }[], name: string): string {
  const event = contract.find((item): item is AbiEvent => item.type === 'event' && item.name === name)
  return toEventHash(event!)
}
