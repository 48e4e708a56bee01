import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startAnvil } from '../cli/startAnvil.ts'
import type { BenchmarkResult } from './benchmark.ts'
import { connectLocalChain } from './log/localChain.ts'
import { measureEas } from './log/measureEas.ts'
import { measureLog, RELAYED_DECISIONS } from './log/measureLog.ts'

const TOGETHER = 100

/**
 * Gas of anchoring a decision, beside an attestation of the Ethereum Attestation Service that holds the same leaf, on
 * one local chain under the rules of Prague. Transactions count whole; every account's slots have been written before.
 */
export async function log(): Promise<BenchmarkResult[]> {
  await install()
  const anvil = await startAnvil()
  try {
    const chain = connectLocalChain(anvil.url)
    const ours = await measureLog(chain)
    const eas = await measureEas(chain, join(package_, 'artifacts'), TOGETHER)
    const peers = { 'EAS attest': eas.attest, [`EAS multiAttest(${TOGETHER})`]: eas.multiAttest / TOGETHER }
    const row = (name: string, gas: number | undefined, decisions: number, limit: number | null) => ({
      name: `log: ${name}`,
      unit: 'gas a decision',
      ours: (gas ?? Number.NaN) / decisions,
      peers,
      limit,
      notes: [`${gas} gas the transaction`],
    })
    return [
      row('root only, 1,000 decisions', ours.rootOnly[1_000], 1_000, 40),
      row('root only, one decision', ours.rootOnly[1], 1, 36_000),
      row('leaves, one decision', ours.leaves[1], 1, null),
      row('leaves, 10 decisions', ours.leaves[10], 10, 4_500),
      row('leaves, 100 decisions', ours.leaves[100], 100, null),
      row('leaves, 1,000 decisions', ours.leaves[1_000], 1_000, 1_400),
      ...[1, 10, 100].flatMap(agents => [
        row(
          `relayed, ${agents} agents of ${RELAYED_DECISIONS} decisions, leaves`,
          ours.relayedLeaves[agents],
          agents * RELAYED_DECISIONS,
          null,
        ),
        row(
          `relayed, ${agents} agents of ${RELAYED_DECISIONS} decisions, root only`,
          ours.relayedRoots[agents],
          agents * RELAYED_DECISIONS,
          null,
        ),
      ]),
      row("root only, an agent's first batch, 10 decisions", ours.first, 10, null),
      row('root only, after an epoch, 10 decisions', ours.afterEpoch, 10, null),
    ]
  } finally {
    await anvil.stop()
  }
}

const directory = join(import.meta.dirname, 'log')
const package_ = join(directory, 'node_modules/@ethereum-attestation-service/eas-contracts')

/** Takes the published artifacts; what their package depends on to be compiled is installed and not run. */
async function install(): Promise<void> {
  if (existsSync(join(package_, 'package.json'))) return
  await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: directory })
}
