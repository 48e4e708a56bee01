import type { Command } from 'commander'
import { type Hash, InvalidInputError, LockedError } from '../../core/index.ts'
import type { AuditRequest } from '../../hono-server/index.ts'
import { type AgentAudit, auditProject } from '../auditProject.ts'
import { auditTotals, formatAudits } from '../auditReport.ts'
import { auditThroughOwner } from '../auditThroughOwner.ts'
import { type CommandContext, commandContext, wholeNumber } from '../commandContext.ts'
import { withWorkspace } from '../workspace.ts'

/** Adds `touchstone audit`. */
export function addAuditCommand(program: Command): void {
  program
    .command('audit')
    .description('check decisions from the chain back to the data; exits 1 when one differs')
    .argument('[what]', 'an agent (name or address) or one decision (agent/sequence); everything by default')
    .option('--sample <number>', 'check so many of each agent, drawn at random', wholeNumber('--sample', 1))
    .option('--confidence <share>', 'with which a sample speaks for the rest', confidence, 0.95)
    .option('--seed <hash>', 'draws the sample (the hash of the latest block, which nobody chose)', seed)
    .addHelpText(
      'after',
      `
Examples:
  $ touchstone audit
  $ touchstone audit gold-trend
  $ touchstone audit gold-trend/12
  $ touchstone audit gold-trend --sample 300

Steps: anchor, body, proof, signature, data, features, model, strategy. The first that differs is named.
A note names decisions whose data a reorg has replaced since: they were made as recorded, and are no difference.`,
    )
    .action(async (what: string | undefined, options: Options, command: Command) => {
      const context = commandContext(command)
      const audits = await audit(context, requestOf(what, options))
      const totals = auditTotals(audits)
      const { terminal } = context
      const verdict = totals.different === 0 ? terminal.good : terminal.bad
      terminal.result(
        { ...totals, agents: audits },
        `${formatAudits(audits, terminal, options.confidence)}\n${verdict(`${totals.equal} equal, ${totals.different} different`)}`,
      )
      if (totals.different > 0) process.exitCode = 1
    })
}

type Options = { readonly sample?: number; readonly confidence: number; readonly seed?: Hash }

async function audit(context: CommandContext, request: AuditRequest): Promise<AgentAudit[]> {
  const { agent, ...rest } = request
  const { terminal, directory } = context
  const bar = terminal.progress('audit', 1)
  const progress = new Map<string, { readonly checked: number; readonly total: number }>()
  try {
    return await withWorkspace(context, workspace =>
      auditProject(workspace, {
        ...rest,
        ...(agent === undefined ? {} : { agents: [agent] }),
        onProgress(name, checked, total) {
          progress.set(name, { checked, total })
          const all = [...progress.values()]
          bar.update(
            all.reduce((sum, each) => sum + each.checked, 0),
            all.reduce((sum, each) => sum + each.total, 0),
          )
        },
      }),
    )
  } catch (error) {
    if (!(error instanceof LockedError)) throw error
    return auditThroughOwner(directory, request, error)
  } finally {
    bar.stop()
  }
}

function requestOf(what: string | undefined, options: Options): AuditRequest {
  const { sample } = options
  const seed = options.seed ?? null
  const target = parseTarget(what)
  if (sample === undefined && seed !== null)
    throw new InvalidInputError('--seed draws a sample, and none is asked for.', {
      hint: 'Add --sample with the number of decisions.',
    })
  if (sample === undefined) return target
  if (target.sequence === undefined) return { ...target, sample: { size: sample, seed } }
  throw new InvalidInputError('--sample draws from all decisions of an agent, and one decision is named.', {
    hint: 'Name the agent alone, or leave --sample out.',
  })
}

function confidence(text: string): number {
  const value = Number(text)
  if (value > 0 && value < 1) return value
  throw new InvalidInputError(`--confidence ${text} is no share between 0 and 1.`, { hint: 'Write 0.95.' })
}

function seed(text: string): Hash {
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return `0x${text.slice(2).toLowerCase()}`
  throw new InvalidInputError(`--seed ${text} is no hash of 32 bytes.`, {
    hint: 'Write 0x and 64 hexadecimal digits, the hash of a block, say.',
  })
}

function parseTarget(what: string | undefined): Pick<AuditRequest, 'agent' | 'sequence'> {
  if (what === undefined) return {}
  const [agent = '', sequence, ...rest] = what.split('/')
  if (agent !== '' && rest.length === 0 && (sequence === undefined || /^\d{1,15}$/.test(sequence)))
    return { agent, ...(sequence === undefined ? {} : { sequence: Number(sequence) }) }
  throw new InvalidInputError(`"${what}" names no agent and no decision.`, {
    facts: { what },
    hint: 'Write an agent as gold-trend, or a decision as gold-trend/12.',
  })
}
