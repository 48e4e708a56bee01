import { createRevealer, type Revealer } from '../decision-log/index.ts'
import type { DeployedAgent } from './deployedAgents.ts'
import type { LogConfig } from './projectSchema.ts'
import { systemClock } from './systemClock.ts'
import type { Workspace } from './workspace.ts'

/**
 * Opens the revealer of a deployed agent. One whose embargo was lifted has one too: what it sealed before is still to
 * be revealed.
 */
export function openRevealer(
  workspace: Pick<Workspace, 'store'>,
  log: { readonly rpcUrl: string } & Pick<LogConfig, 'chainId' | 'contract'>,
  reveals: NonNullable<LogConfig['reveals']>,
  { stored, signer }: Pick<DeployedAgent, 'stored' | 'signer'>,
  onWarning: (message: string) => void = () => undefined,
): Revealer {
  const warn = (_facts: object, message: string) => onWarning(`${stored.name}: ${message}`)
  return createRevealer({
    store: workspace.store.embargo,
    rpcUrl: log.rpcUrl,
    contract: reveals.contract,
    fromBlock: reveals.fromBlock,
    domain: { chainId: log.chainId, verifyingContract: log.contract },
    signer,
    now: systemClock,
    logger: { info: () => undefined, warn, error: warn },
  })
}
