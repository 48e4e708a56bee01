import type { Command } from 'commander'
import { InvalidInputError, LockedError } from '../../core/index.ts'
import { type AgentAudit, auditProject } from '../auditProject.ts'
import { auditTotals, formatAudits } from '../auditReport.ts'
import { auditThroughOwner } from '../auditThroughOwner.ts'
import { type CommandContext, commandContext } from '../commandContext.ts'
import { withWorkspace } from '../workspace.ts'

/** Adds `touchstone audit`. */
export function addAuditCommand(program: Command): void {
  program
    .command('audit')
    .description('check decisions from the chain back to the data; exits 1 when one differs')
    .argument('[what]', 'an agent (name or address) or one decision (agent/sequence); everything by default')
    .addHelpText(
      'after',
      `
Examples:
  $ touchstone audit
  $ touchstone audit gold-trend
  $ touchstone audit gold-trend/12

Steps: anchor, body, proof, signature, data, features, model, strategy. The first that differs is named.
A note names decisions whose data a reorg has replaced since: they were made as recorded, and are no difference.`,
    )
    .action(async (what: string | undefined, _options: object, command: Command) => {
      const context = commandContext(command)
      const audits = await audit(context, parseTarget(what))
      const totals = auditTotals(audits)
      const { terminal } = context
      const verdict = totals.different === 0 ? terminal.good : terminal.bad
      terminal.result(
        { ...totals, agents: audits },
        `${formatAudits(audits, terminal)}\n${verdict(`${totals.equal} equal, ${totals.different} different`)}`,
      )
      if (totals.different > 0) process.exitCode = 1
    })
}

type Target = { readonly agent?: string; readonly sequence?: number }

async function audit(context: CommandContext, { agent, sequence }: Target): Promise<AgentAudit[]> {
  const { terminal, directory } = context
  const bar = terminal.progress('audit', 1)
  try {
    return await withWorkspace(context, workspace =>
      auditProject(workspace, {
        ...(agent === undefined ? {} : { agents: [agent] }),
        ...(sequence === undefined ? {} : { sequence }),
        onProgress: (_agent, checked, total) => bar.update(checked, total),
      }),
    )
  } catch (error) {
    if (!(error instanceof LockedError)) throw error
    return auditThroughOwner(
      directory,
      { ...(agent === undefined ? {} : { agent }), ...(sequence === undefined ? {} : { sequence }) },
      error,
    )
  } finally {
    bar.stop()
  }
}

function parseTarget(what: string | undefined): Target {
  if (what === undefined) return {}
  const [agent = '', sequence, ...rest] = what.split('/')
  if (agent !== '' && rest.length === 0 && (sequence === undefined || /^\d{1,15}$/.test(sequence)))
    return { agent, ...(sequence === undefined ? {} : { sequence: Number(sequence) }) }
  throw new InvalidInputError(`"${what}" names no agent and no decision.`, {
    facts: { what },
    hint: 'Write an agent as gold-trend, or a decision as gold-trend/12.',
  })
}
