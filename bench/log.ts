import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { mnemonicToAccount } from 'viem/accounts'
import { DEFAULT_ANVIL_MNEMONIC, startAnvil } from '../cli/startAnvil.ts'
import type { BenchmarkResult } from './benchmark.ts'
import { connectLocalChain } from './log/localChain.ts'
import { measureEas } from './log/measureEas.ts'
import { measureLog, RELAYED_DECISIONS } from './log/measureLog.ts'
import { measureVerifier, medianOf } from './log/measureVerifier.ts'

const TOGETHER = 100

/**
 * Gas of anchoring a decision, beside an attestation of the Ethereum Attestation Service that holds the same leaf, on
 * one local chain under the rules of Prague. Transactions count whole; every account's slots have been written before.
 * Then the gas of running sealed models, which has no peer.
 */
export async function log(): Promise<BenchmarkResult[]> {
  await install()
  const anvil = await startAnvil()
  try {
    const chain = connectLocalChain(anvil.url)
    const ours = await measureLog(chain)
    const eas = await measureEas(chain, join(package_, 'artifacts'), TOGETHER)
    const verifier = await measureVerifier({
      rpcUrl: anvil.url,
      account: mnemonicToAccount(DEFAULT_ANVIL_MNEMONIC),
    })
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
      ...modelRows('run a network of 32-16-8-1', verifier.network, 50_000),
      ...modelRows('run the same, all inputs between steps', verifier.betweenSteps, null),
      ...modelRows('run the same, also beyond four deviations', verifier.farBetweenSteps, null),
      ...modelRows('run 100 trees of depth 6', verifier.trees, 200_000),
    ]
  } finally {
    await anvil.stop()
  }
}

/** Median and worst of transactions that run a model. */
function modelRows(name: string, gas: readonly number[], limit: number | null): BenchmarkResult[] {
  const notes = [`of ${gas.length} vectors`]
  return (
    [
      ['median', medianOf(gas)],
      ['worst', gas.at(-1) ?? Number.NaN],
    ] as const
  ).map(([which, ours]) => ({
    name: `log: ${name}, ${which}`,
    unit: 'gas a transaction',
    ours,
    peers: {},
    limit,
    notes,
  }))
}

const directory = join(import.meta.dirname, 'log')
const package_ = join(directory, 'node_modules/@ethereum-attestation-service/eas-contracts')

/** Takes the published artifacts; what their package depends on to be compiled is installed and not run. */
async function install(): Promise<void> {
  if (existsSync(join(package_, 'package.json'))) return
  await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: directory })
}
