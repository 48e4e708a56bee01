import type { LocalAccount } from 'viem'
import type { AgentId, StoredAgent } from '../core/index.ts'
import {
  type AnchoredAgent,
  type AnchorLogger,
  type AnchorRelayOptions,
  type AnchorWorker,
  createAnchorRelay,
  createSigner,
} from '../decision-log/index.ts'
import { expandReferences } from './config/environmentReference.ts'
import { fundOnLocalChain } from './localLog.ts'
import { systemClock } from './systemClock.ts'
import type { ReachableLog, Workspace } from './workspace.ts'

/** Time between anchoring transactions, unless the log's setting says another. */
const ANCHOR_EVERY_MS = 2_000
const WEI_PER_GWEI = 1_000_000_000n

/** What a project's log says about how its agents' decisions get on chain. */
export type Anchoring = {
  readonly relay: Omit<AnchorRelayOptions, 'account' | 'logger'>
  /** The account that sends for all agents; null where each sends by its own key. */
  readonly relayer: LocalAccount | null
  readonly agent: Pick<AnchoredAgent, 'confirmations'>
  /** What goes on chain of an agent's batches. */
  formOf(name: string): 'leaves' | 'root'
}

/** Reads how a project anchors. @throws InvalidInputError when the relayer's key is missing or malformed. */
export async function anchoringOf(workspace: Workspace, log: ReachableLog): Promise<Anchoring> {
  const { rpcUrls: rpcUrl, contract, chainId, fromBlock, stuckAfterMs, maxFeeGwei, confirmations } = log
  const relayer = relayerOf(workspace, log)
  if (relayer !== null) await fundOnLocalChain(workspace, relayer.agent)
  return {
    relay: {
      ...{ rpcUrl, contract, chainId, fromBlock, now: systemClock },
      intervalMs: log.intervalMs ?? ANCHOR_EVERY_MS,
      ...(stuckAfterMs === undefined ? {} : { stuckAfterMs }),
      ...(maxFeeGwei === undefined ? {} : { maxFeePerGas: BigInt(maxFeeGwei) * WEI_PER_GWEI }),
    },
    relayer: relayer?.account ?? null,
    agent: confirmations === undefined ? {} : { confirmations },
    formOf: name =>
      workspace.project.agents.find(agent => agent.name === name)?.anchor ?? log.anchor ?? 'leaves',
  }
}

function relayerOf({ environment }: Workspace, { relayer }: ReachableLog) {
  if (relayer === undefined) return null
  return createSigner(expandReferences(relayer, name => environment.variable(name)))
}

/** Creates the workers of agents: of one relay where the log has a relayer, each by its own key otherwise. */
export function createWorkers(
  { relay, relayer, agent: common, formOf }: Anchoring,
  onWarning: (message: string) => void,
): (agent: Omit<AnchoredAgent, 'anchor'> & { readonly stored: Pick<StoredAgent, 'name'> }) => AnchorWorker {
  const names = new Map<AgentId, string>()
  const logger: AnchorLogger = {
    info: () => undefined,
    warn: (facts, message) => onWarning(prefixed(facts, message)),
    error: (facts, message) => onWarning(prefixed(facts, message)),
  }
  const prefixed = (facts: object, message: string) => {
    const name = 'agent' in facts ? names.get(facts.agent as AgentId) : undefined
    return name === undefined ? message : `${name}: ${message}`
  }
  const shared = relayer === null ? null : createAnchorRelay({ ...relay, account: relayer, logger })
  return ({ stored, ...agent }) => {
    names.set(agent.signer.agent, stored.name)
    const line = shared ?? createAnchorRelay({ ...relay, account: agent.signer.account, logger })
    return line.add({ ...common, ...agent, anchor: formOf(stored.name) })
  }
}
