import { mnemonicToAccount } from 'viem/accounts'
import type { AgentId } from '../core/index.ts'
import { deployDecisionLog } from '../decision-log/index.ts'
import { openNodeRpc } from './localMarket/nodeRpc.ts'
import type { LogConfig } from './project.ts'
import { DEFAULT_ANVIL_MNEMONIC } from './startAnvil.ts'
import { LOCAL_URL, type Workspace } from './workspace.ts'

/** Ether that an agent gets on the project's own chain: its commits never run dry. */
const LOCAL_FUNDS_WEI = 10n ** 21n

/** Chain id of the project's own chain: anvil's default. */
export const LOCAL_CHAIN_ID = 31_337

/** Deploys a decision log on the project's own chain. */
export async function deployLocalLog(workspace: Workspace): Promise<LogConfig> {
  const { url } = await workspace.localChain()
  const { address, blockNumber } = await deployDecisionLog({
    rpcUrl: url,
    account: mnemonicToAccount(DEFAULT_ANVIL_MNEMONIC),
  })
  return { url: LOCAL_URL, chainId: LOCAL_CHAIN_ID, contract: address, fromBlock: blockNumber }
}

/** Gives an agent what its commits cost, where the log is on the project's own chain; elsewhere does nothing. */
export async function fundOnLocalChain(workspace: Workspace, agent: AgentId): Promise<void> {
  if (workspace.project.log?.url !== LOCAL_URL) return
  const { url } = await workspace.localChain()
  await openNodeRpc(url).setBalance(agent, LOCAL_FUNDS_WEI)
}
