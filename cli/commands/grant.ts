import Table from 'cli-table3'
import type { Command } from 'commander'
import {
  formatInstant,
  type Grant,
  InvalidInputError,
  NotFoundError,
  parseInstant,
} from '../../core/index.ts'
import { grantStands, signGrant } from '../../decision-log/index.ts'
import { agentSigner } from '../agentKeys.ts'
import { commandContext } from '../commandContext.ts'
import { agentConfig } from '../deployedAgents.ts'
import { requireLog } from '../requireLog.ts'
import { systemClock } from '../systemClock.ts'
import { type Workspace, withWorkspace } from '../workspace.ts'

type GrantOptions = { to?: string; until?: string; revoke?: string }

/** Adds `touchstone grant`. */
export function addGrantCommand(program: Command): void {
  program
    .command('grant')
    .description('let subscribers read the sealed decisions of an agent at once, or list who may')
    .argument('<agent>', 'an agent of the project')
    .option('--to <key>', 'X25519 public key of a subscriber, 32 bytes in hexadecimal')
    .option('--until <time>', 'when the grant ends (UTC); never by default')
    .option('--revoke <key>', 'take the grant to a key back, from now on')
    .addHelpText(
      'after',
      `
The subscriber makes the key pair and names the public key when it subscribes: docs/embargo.md shows how.

Examples:
  $ touchstone grant gold-trend --to 0x3e97…2385 --until 2027-01-01T00:00:00Z
  $ touchstone grant gold-trend --revoke 0x3e97…2385
  $ touchstone grant gold-trend                       who may read`,
    )
    .action(async (agent: string, options: GrantOptions, command: Command) => {
      const { to, until, revoke } = options
      if ((to !== undefined && revoke !== undefined) || (to === undefined && until !== undefined))
        throw new InvalidInputError(
          'A grant is given with --to, and --until if it ends, or taken by --revoke.',
          {
            hint: 'Give one of the two.',
          },
        )
      const untilMs = until === undefined ? null : parseInstant(until)
      await withWorkspace(commandContext(command), async workspace => {
        const { name } = await agentConfig(workspace, agent)
        if (to !== undefined) await give(workspace, name, to, untilMs)
        else if (revoke !== undefined) await take(workspace, name, revoke)
        else await list(workspace, name)
      })
    })
}

async function give(workspace: Workspace, name: string, publicKey: string, untilMs: Grant['untilMs']) {
  const log = await requireLog(workspace, { lacking: 'nothing to grant' })
  const grant = await signGrant({
    signer: await agentSigner(workspace.directory, name, workspace.environment),
    domain: { chainId: log.chainId, verifyingContract: log.contract },
    publicKey,
    fromMs: systemClock(),
    untilMs,
  })
  await workspace.store.embargo.saveGrant(grant)
  const end = untilMs === null ? '' : ` until ${formatInstant(untilMs)}`
  workspace.terminal.result({ agent: name, grant }, `${grant.publicKey} may read ${name} at once${end}.`)
}

async function take(workspace: Workspace, name: string, publicKey: string) {
  const grant = (await grantsOf(workspace, name)).find(each => each.publicKey === publicKey.toLowerCase())
  if (grant === undefined)
    throw new NotFoundError(`Agent "${name}" has granted nothing to ${publicKey}.`, {
      facts: { agent: name, publicKey },
      hint: `List whom it has: touchstone grant ${name}`,
    })
  const revoked = { ...grant, revokedAtMs: systemClock() }
  await workspace.store.embargo.saveGrant(revoked)
  workspace.terminal.result(
    { agent: name, grant: revoked },
    `${grant.publicKey} reads what ${name} decides from now on after its reveal only.`,
  )
}

async function list(workspace: Workspace, name: string) {
  const grants = await grantsOf(workspace, name)
  const table = new Table({ head: ['key', 'from', 'until', 'stands'], style: { head: [], border: [] } })
  for (const grant of grants)
    table.push([
      grant.publicKey,
      formatInstant(grant.fromMs),
      grant.untilMs === null ? '' : formatInstant(grant.untilMs),
      grantStands(grant, systemClock()) ? 'yes' : 'no',
    ])
  workspace.terminal.result(
    { agent: name, grants },
    grants.length === 0 ? `Agent "${name}" has granted nothing.` : table.toString(),
  )
}

async function grantsOf(workspace: Workspace, name: string): Promise<Grant[]> {
  const { agent } = await agentSigner(workspace.directory, name, workspace.environment)
  return workspace.store.embargo.grants({ agent })
}
