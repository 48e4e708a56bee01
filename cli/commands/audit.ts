import type { Command } from 'commander'
import { type Address, type Hash, InvalidInputError, LockedError, NotFoundError } from '../../core/index.ts'
import type { AuditRequest } from '../../hono-server/index.ts'
import { type AgentAudit, auditProject } from '../auditProject.ts'
import { auditTotals, formatAudits } from '../auditReport.ts'
import { auditThroughOwner } from '../auditThroughOwner.ts'
import { type CommandContext, commandContext, wholeNumber } from '../commandContext.ts'
import { readAddress } from '../readAddress.ts'
import {
  checkOrder,
  formatAnswer,
  type ResponseOrder,
  respond,
  VALIDATOR_KEY,
  type ValidationAnswer,
} from '../respondToValidation.ts'
import { type Workspace, withWorkspace } from '../workspace.ts'

/** Adds `touchstone audit`. */
export function addAuditCommand(program: Command): void {
  program
    .command('audit')
    .description('check decisions from the chain back to the data; exits 1 when one differs')
    .argument('[what]', 'an agent (name or address) or one decision (agent/sequence); everything by default')
    .option('--sample <number>', 'check so many of each agent, drawn at random', wholeNumber('--sample', 1))
    .option('--confidence <share>', 'with which a sample speaks for the rest', confidence, 0.95)
    .option(
      '--seed <hash>',
      'draws the sample (the hash of the latest block, which nobody chose)',
      hashOption('--seed'),
    )
    .option(
      '--respond <request>',
      'post the audit of one agent as the answer to this validation request',
      hashOption('--respond'),
    )
    .option('--report <file>', 'write the report there that the answer names')
    .option('--report-uri <uri>', 'where the report will be published')
    .option(
      '--registry <address>',
      "validation registry (the canonical one of the log's chain)",
      registryAddress,
    )
    .option('--dry-run', 'write the report and say what would be posted; send nothing')
    .addHelpText(
      'after',
      `
Examples:
  $ touchstone audit
  $ touchstone audit gold-trend
  $ touchstone audit gold-trend/12
  $ touchstone audit gold-trend --sample 300
  $ touchstone audit gold-trend --respond 0x5f1c…9e07 --report report.json --report-uri https://example.com/report.json --dry-run

Steps: anchor, body, proof, signature, data, features, model, strategy. The first that differs is named.
A note names decisions whose data a reorg has replaced since: they were made as recorded, and are no difference.

--respond answers an ERC-8004 validation request with how many of 100 decisions checked are equal. The key of the
validator that the request names is taken from ${VALIDATOR_KEY}.`,
    )
    .action(async (what: string | undefined, options: Options, command: Command) => {
      const context = commandContext(command)
      const request = requestOf(what, options)
      const order = orderOf(request, options)
      const { audits, answer } =
        order === null
          ? { audits: await audit(context, request), answer: null }
          : await auditAndRespond(context, request, order)
      const totals = auditTotals(audits)
      const { terminal } = context
      const verdict = totals.different === 0 ? terminal.good : terminal.bad
      const text = `${formatAudits(audits, terminal, options.confidence)}\n${verdict(`${totals.equal} equal, ${totals.different} different`)}`
      if (answer === null) terminal.result({ ...totals, agents: audits }, text)
      else
        terminal.result(
          { ...totals, agents: audits, answer: { ...answer, identity: String(answer.identity) } },
          `${text}\n\n${formatAnswer(answer)}`,
        )
      if (totals.different > 0) process.exitCode = 1
    })
}

type Options = {
  readonly sample?: number
  readonly confidence: number
  readonly seed?: Hash
  readonly respond?: Hash
  readonly report?: string
  readonly reportUri?: string
  readonly registry?: Address
  readonly dryRun?: true
}

async function audit(context: CommandContext, request: AuditRequest): Promise<AgentAudit[]> {
  try {
    return await withWorkspace(context, workspace => auditHere(context, workspace, request))
  } catch (error) {
    if (!(error instanceof LockedError)) throw error
    return auditThroughOwner(context.directory, request, error)
  }
}

/** The registry is asked first: an audit may take long. */
async function auditAndRespond(
  context: CommandContext,
  request: AuditRequest,
  order: ResponseOrder,
): Promise<{ audits: AgentAudit[]; answer: ValidationAnswer }> {
  return withWorkspace(context, async workspace => {
    const checked = await checkOrder(workspace, order)
    const audits = await auditHere(context, workspace, request)
    const [only] = audits
    if (only === undefined)
      throw new NotFoundError(`There is no audit of "${order.agent}".`, {
        facts: { agent: order.agent },
        hint: 'Name an agent of the project.',
      })
    return { audits, answer: await respond(only.report, checked) }
  })
}

async function auditHere(
  { terminal }: CommandContext,
  workspace: Workspace,
  request: AuditRequest,
): Promise<AgentAudit[]> {
  const { agent, ...rest } = request
  const bar = terminal.progress('audit', 1)
  const progress = new Map<string, { readonly checked: number; readonly total: number }>()
  try {
    return await auditProject(workspace, {
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
    })
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

function orderOf(request: AuditRequest, options: Options): ResponseOrder | null {
  const { respond: requestHash, report, reportUri, registry, dryRun } = options
  if (requestHash === undefined) {
    if (report === undefined && reportUri === undefined && registry === undefined && dryRun === undefined)
      return null
    throw new InvalidInputError('--report, --report-uri, --registry and --dry-run belong to an answer.', {
      hint: 'Name the validation request that it answers: --respond 0x…',
    })
  }
  if (request.agent === undefined || request.sequence !== undefined)
    throw new InvalidInputError('--respond answers with the audit of one agent.', {
      hint: 'Name the agent that the request is about: touchstone audit gold-trend --respond 0x…',
    })
  if (report === undefined || reportUri === undefined)
    throw new InvalidInputError('An answer names its report, and nothing says where that is.', {
      hint: 'Give a file to write it to and the address to publish it at: --report report.json --report-uri https://…',
    })
  return {
    agent: request.agent,
    requestHash,
    registry: registry ?? null,
    reportUri,
    reportFile: report,
    dryRun: dryRun === true,
  }
}

const hashOption =
  (option: string) =>
  (text: string): Hash => {
    if (/^0x[0-9a-fA-F]{64}$/.test(text)) return `0x${text.slice(2).toLowerCase()}`
    throw new InvalidInputError(`${option} ${text} is no hash of 32 bytes.`, {
      facts: { text },
      hint: 'Write 0x and 64 hexadecimal digits, as a block or a request is named by.',
    })
  }

const registryAddress = (text: string): Address =>
  readAddress(
    text,
    '--registry',
    'Give the address of the validation registry as 0x and 40 hexadecimal digits.',
  )

function confidence(text: string): number {
  const value = Number(text)
  if (value > 0 && value < 1) return value
  throw new InvalidInputError(`--confidence ${text} is no share between 0 and 1.`, { hint: 'Write 0.95.' })
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
