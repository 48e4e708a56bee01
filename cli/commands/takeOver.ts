import type { Command } from 'commander'
import { InvalidInputError, NotFoundError, type StoredAgent } from '../../core/index.ts'
import {
  type AgentSigner,
  bindIdentity,
  createSigner,
  keyOf,
  type MessageSigner,
  takeOver,
} from '../../decision-log/index.ts'
import { nextSigner, signerOfKey } from '../agentKeys.ts'
import { type Anchoring, anchoringOf } from '../anchoring.ts'
import { commandContext } from '../commandContext.ts'
import { agentConfig } from '../deployedAgents.ts'
import { hostName } from '../hostName.ts'
import { fundOnLocalChain } from '../localLog.ts'
import { requireLog } from '../requireLog.ts'
import { type ReachableLog, type Workspace, withWorkspace } from '../workspace.ts'

/** Adds `touchstone agents take-over`, `rotate-key` and `bind-identity`. */
export function addTakeOverCommands(agents: Command): void {
  agents
    .command('take-over')
    .description('let this host work for an agent; the host that did is refused from then on')
    .argument('<agent>', 'name or address of the agent')
    .addHelpText(
      'after',
      `
This project must hold every decision of the agent that is on chain. Stop the other host where it can still be
reached: what it recorded and this project lacks is lost. Where its last decisions may have been published, give the
agent another key instead: they then do not count, and do not contradict the new ones.

Example:
  $ touchstone agents take-over gold-trend`,
    )
    .action(async (name: string, _options: object, command: Command) => {
      await withAgent(command, name, async opened => {
        const { workspace, stored, log } = opened
        return begin(opened, await presentSigner(workspace, log, stored), null)
      })
    })

  agents
    .command('rotate-key')
    .description('give an agent another key; it keeps its id and its record')
    .argument('<agent>', 'name or address of the agent')
    .addHelpText(
      'after',
      `
The new key is that of TOUCHSTONE_NEXT_KEY_<NAME>, or made and kept in the project's folder. The present key allows it;
where that one is lost, the owner of the agent's identity does, by TOUCHSTONE_IDENTITY_KEY_<NAME>.

Example:
  $ touchstone agents rotate-key gold-trend`,
    )
    .action(async (name: string, _options: object, command: Command) => {
      await withAgent(command, name, async opened => {
        const { workspace, stored, log } = opened
        const epoch = (await workspace.store.decisions.epochOf(stored.id))?.epoch ?? 0
        const { directory, environment } = workspace
        const owner = environment.identityKeyOf(stored.name)
        const present = owner === null ? await presentSigner(workspace, log, stored) : createSigner(owner)
        const next = await nextSigner(directory, stored.name, environment, {
          id: stored.id,
          epoch: epoch + 1,
        })
        if (next.key === present.key)
          throw new InvalidInputError(`Agent "${stored.name}" acts by key ${next.key} already.`, {
            facts: { agent: stored.name, key: next.key },
            hint: `Give another key in TOUCHSTONE_NEXT_KEY_<NAME>, or unset it to have one made.`,
          })
        return begin(opened, next, present)
      })
    })

  agents
    .command('bind-identity')
    .description('bind an agent to its identity token for ever; its owner may then replace a lost key')
    .argument('<agent>', 'name or address of the agent')
    .argument('<token>', "number of the token in the log's identity registry")
    .addHelpText(
      'after',
      `
The token's owner sends and pays: its key is TOUCHSTONE_IDENTITY_KEY_<NAME>, or else the agent's own.

Example:
  $ touchstone agents bind-identity gold-trend 42`,
    )
    .action(async (name: string, token: string, _options: object, command: Command) => {
      if (!/^\d+$/.test(token))
        throw new InvalidInputError(`"${token}" is no number of a token.`, {
          facts: { token },
          hint: 'Write it in decimal digits.',
        })
      await withAgent(command, name, async ({ workspace, stored, log }) => {
        const signer = await presentSigner(workspace, log, stored)
        const owner = workspace.environment.identityKeyOf(stored.name)
        const { account } = owner === null ? signer : createSigner(owner)
        const { rpcUrl, contract } = log
        const transaction = await bindIdentity({
          ...{ rpcUrl, contract, signer, account },
          identity: BigInt(token),
        })
        return {
          result: { agent: stored.id, identity: token, transaction },
          text: `${stored.name} is bound to identity ${token}`,
        }
      })
    })
}

type Opened = {
  readonly workspace: Workspace
  readonly stored: StoredAgent
  readonly log: ReachableLog
  readonly anchoring: Anchoring
  readonly signal: AbortSignal
}

/** The agent's present key. The chain knows: the store may be from before a change of keys, or wait for one. */
async function presentSigner(
  { directory, environment }: Workspace,
  log: ReachableLog,
  { id, name }: StoredAgent,
): Promise<AgentSigner> {
  const key = await keyOf(log, log.contract, id)
  return signerOfKey(directory, name, environment, { id, key })
}

async function begin(
  { workspace, stored, anchoring, signal }: Opened,
  signer: AgentSigner,
  authority: AgentSigner | null,
) {
  const account = anchoring.relayer ?? signer.account
  if (anchoring.relayer === null) await fundOnLocalChain(workspace, signer.key)
  const allowing: { authority?: MessageSigner } = authority === null ? {} : { authority: authority.account }
  const { epoch, key } = await takeOver({
    ...anchoring.relay,
    ...anchoring.agent,
    ...{ signer, account, signal, ...allowing },
    store: workspace.store.decisions,
    anchor: anchoring.formOf(stored.name),
    host: await hostName(workspace.directory),
    logger: {
      info: () => undefined,
      warn: (_facts, message) => workspace.terminal.note(`${stored.name}: ${message}`),
      error: (_facts, message) => workspace.terminal.note(`${stored.name}: ${message}`),
    },
  })
  return {
    result: { agent: stored.id, epoch, key },
    text: `${stored.name} is in epoch ${epoch}, and this host works for it with key ${key}`,
  }
}

async function withAgent(
  command: Command,
  nameOrId: string,
  use: (opened: Opened) => Promise<{ result: object; text: string }>,
): Promise<void> {
  const context = commandContext(command)
  await withWorkspace(context, async workspace => {
    const log = await requireLog(workspace)
    const { name } = await agentConfig(workspace, nameOrId)
    const stored = await workspace.store.agents.find(name)
    if (stored === null)
      throw new NotFoundError(`Agent "${name}" has not run in this project.`, {
        facts: { agent: name },
        hint: 'Give this project the store of the host that ran it, or run it.',
      })
    const anchoring = await anchoringOf(workspace, log)
    const { result, text } = await use({ workspace, stored, log, anchoring, signal: context.signal })
    context.terminal.result(result, text)
  })
}
