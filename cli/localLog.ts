import { mnemonicToAccount } from 'viem/accounts'
import { type AgentId, InvalidInputError } from '../core/index.ts'
import { deployDecisionLog, deployRevealLog } from '../decision-log/index.ts'
import { openNodeRpc } from './localMarket/nodeRpc.ts'
import type { LogConfig } from './projectSchema.ts'
import { DEFAULT_ANVIL_MNEMONIC } from './startAnvil.ts'
import { LOCAL_URL, type Workspace } from './workspace.ts'

/** Ether that an agent gets on the project's own chain: its commits never run dry. */
const LOCAL_FUNDS_WEI = 10n ** 21n

/** Chain id of the project's own chain: anvil's default. */
export const LOCAL_CHAIN_ID = 31_337

/** Deploys a decision log on the project's own chain. */
export async function deployLocalLog(workspace: Workspace): Promise<LogConfig> {
  const { url } = await workspace.localChain()
  const { address, blockNumber } = await deployDecisionLog({ rpcUrl: url, account: deployer() })
  return { url: LOCAL_URL, chainId: LOCAL_CHAIN_ID, contract: address, fromBlock: blockNumber }
}

/**
 * Makes sure that the project has a reveal log, where its agents keep their decisions back: on the project's own chain
 * it deploys one.
 *
 * @throws InvalidInputError when another chain's is not configured.
 */
export async function requireRevealLog(workspace: Workspace): Promise<void> {
  const { log, agents } = workspace.project
  const agent = agents.find(({ embargo }) => embargo !== undefined)
  if (log === null || log.reveals !== undefined || agent === undefined) return
  if (log.url !== LOCAL_URL)
    throw new InvalidInputError(
      `Agent "${agent.name}" keeps its decisions back, and nothing says where their keys are posted.`,
      {
        facts: { agent: agent.name, chainId: log.chainId },
        hint: 'Name a RevealLog of that chain: `log: { …, reveals: { contract: "0x…" } }`.',
      },
    )
  const { url } = await workspace.localChain()
  const { address, blockNumber } = await deployRevealLog({ rpcUrl: url, account: deployer() })
  await workspace.update({ log: { ...log, reveals: { contract: address, fromBlock: blockNumber } } })
}

const deployer = () => mnemonicToAccount(DEFAULT_ANVIL_MNEMONIC)

/** Gives an agent what its commits cost, where the log is on the project's own chain; elsewhere does nothing. */
export async function fundOnLocalChain(workspace: Workspace, agent: AgentId): Promise<void> {
  if (workspace.project.log?.url !== LOCAL_URL) return
  const { url } = await workspace.localChain()
  await openNodeRpc(url).setBalance(agent, LOCAL_FUNDS_WEI)
}
