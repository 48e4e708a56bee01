import { z } from 'zod'
import { type LockedError, UnavailableError } from '../core/index.ts'
import { readOwner } from '../feature-store/index.ts'
import type { AuditRequest } from '../hono-server/index.ts'
import type { AgentAudit } from './auditProject.ts'

const answerSchema = z.custom<AgentAudit[]>(Array.isArray, { error: 'expected a list of audits' })

/**
 * Asks the process that owns the embedded store to audit it, through its operator's API.
 *
 * @throws LockedError when the owner serves no API.
 */
export async function auditThroughOwner(
  directory: string,
  request: AuditRequest,
  locked: LockedError,
): Promise<AgentAudit[]> {
  const owner = await readOwner(directory)
  if (owner?.apiUrl === null || owner?.apiUrl === undefined || owner.apiToken === null) throw locked
  const response = await fetch(`${owner.apiUrl}/operator/audit`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${owner.apiToken}` },
    body: JSON.stringify(request),
  })
  const body: unknown = await response.json()
  if (response.ok) return answerSchema.parse(body)
  const problem = z.object({ detail: z.string() }).safeParse(body)
  throw new UnavailableError(
    problem.success ? problem.data.detail : `Process ${owner.pid} answered with status ${response.status}.`,
    { facts: { pid: owner.pid, status: response.status }, hint: 'See what the owning process prints.' },
  )
}
